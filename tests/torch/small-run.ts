import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateDigits } from '../../src/core/dataset/builtin/digits.ts';
import type { Adapters } from '../../src/core/workbench/adapters.ts';
import { trainRun } from '../../src/core/workbench/train.ts';
import type { TrainOutcome, TrainRequest } from '../../src/core/workbench/train-request.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';

/** Every batch's own mean loss, by its place in the whole training. */
export type StepLosses = number[];

export interface SmallRun extends TrainOutcome {
  readonly losses: StepLosses;
}

/** Whether PyTorch is named; tests that need it are skipped, and say so, where it is not. */
export const hasTorch = process.env.FOVEA_PYTHON !== undefined;
if (!hasTorch) console.warn('skipped: no PyTorch (FOVEA_PYTHON names a Python that has it)');

/** As on the command line, with few digits for data. */
export const smallAdapters = (train: number): Adapters => ({
  ...nodeAdapters,
  openData: async () => generateDigits({ train, test: 40, seed: 3 }),
});

/** A folder that is gone after the work. */
export async function within<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'fovea-torch-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Batch norm, a bias, a strided layer: what one process and two could differ in. No dropout, whose masks are PyTorch's own. */
export const smallModel = 'conv 6, batchnorm, relu, pool 2, conv 8, relu, pool 2, flatten, linear';

/** Trains few steps. @param processes on PyTorch; absent: on the engine. */
export async function trainSmall(
  request: TrainRequest,
  processes: number | undefined,
  { train = 176, stopAt = Number.POSITIVE_INFINITY }: { train?: number; stopAt?: number } = {},
): Promise<SmallRun> {
  const losses: StepLosses = [];
  const stop = new AbortController();
  let sum = 0;
  let images = 0;
  let stepsPerEpoch = 0;
  const batch = request.batch ?? 16;
  const torch = processes === undefined ? undefined : { perNode: processes };
  const outcome = await trainRun(
    smallAdapters(train),
    { threads: 1, torch, ...request },
    {
      signal: stop.signal,
      onEvent(event) {
        if (event.kind === 'begin') stepsPerEpoch = event.stepsPerEpoch;
        if (event.kind !== 'step') return;
        if (event.step === 1) [sum, images] = [0, 0];
        // What is told are means over the epoch so far.
        const now = event.loss * (images + batch);
        const place = (event.epoch - 1) * stepsPerEpoch + event.step - 1;
        losses[place] = (now - sum) / batch;
        [sum, images] = [now, images + batch];
        if (place + 1 >= stopAt) stop.abort();
      },
    },
  );
  return { ...outcome, losses };
}

export const largestDifference = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));
