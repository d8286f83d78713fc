import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { TrainRequest } from '../../src/core/workbench/train-request.ts';
import { hasTorch, largestDifference, smallModel, trainSmall, within } from './small-run.ts';

/** 160 training pictures in batches of 16: 10 steps an epoch. */
const request: TrainRequest = {
  data: 'digits',
  model: smallModel,
  batch: 16,
  epochs: 1,
  val: 0.1,
  optimizer: 'sgd',
  learningRate: 0.05,
  augmentation: {},
};

describe.skipIf(!hasTorch)('PyTorch Distributed', { timeout: 180_000 }, () => {
  it('begins and learns as the engine does, in 1 process and in 2', () =>
    within(async (folder) => {
      const engine = await trainSmall({ ...request, out: join(folder, 'engine') }, undefined);
      for (const processes of [1, 2]) {
        const torch = await trainSmall({ ...request, out: join(folder, `torch-${processes}`) }, processes);
        expect(torch.losses).toHaveLength(engine.losses.length);
        expect(largestDifference(torch.losses, engine.losses)).toBeLessThan(1e-4);
        expect(torch.epochs[0].valLoss).toBeCloseTo(engine.epochs[0].valLoss, 4);
        expect(torch.epochs[0].trainLoss).toBeCloseTo(engine.epochs[0].trainLoss as number, 4);
        const description = JSON.parse(await readFile(join(torch.run, 'run.json'), 'utf8'));
        expect(description).toMatchObject({ status: 'finished', epochsDone: 1 });
        expect(description.bits).toMatch(/^torch-\d/);
      }
    }));
});
