import { multiply as multiplyOp } from '../ops/multiply.ts';
import { foldInputs } from './fold.ts';
import type { Layer } from './layer.ts';

export const multiply = {
  type: 'multiply',
  idPrefix: 'multiply',
  doc: 'The product of branches: of one shape, or a feature map and then a factor for each channel (squeeze and excite).',
  inputs: 'many',
  options: {},
  build: (context) => foldInputs(context, multiplyOp),
} as const satisfies Layer;
