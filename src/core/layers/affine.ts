import type { Value } from '../graph/graph.ts';
import type { LayerContext } from './layer.ts';

/** The scale and shift of a normalisation, one a channel: weight starts at 1, bias at 0, neither decays. */
export function affineParameters(context: LayerContext, channels: number): [Value, Value] {
  const shared = { fileShape: [channels], permutation: [0], trainable: true, decay: false };
  return [
    context.parameter({ ...shared, name: 'weight', initialization: { kind: 'ones' } }),
    context.parameter({ ...shared, name: 'bias', initialization: { kind: 'zeros' } }),
  ];
}
