import type { Value } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import type { LayerContext } from './layer.ts';

/** Applies an op of two inputs to many, from the left: ((a + b) + c) + d. The last node has the layer's name. */
export function foldInputs({ inputs, apply }: LayerContext, op: Op): Value {
  return inputs.slice(1).reduce((left, right, i) => {
    const isLast = i === inputs.length - 2;
    return apply(op, [left, right], {}, isLast ? undefined : `part${i + 1}`)[0];
  }, inputs[0]);
}
