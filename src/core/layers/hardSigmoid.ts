import { hardSigmoid as hardSigmoidOp } from '../ops/activations.ts';
import type { Layer } from './layer.ts';

export const hardSigmoid = {
  type: 'hardSigmoid',
  idPrefix: 'hardsigmoid',
  doc: 'The sigmoid from straight pieces: cheap, for gates in mobile nets.',
  inputs: 1,
  options: {},
  build: ({ inputs, apply }) => apply(hardSigmoidOp, inputs)[0],
} as const satisfies Layer;
