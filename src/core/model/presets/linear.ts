import { flatten, linear as linearLayer, sequential } from '../builder.ts';
import type { Preset } from './preset.ts';

export const linear: Preset = {
  name: 'linear',
  doc: 'One weight for each pixel and class: the baseline that any other model has to beat.',
  minimumSize: 1,
  draft: () => sequential([flatten({ id: 'flatten' }), linearLayer(undefined, { id: 'fc' })]),
};
