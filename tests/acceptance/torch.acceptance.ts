/**
 * PyTorch Distributed on this machine (gloo, loopback) against the engine: losses, whole trainings, going there and back,
 * a killed process, a folder for torchrun, a prepared store, and how fast 1 and 2 processes are.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { generateDigits } from '../../src/core/dataset/builtin/digits.ts';
import type { Adapters } from '../../src/core/workbench/adapters.ts';
import { testRun } from '../../src/core/workbench/test.ts';
import { exportTorchrun } from '../../src/core/workbench/torch/export-torchrun.ts';
import { trainRun } from '../../src/core/workbench/train.ts';
import type { TrainRequest } from '../../src/core/workbench/train-request.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { hasTorch, largestDifference, smallAdapters, smallModel, trainSmall, within } from '../torch/small-run.ts';

const sgd: TrainRequest = {
  data: 'digits',
  model: smallModel,
  batch: 16,
  epochs: 1,
  val: 0.1,
  optimizer: 'sgd',
  learningRate: 0.02,
  augmentation: {},
};

describe.skipIf(!hasTorch)('PyTorch Distributed', { timeout: 900_000 }, () => {
  it('has the first 50 losses of the engine, in 2 processes', () =>
    within(async (folder) => {
      const size = { train: 889 };
      const engine = await trainSmall({ ...sgd, out: join(folder, 'engine') }, undefined, size);
      const torch = await trainSmall({ ...sgd, out: join(folder, 'torch') }, 2, size);
      expect(engine.losses.length).toBeGreaterThanOrEqual(50);
      const difference = largestDifference(torch.losses.slice(0, 50), engine.losses.slice(0, 50));
      console.log(`first 50 losses: largest difference ${difference.toExponential(1)}`);
      expect(difference).toBeLessThan(1e-4);
    }));

  it('comes within the spread of seeds in 500 steps', () =>
    within(async (folder) => {
      const size = { train: 889 };
      const long = { ...sgd, epochs: 10, augmentation: { flip: true, crop: 2 } };
      const engine: number[] = [];
      for (const seed of [1, 2, 3, 4, 5]) {
        const run = await trainSmall({ ...long, seed, out: join(folder, `engine-${seed}`) }, undefined, size);
        expect(run.losses).toHaveLength(500);
        engine.push(run.epochs[9].valLoss);
      }
      const torch = await trainSmall({ ...long, seed: 1, out: join(folder, 'torch') }, 2, size);
      const loss = torch.epochs[9].valLoss;
      const spread = Math.max(...engine) - Math.min(...engine);
      console.log(
        `500 steps: val loss of 5 seeds ${engine.map((one) => one.toFixed(4))}, PyTorch, seed 1: ${loss.toFixed(4)}`,
      );
      expect(Math.abs(loss - engine[0])).toBeLessThan(spread);
    }));

  it.each<[string, TrainRequest]>([
    ['momentum, clipped, class weights', { optimizer: 'sgd', overrides: { 'clip.norm': 1 }, classWeights: 'balanced' }],
    [
      'Adam, balanced, augmented',
      { optimizer: 'adam', learningRate: 0.003, sampling: 'balanced', augmentation: { crop: 2, flip: true } },
    ],
    ['AdamW', { optimizer: 'adamw', learningRate: 0.003, weightDecay: 0.05 }],
  ])('a run goes from the engine to PyTorch and back: %s', (_, changes) =>
    within(async (folder) => {
      const request = { ...sgd, epochs: 3, ...changes };
      const whole = await trainSmall({ ...request, out: join(folder, 'whole') }, undefined);
      const run = join(folder, 'travelled');
      const losses: number[] = [];
      const take = (part: { losses: number[] }): void =>
        part.losses.forEach((loss, step) => void (losses[step] = loss));
      const begun = await trainSmall({ ...request, out: run }, undefined, { stopAt: 13 });
      const there = await trainSmall({ resume: run, batch: 16 } as TrainRequest, 2, { stopAt: 22 });
      const back = await trainSmall({ resume: run } as TrainRequest, undefined);
      expect([begun.status, there.status, back.status]).toEqual(['interrupted', 'interrupted', 'finished']);
      for (const part of [begun, there, back]) take(part);
      expect(back.epochs).toHaveLength(3);
      for (const [i, record] of back.epochs.entries()) {
        expect(record.valLoss).toBeCloseTo(whole.epochs[i].valLoss, 3);
        expect(record.loss).toBeCloseTo(whole.epochs[i].loss, 3);
      }
      const { bits } = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
      expect(bits).toMatch(/^[^+]+\+torch-[^+]*(\+cpu|\+cu\d+)?\+[^+]+$/);
    }),
  );

  it.skipIf(process.platform !== 'linux')('a killed process is started again, and no epoch is lost', () =>
    within(async (folder) => {
      const size = { train: 3556 };
      const request = { ...sgd, epochs: 4, learningRate: 0.01 };
      const whole = await trainSmall({ ...request, out: join(folder, 'whole') }, undefined, size);
      const run = join(folder, 'killed');
      let killed = 0;
      const outcome = await trainRun(
        smallAdapters(size.train),
        { ...request, threads: 2, out: run, torch: { perNode: 2 } },
        {
          onEvent(event) {
            if (event.kind !== 'step' || event.epoch !== 3 || event.step !== 20 || killed > 0) return;
            const [, second] = processesOf(join(run, 'distributed/train.py'));
            process.kill(second, 'SIGKILL');
            killed++;
          },
        },
      );
      expect(killed).toBe(1);
      expect(outcome.status).toBe('finished');
      expect(outcome.epochs.map(({ epoch }) => epoch)).toEqual([1, 2, 3, 4]);
      for (const [i, record] of outcome.epochs.entries()) {
        expect(record.valLoss).toBeCloseTo(whole.epochs[i].valLoss, 2);
      }
    }),
  );

  it('trains from an exported folder by torchrun alone, and Fovea takes that for a run', () =>
    within(async (folder) => {
      const adapters = smallAdapters(176);
      const first = await trainSmall({ ...sgd, out: join(folder, 'first') }, undefined);
      const out = join(folder, 'cluster');
      const { from } = await exportTorchrun(adapters, { run: first.run, out });
      expect(from).toEqual({ epoch: 1, step: 0 });
      const words = ['-m', 'torch.distributed.run', '--standalone', '--nproc-per-node=2', 'distributed/train.py'];
      const ran = spawnSync(process.env.FOVEA_PYTHON as string, words, { cwd: out, encoding: 'utf8' });
      expect(ran.status, ran.stderr).toBe(0);
      const tested = await testRun(adapters, { run: out });
      expect(tested.images).toBe(40);
      const more = await trainRun(adapters, { resume: out, epochs: 2 });
      expect(more.epochs[0].valLoss).toBeCloseTo(first.epochs[0].valLoss, 4);
      expect(more.epochs).toHaveLength(2);
    }));

  it('reads the shards of a prepared store where they are', () =>
    within(async (folder) => {
      const store = join(folder, 'digits.store');
      await nodeAdapters.prepareData!({ data: 'digits', out: store }, {});
      const run = join(folder, 'run');
      const stop = new AbortController();
      const onEvent = (event: { kind: string }): void => void (event.kind === 'step' && stop.abort());
      const torch = { perNode: 1 };
      await trainRun(nodeAdapters, { ...sgd, data: store, out: run, torch }, { signal: stop.signal, onEvent });
      const { pictures } = JSON.parse(readFileSync(join(run, 'distributed/job.json'), 'utf8'));
      expect(pictures.folder).toBe(store);
      expect(readdirSync(join(run, 'distributed'))).not.toContain('pictures');
    }));

  it('ends at the same test accuracy, within its interval', () =>
    within(async (folder) => {
      const adapters: Adapters = {
        ...nodeAdapters,
        openData: async () => generateDigits({ train: 6000, test: 4000, seed: 3 }),
      };
      const request: TrainRequest = { ...sgd, batch: 32, epochs: 3, threads: 2, augmentation: { crop: 2 } };
      const tested: { name: string; accuracy: number; interval: readonly [number, number] }[] = [];
      for (const [name, torch] of [
        ['engine', undefined],
        ['torch', { perNode: 2 }],
      ] as const) {
        const run = join(folder, name);
        await trainRun(adapters, { ...request, torch, out: run });
        const { accuracy, interval } = await testRun(adapters, { run });
        tested.push({ name, accuracy, interval });
      }
      const text = tested.map(({ name, accuracy, interval }) => `${name} ${accuracy} (${interval.join(' to ')})`);
      console.log(`test accuracy of 4,000 pictures: ${text.join('; ')}`);
      const [engine, torch] = tested;
      // Neither perfect nor untrained: else equality would say little.
      expect(engine.accuracy).toBeGreaterThan(0.8);
      expect(torch.accuracy).toBeGreaterThanOrEqual(engine.interval[0]);
      expect(torch.accuracy).toBeLessThanOrEqual(engine.interval[1]);
    }));

  it('throughput of 1 and 2 processes', () =>
    within(async (folder) => {
      const rates = new Map<number, number[]>([
        [1, []],
        [2, []],
      ]);
      for (let round = 0; round < 2; round++) {
        for (const [processes, found] of rates) {
          const run = join(folder, `run-${processes}-${round}`);
          const request = { ...sgd, model: 'mnist-cnn', batch: 64, threads: 2, out: run };
          const { imagesPerSecond } = await trainSmall(request, processes, { train: 6000 });
          found.push(imagesPerSecond);
        }
      }
      const text = [...rates].map(([n, found]) => `${n}: ${found.map(Math.round).join(', ')}`);
      console.log(`pictures a second on 2 cores by processes: ${text.join('; ')}`);
      for (const found of rates.values()) expect(Math.min(...found)).toBeGreaterThan(0);
    }));
});

/** Process ids that run a program, torchrun itself left out, in their order. */
function processesOf(script: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((id) => {
      try {
        const words = readFileSync(`/proc/${id}/cmdline`, 'utf8').split('\0');
        return words.includes(script) && !words.includes('torch.distributed.run');
      } catch {
        return false;
      }
    })
    .map(Number)
    .sort((a, b) => a - b);
}
