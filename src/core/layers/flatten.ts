import { flatten as flattenOp } from '../ops/flatten.ts';
import type { Layer } from './layer.ts';

export const flatten = {
  type: 'flatten',
  idPrefix: 'flatten',
  doc: 'Lays a feature map out as one row of features (channels, height, width), for a linear layer.',
  inputs: 1,
  options: {},
  build: ({ inputs, apply }) => apply(flattenOp, inputs)[0],
} as const satisfies Layer;
