import { bytesPerElement, isPersistent, type Value } from '../graph/graph.ts';
import { sizeOf } from '../shape.ts';
import type { Step } from './fuse.ts';

/** Steps `from` … `to` - 1, which run one after another for a few samples at a time. */
export interface Region {
  readonly from: number;
  readonly to: number;
  /** Samples of a block. */
  readonly samples: number;
}

/** What a block's values may take, so that they stay in a second-level cache beside the weights. */
const blockBytes = 256 * 1024;
/** Weights above this are read too often when each block reads them again. */
const weightBytes = 192 * 1024;
const mostSamples = 32;

/**
 * Cuts a plan into regions: runs of steps that treat each sample by itself (`Op.perSample`). A thread takes a block of
 * samples through a whole region, so that what lies between its steps stays in the thread's cache and takes the memory
 * of a block instead of a batch, and threads meet once a region instead of once a step. A region ends where the
 * values became so small that four times as many samples would fit, and at layers with many weights, which run for the
 * whole batch.
 */
export function cutRegions(steps: readonly Step[], capacity: number): Region[] {
  const regions: Region[] = [];
  let from = 0;
  let samples = 0;
  const end = (to: number): void => {
    if (samples > 0 && to - from > 1 && capacity > samples) regions.push({ from, to, samples });
    samples = 0;
  };
  steps.forEach((step, i) => {
    const fitting = samplesOf(step);
    if (samples > 0 && (fitting === 0 || fitting >= 4 * samples)) end(i);
    if (fitting === 0) return;
    if (samples === 0) from = i;
    samples = samples === 0 ? fitting : Math.min(samples, fitting);
  });
  end(steps.length);
  return regions;
}

/** Samples of which a step's values fit into a cache: a power of 2; 0 where it does not go by samples. */
function samplesOf({ node, inputs, outputs }: Step): number {
  if (!node.op.perSample || outputs.some(({ batched }) => !batched)) return 0;
  const weights = inputs.filter(isPersistent).reduce((sum, value) => sum + bytesOf(value), 0);
  if (weights > weightBytes) return 0;
  const bytes = [...new Set([...inputs, ...outputs])]
    .filter(({ batched }) => batched)
    .reduce((sum, value) => sum + bytesOf(value), 0);
  let samples = 1;
  while (2 * samples <= mostSamples && 2 * samples * bytes <= blockBytes) samples *= 2;
  return samples;
}

/** Of one sample, or of the whole where it is not batched. */
const bytesOf = (value: Value): number => sizeOf(value.shape) * bytesPerElement[value.type];
