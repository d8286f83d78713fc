import { invalid } from '../errors.ts';
import { findHead } from './head.ts';
import type { ModelSpec } from './spec.ts';

/**
 * A model whose dropout layers have this rate; one without any gets one before its head, where it hurts convolutions least.
 * @throws FoveaError when the rate is none, or there is no head.
 */
export function withDropout(spec: ModelSpec, rate: number): ModelSpec {
  if (!(rate >= 0 && rate < 1)) throw invalid('a number from 0 to below 1', "option 'dropout'", rate);
  if (spec.layers.some(({ type }) => type === 'dropout')) {
    const layers = spec.layers.map((layer) => (layer.type === 'dropout' ? { ...layer, rate } : layer));
    return { ...spec, layers };
  }
  if (rate === 0) return spec;
  const head = findHead(spec);
  const layers = spec.layers.flatMap((layer, i) => {
    if (layer.id !== head) return [layer];
    const inputs = layer.inputs ?? (i > 0 ? [spec.layers[i - 1].id] : undefined);
    const drop = { id: `${head}_dropout`, type: 'dropout', rate, ...(inputs ? { inputs } : {}) };
    return [drop, { ...layer, inputs: [drop.id] }];
  });
  return { ...spec, layers };
}
