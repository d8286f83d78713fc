import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { balancedEpoch, epochOrder } from '../../src/core/dataset/batches.ts';
import { createAugmenter, streamsOf } from '../../src/core/image/augment.ts';
import { completeAugmentation, parseAugmentation } from '../../src/core/image/augmentation-spec.ts';
import { completeOptions } from '../../src/core/layers/options.ts';
import { createLearningRate, type ScheduleSpec, schedules } from '../../src/core/schedules/index.ts';
import { hasTorch } from './small-run.ts';

const folder = fileURLToPath(new URL('../../python/fovea_torch', import.meta.url));

/** What the Python program's functions give: JSON in, JSON out. */
function inPython(code: string, given: unknown): unknown {
  const program = `import sys, json; sys.dont_write_bytecode = True; sys.path.insert(0, ${JSON.stringify(folder)})
import numpy as np
given = json.load(sys.stdin)
${code}`;
  const { status, stdout, stderr } = spawnSync(process.env.FOVEA_PYTHON as string, ['-c', program], {
    input: JSON.stringify(given),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

describe.skipIf(!hasTorch)('the Python program', () => {
  it('visits pictures in the order of the engine', () => {
    const labels = Int32Array.from({ length: 101 }, (_, i) => (i % 7 === 0 ? 2 : i % 3 === 0 ? 1 : 0));
    const code = `from order import epoch_visits
out = []
for sampling in ("none", "balanced"):
    order, visits = epoch_visits({"seed": 4294967295, "sampling": sampling}, np.array(given), 3)
    out.append([order.tolist(), visits.tolist()])
print(json.dumps(out))`;
    const [plain, balanced] = inPython(code, [...labels]) as [number[], number[]][];
    expect(plain[0]).toEqual([...epochOrder(101, 4294967295, 3)]);
    const { order, visits } = balancedEpoch(labels, 4294967295, 3);
    expect(balanced).toEqual([[...order], [...(visits as Uint32Array)]]);
  });

  it.each(['flip', 'crop:3', 'crop:2,flip', 'flip,crop:2', 'flipVertical:0.3,flip:0.7,crop:1', 'crop:1,crop:3,flip'])(
    'changes pictures by %s as the engine does, to the byte',
    (text) => {
      const shape = { height: 6, width: 5, channels: 3 };
      const augmentation = parseAugmentation(text);
      const steps = completeAugmentation(augmentation, shape);
      const streams = streamsOf(steps);
      const size = 90;
      const pixels = Uint8Array.from({ length: 40 * size }, (_, i) => (i * 37 + (i >> 4)) % 251);
      const code = `from augment import augment
pixels = np.array(given["pixels"], dtype=np.uint8).reshape(-1, 6, 5, 3)
changed = augment(given["steps"], pixels, 9, 4, np.arange(len(pixels)) + 1000)
print(json.dumps(changed.ravel().tolist()))`;
      const given = steps.map(({ kind, values }, i) => ({ type: kind.name, values, stream: streams[i] }));
      const received = inPython(code, { pixels: [...pixels], steps: given });
      const augmenter = createAugmenter(augmentation, shape)!;
      const expected = new Uint8Array(pixels.length);
      for (let i = 0; i < 40; i++) {
        augmenter.change(pixels, i * size, expected, i * size, { seed: 9, epoch: 4, index: 1000 + i });
      }
      expect(received).toEqual([...expected]);
    },
  );

  it('has every schedule, with the same rates', () => {
    const required: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
      step: { size: 10 },
      multiStep: { milestones: [10, 20] },
      exponential: { factor: 0.9 },
      cosineRestarts: { period: 7, multiplier: 2 },
      reduceOnPlateau: { patience: 1, factor: 0.5, cooldown: 1 },
    };
    const losses = [1, 0.9, 0.95, 0.96, 0.97, 0.8, 0.9, 0.9, 0.9, 0.9];
    const specs = schedules.flatMap(({ name }): ScheduleSpec[] => [
      { type: name, ...required[name] },
      { type: name, ...required[name], warmupSteps: 5 },
    ]);
    const expected = specs.map((spec) => {
      const rate = createLearningRate(spec, { learningRate: 0.1, totalSteps: 50 });
      const watched = losses.map((loss) => {
        rate.observe(loss);
        return rate.at(20);
      });
      const fresh = createLearningRate(spec, { learningRate: 0.1, totalSteps: 50 });
      return [...Array.from({ length: 50 }, (_, step) => fresh.at(step)), ...watched];
    });
    const code = `from schedules import learning_rate, observe
out = []
for schedule in given["schedules"]:
    job, state = {"learningRate": 0.1, "schedule": schedule}, {}
    rates = [learning_rate(job, step, 50, {}) for step in range(50)]
    for loss in given["losses"]:
        state = observe(job, loss, state)
        rates.append(learning_rate(job, 20, 50, state))
    out.append(rates)
print(json.dumps(out))`;
    const complete = specs.map(({ type, warmupSteps = 0, ...options }) => ({
      type,
      warmupSteps,
      options: completeOptions(schedules.find(({ name }) => name === type)!, options, type),
    }));
    const received = inPython(code, { schedules: complete, losses }) as number[][];
    received.forEach((rates, i) => {
      rates.forEach((rate, step) => {
        expect(rate, `${JSON.stringify(specs[i])}, ${step}`).toBeCloseTo(expected[i][step], 14);
      });
    });
  });
});
