import { add as addOp } from '../ops/add.ts';
import { foldInputs } from './fold.ts';
import type { Layer } from './layer.ts';

export const add = {
  type: 'add',
  idPrefix: 'add',
  doc: 'The sum of branches of one shape: the junction of a residual block.',
  inputs: 'many',
  options: {},
  build: (context) => foldInputs(context, addOp),
} as const satisfies Layer;
