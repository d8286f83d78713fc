import { RandomStream } from '../../random.ts';
import type { Features } from './features.ts';

/** Rows that UMAP takes in reasonable time in one thread. */
export const mostUmapRows = 3000;

/**
 * A map in which neighbours stay neighbours (McInnes, Healy and Melville 2018), by umap-js. The same for a seed in one
 * engine; between engines of JavaScript it may differ, since the library takes powers from the host.
 */
export async function umap(
  { rows, size, count }: Pick<Features, 'rows' | 'size' | 'count'>,
  seed: number,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
): Promise<Float32Array> {
  // Loaded when first needed: nothing else wants it.
  const { UMAP } = await import('umap-js');
  const random = new RandomStream(seed, 'sample');
  const map = new UMAP({ nNeighbors: Math.max(2, Math.min(15, count - 1)), random: () => random.uniform() });
  const data = Array.from({ length: count }, (_, i) => Array.from(rows.subarray(i * size, (i + 1) * size)));
  const epochs = map.initializeFit(data);
  for (let epoch = 0; epoch < epochs; epoch++) {
    signal?.throwIfAborted();
    map.step();
    if (epoch % 10 === 9) onProgress?.(epoch + 1, epochs);
  }
  return Float32Array.from(map.getEmbedding().flat());
}
