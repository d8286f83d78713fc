import { activationArithmetic } from './activations.ts';
import type { Arithmetic } from './arithmetic.ts';
import { batchNormArithmetic } from './batchNorm.ts';
import { crossEntropyArithmetic } from './crossEntropy.ts';
import { elementwiseArithmetic } from './elementwise.ts';
import { rowNormArithmetic } from './layerNorm.ts';
import { poolArithmetic } from './pools.ts';
import { productArithmetic } from './products.ts';
import { softmaxArithmetic } from './softmax.ts';
import { structureArithmetic } from './structure.ts';
import { weightGradientArithmetic } from './weightGradients.ts';

export type { Arithmetic, ArithmeticRequest } from './arithmetic.ts';
export { createEvaluator, type Expression, evaluate } from './expression.ts';

/** THE LIST of arithmetics, by the op's name: every op of a model in evaluation, of its loss and of its gradients. */
export const arithmetics: ReadonlyMap<string, Arithmetic> = new Map(
  [
    ...activationArithmetic,
    ...batchNormArithmetic,
    ...crossEntropyArithmetic,
    ...elementwiseArithmetic,
    ...poolArithmetic,
    ...productArithmetic,
    ...rowNormArithmetic,
    ...softmaxArithmetic,
    ...structureArithmetic,
    ...weightGradientArithmetic,
  ].map((arithmetic) => [arithmetic.op, arithmetic]),
);
