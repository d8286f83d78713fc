import type { Value } from '../graph/graph.ts';
import type { LayerContext } from './layer.ts';

/** How the scale of a normalisation starts, and whether it is trained. */
export interface ScaleStart {
  readonly trainable: boolean;
  readonly value: number;
}

/** The scale and shift of a normalisation, one a channel: weight starts at 1, bias at 0, neither decays. */
export function affineParameters(
  context: LayerContext,
  channels: number,
  { trainable, value }: ScaleStart = { trainable: true, value: 1 },
): [Value, Value] {
  const shared = { fileShape: [channels], permutation: [0], trainable: true, decay: false };
  return [
    context.parameter({
      ...shared,
      trainable,
      name: 'weight',
      initialization: value === 1 ? { kind: 'ones' } : { kind: 'constant', value },
    }),
    context.parameter({ ...shared, name: 'bias', initialization: { kind: 'zeros' } }),
  ];
}
