import { expect, it } from 'vitest';
import { generateShapes } from '../../src/core/dataset/builtin/shapes.ts';
import { hashWeights } from '../../src/core/model/weights.ts';
import { type TrainOptions, train } from '../../src/core/workbench/train-model.ts';
import { createEngine } from '../../src/node/engine.ts';

const data = generateShapes({ train: 80, test: 1 });

/** The hash of weights trained with so many threads. */
async function trained(threads: number, options: Partial<TrainOptions>): Promise<string> {
  const engine = await createEngine({ threads, inlineWork: 0 });
  try {
    const { last } = await train({ engine, data, epochs: 2, batch: 40, ...options });
    return await hashWeights(last.weights);
  } finally {
    await engine.dispose();
  }
}

it.each([
  ['a named recipe, with Muon', { recipe: 'quick' }],
  [
    'Muon, clipped, with a moving average',
    { model: 'vgg6-bn', optimizer: 'muon', clip: { norm: 1, value: 0.1 }, average: 'ema' },
  ],
  [
    'Lion in micro-batches, with the mean of weights',
    { model: 'vgg6-bn', optimizer: 'lion', microBatch: 15, average: 'swa' },
  ],
] as const)('%s: one hash for 1 and 3 threads', async (_, options) => {
  const hashes = [await trained(1, options), await trained(3, options)];
  expect(hashes[1]).toBe(hashes[0]);
});
