import type { Op } from '../graph/op.ts';
import { accumulate } from './accumulate.ts';
import { adam } from './adam.ts';
import { adamw } from './adamw.ts';
import { emaUpdate } from './average.ts';
import { clipScale, clipValue, gradientNorm, scaleInPlace } from './clip.ts';
import { lion } from './lion.ts';
import { muon } from './muon.ts';
import type { Optimizer } from './optimizer.ts';
import { rmsprop } from './rmsprop.ts';
import { sgd } from './sgd.ts';

export { accumulate } from './accumulate.ts';
export { adam } from './adam.ts';
export { adamw } from './adamw.ts';
export { emaUpdate } from './average.ts';
export { clipScale, clipValue, gradientNorm, scaleInPlace } from './clip.ts';
export { lion } from './lion.ts';
export { muon } from './muon.ts';
export {
  type Optimizer,
  type ParameterRole,
  type Route,
  routeOf,
  SMALLEST_STATE,
  updateAttributes,
} from './optimizer.ts';
export { rmsprop } from './rmsprop.ts';
export { sgd } from './sgd.ts';

/** THE LIST of optimizers. */
export const optimizers: readonly Optimizer[] = [sgd, adam, adamw, rmsprop, lion, muon];

/** The ops of this folder: they write into parameters and states, and have no gradient. */
export const optimizerOps: readonly Op[] = [
  ...optimizers.map((optimizer) => optimizer.update),
  gradientNorm,
  clipScale,
  scaleInPlace,
  clipValue,
  emaUpdate,
  accumulate,
];
