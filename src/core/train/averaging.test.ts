import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../backend/reference.ts';
import { createDataset, type Dataset } from '../dataset/dataset.ts';
import { channelStatistics } from '../dataset/statistics.ts';
import { batchNorm2d, conv2d, flatten, linear, maxPool2d, relu, sequential } from '../model/builder.ts';
import { adapt } from '../model/spec.ts';
import { hashWeights } from '../model/weights.ts';
import { RandomStream } from '../random.ts';
import { completeAverage, emaShares } from './averages.ts';
import { keptWeights } from './averaging.ts';
import { parseRecipe, type Recipe } from './recipe.ts';
import { type FileTensor, readSnapshot, type Snapshot, writeSnapshot } from './state.ts';
import { runTraining } from './trainer.ts';
import type { TrainingResult } from './training-job.ts';

function stripes(count: number, seed: number): Dataset {
  const pixels = new Uint8Array(count * 36);
  const labels = Int32Array.from({ length: count }, (_, i) => i % 2);
  const random = new RandomStream(seed, 'dataset');
  for (let i = 0; i < pixels.length; i++) {
    const p = i % 36;
    const on = (labels[Math.floor(i / 36)] === 0 ? p % 6 : Math.floor(p / 6)) % 2 === 0;
    pixels[i] = (on ? 120 : 20) + random.below(100);
  }
  return createDataset({ name: 's', classNames: ['a', 'b'], height: 6, width: 6, channels: 1, pixels, labels });
}

const train = stripes(40, 1);
const val = stripes(12, 2);
const draft = sequential([conv2d(3, { kernelSize: 3 }), batchNorm2d(), relu(), maxPool2d(2), flatten(), linear()]);

const recipe = (changes: Partial<Recipe>): Recipe =>
  parseRecipe({
    version: 1,
    modelName: 'tiny',
    model: adapt(draft, { input: [6, 6, 1], classes: 2 }),
    optimizer: { type: 'sgd', momentum: 0.9 },
    loss: { type: 'softmaxCrossEntropy' },
    learningRate: 0.05,
    schedule: { type: 'constant' },
    epochs: 4,
    batch: 8,
    augmentation: {},
    seed: 5,
    val: 0,
    ...changes,
  });

interface Watched {
  readonly result: TrainingResult;
  /** After each step or, with `stopAfter`, what was saved when it stopped. */
  readonly snapshots: readonly Snapshot[];
}

/** Saves after every step, through a file. */
async function run(of: Recipe, { stopAfter, from }: { stopAfter?: number; from?: Snapshot } = {}): Promise<Watched> {
  const snapshots: Snapshot[] = [];
  const keep = async (snapshot: Snapshot): Promise<void> => {
    snapshots.push(readSnapshot(writeSnapshot(snapshot), 'state'));
  };
  let time = 0;
  let aborted = false;
  let steps = 0;
  const result = await runTraining({
    engine: createReferenceEngine({ roundToFloat32: true }),
    recipe: of,
    train,
    val,
    from,
    preprocessing: channelStatistics(train),
    clock: () => (time += 10),
    signal: {
      get aborted() {
        return aborted;
      },
    } as AbortSignal,
    onEvent: (event) => {
      if (event.kind === 'step' && ++steps === stopAfter) aborted = true;
    },
    save: keep,
    autosave: { every: 1, save: keep },
  });
  return { result, snapshots };
}

const dataOf = (tensors: ReadonlyMap<string, FileTensor>, name: string): Float32Array =>
  (tensors.get(name) as FileTensor).data;

const ema = completeAverage({ type: 'ema', decay: 0.9 }, 4);
const swa = completeAverage({ type: 'swa', from: 3 }, 4);

describe('averages of weights', () => {
  it('ema: is the moving average of the weights after each step, running statistics too', async () => {
    const { snapshots, result } = await run(recipe({ average: ema }));
    // The last step of an epoch is saved at the epoch's end.
    expect(snapshots.map(({ state }) => (state.epoch - 1) * 5 + state.step)).toEqual(
      [...Array(20).keys()].map((i) => i + 1),
    );
    for (const name of ['conv1.weight', 'fc1.bias', 'bn1.running_var']) {
      let average: Float64Array | undefined;
      snapshots.forEach(({ weights, averaged }, step) => {
        const now = Float64Array.from(dataOf(weights, name));
        const [keep, rest] = emaShares(ema, step, 20);
        if (average) average = average.map((value, i) => keep * value + rest * now[i]);
        // The first weights are not saved: the average takes over from the first that are.
        else average = Float64Array.from(dataOf(averaged!, name));
        average.forEach((value, i) => void expect(dataOf(averaged!, name)[i]).toBeCloseTo(value, 5));
      });
    }
    expect(await hashWeights(result.lastWeights)).toBe(await hashWeights(snapshots.at(-1)!.averaged!));
    const plain = await run(recipe({}));
    // The training itself does not notice.
    expect(await hashWeights(plain.result.lastWeights)).toBe(await hashWeights(snapshots.at(-1)!.weights));
    expect(plain.snapshots.at(-1)!.averaged).toBeUndefined();
    expect(result.history.at(-1)!.loss).toBe(plain.result.history.at(-1)!.loss);
    expect(result.history.at(-1)!.valLoss).not.toBe(plain.result.history.at(-1)!.valLoss);
  });

  it('swa: is the mean of the weights at the ends of the last epochs, with statistics of its own', async () => {
    const { snapshots, result } = await run(recipe({ average: swa }));
    const ends = snapshots.filter(({ state }) => state.step === 0);
    expect(ends.map(({ averaged }) => averaged !== undefined)).toEqual([false, false, true, true]);
    for (const name of ['conv1.weight', 'fc1.weight']) {
      const [third, fourth] = [dataOf(ends[2].weights, name), dataOf(ends[3].weights, name)];
      expect([...dataOf(ends[2].averaged!, name)]).toEqual([...third]);
      dataOf(ends[3].averaged!, name).forEach((value, i) => {
        expect(value).toBeCloseTo((third[i] + fourth[i]) / 2, 6);
      });
    }
    const mean = dataOf(ends[3].averaged!, 'bn1.running_mean');
    const fresh = convolutionMeans(ends[3].averaged!);
    mean.forEach((value, i) => void expect(value).toBeCloseTo(fresh[i], 4));
    expect(dataOf(ends[3].weights, 'bn1.running_mean')[0]).not.toBeCloseTo(fresh[0], 4);
    expect(await hashWeights(result.lastWeights)).toBe(await hashWeights(keptWeights(ends[3])));
  });

  for (const [name, average] of Object.entries({ ema, swa }))
    for (const stopAfter of [3, 10, 14, 15, 19])
      it(`${name}: goes on after step ${stopAfter} as if it had never stopped`, async () => {
        const of = recipe({ average });
        const whole = await run(of);
        const { snapshots } = await run(of, { stopAfter });
        const resumed = await run(of, { from: snapshots.at(-1) });
        expect(await hashWeights(resumed.result.lastWeights)).toBe(await hashWeights(whole.result.lastWeights));
        const losses = ({ result }: Watched): number[] => result.history.map(({ valLoss }) => valLoss);
        expect(losses(resumed)).toEqual(losses(whole));
      });

  it('gives the same bits in micro-batches whether interrupted or not, and averages there too', async () => {
    const of = recipe({ average: ema, microBatch: 4 });
    const whole = await run(of);
    const { snapshots } = await run(of, { stopAfter: 7 });
    const resumed = await run(of, { from: snapshots.at(-1) });
    expect(await hashWeights(resumed.result.lastWeights)).toBe(await hashWeights(whole.result.lastWeights));
    expect(whole.snapshots.at(-1)!.averaged).toBeDefined();
  });

  it('averages while layers are frozen, but no mean of weights with frozen layers', async () => {
    const stages = [{ epoch: 1, frozen: 'relu1' }, { epoch: 3 }];
    const { result } = await run(recipe({ average: ema, stages }));
    expect(result.history).toHaveLength(4);
    const frozen = recipe({ average: completeAverage({ type: 'swa', from: 2 }, 4), stages });
    await expect(run(frozen)).rejects.toThrow('some frozen in epoch 2');
    expect((await run(recipe({ average: swa, stages }))).result.history).toHaveLength(4);
  });
});

/** Mean of each filter's output over all training pictures. */
function convolutionMeans(weights: ReadonlyMap<string, FileTensor>): number[] {
  const { mean, std } = channelStatistics(train);
  const [filters, bias] = [dataOf(weights, 'conv1.weight'), dataOf(weights, 'conv1.bias')];
  return [0, 1, 2].map((filter) => {
    let sum = 0;
    for (let i = 0; i < train.count; i++) {
      const picture = train.pixels.at(i);
      for (let y = 0; y < 4; y++)
        for (let x = 0; x < 4; x++)
          for (let k = 0; k < 9; k++) {
            const pixel = (picture[(y + Math.floor(k / 3)) * 6 + x + (k % 3)] / 255 - mean[0]) / std[0];
            sum += filters[filter * 9 + k] * pixel;
          }
    }
    return sum / (train.count * 16) + bias[filter];
  });
}

describe('what an average is made of', () => {
  it('keeps more and more of itself, up to the decay', () => {
    const shares = (options: object, steps: number[]) =>
      steps.map((step) => emaShares(completeAverage({ type: 'ema', ...options }, 1), step, 100)[0]);
    expect(shares({ decay: 0.9 }, [0, 1, 1000])).toEqual([2 / 11, 3 / 12, 0.9]);
    expect(shares({ decay: 0.8, schedule: 'constant' }, [0, 50])).toEqual([0.8, 0.8]);
    expect(shares({ decay: 0.5, schedule: 'cubic' }, [49, 99])).toEqual([0.5 / 8, 0.5]);
    expect(shares({ decay: 0.5, schedule: 'constant', every: 5 }, [3, 4, 5, 9])).toEqual([1, 0.5, 1, 0.5]);
  });

  it('says what is wrong', () => {
    expect(completeAverage({ type: 'swa' }, 10)).toMatchObject({ from: 8 });
    expect(completeAverage({ type: 'swa' }, 1)).toMatchObject({ from: 1 });
    expect(() => completeAverage({ type: 'swa', from: 11 }, 10)).toThrow('an epoch from 1 to 10');
    expect(() => completeAverage({ type: 'emma' }, 10)).toThrow("Did you mean 'ema'");
    expect(() => completeAverage({ type: 'ema', decay: 2 }, 10)).toThrow("average 'ema', option 'decay'");
  });
});
