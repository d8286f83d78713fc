import type { Classifier } from '../../../../classifier/classifier.ts';
import { subset } from '../../../../dataset/dataset.ts';
import { type Evaluation, evaluate } from '../../../../evaluate/evaluate.ts';
import { parseAugmentation } from '../../../../image/augmentation-spec.ts';
import type { OpenedWeights } from '../../../../model/opened-weights.ts';
import { hashWeights } from '../../../../model/weights.ts';
import type { DataFacts } from '../../../../train/diagnosis/facts.ts';
import type { Finding } from '../../../../train/diagnosis/finding.ts';
import { diagnose } from '../../../../train/diagnosis/index.ts';
import type { EpochRecord } from '../../../../train/history.ts';
import type { TelemetryRecord } from '../../../../train/telemetry.ts';
import { preprocessingFor } from '../../../training-data.ts';
import type { CourseHost } from '../../lesson.ts';
import { trainInLesson } from '../../train-in-lesson.ts';
import { withEngine } from '../../with-engine.ts';
import { factsOf, healthy, type LabData, prepareLab, type Setup } from './setup.ts';

const network = 'conv 8 5 stride=2, relu, pool 2, flatten, linear';
const epochs = 8;

/** What is seen of a training in the lab. */
export interface LabRun {
  readonly data: LabData;
  readonly history: readonly EpochRecord[];
  readonly last: EpochRecord;
  readonly facts: DataFacts;
  /** Share of the units behind the first layer that give 0 for every picture, at the end. */
  readonly silent: number;
  /** On labelled pictures as the program that uses the network gives them. */
  readonly served: Evaluation;
  readonly findings: readonly Finding[];
  readonly hash: string;
}

/** Trains as a setup says. @throws as `train`. */
export async function runSetup(host: CourseHost, setup: Setup, name?: string): Promise<LabRun> {
  const data = prepareLab(setup);
  const { train, val, served } = data;
  const start = await firstWeights(host, data, setup);
  return withEngine(host, async (engine) => {
    const telemetry: TelemetryRecord[] = [];
    const { augmentation, learningRate } = setup;
    const trained = await trainInLesson(host, engine, {
      data: { train, val },
      model: network,
      epochs,
      seed: 1,
      learningRate,
      start,
      name,
      ...(augmentation === 'none' ? {} : { augmentation: parseAugmentation(augmentation) }),
      onEvent(event) {
        if (event.kind === 'telemetry') telemetry.push(event.record);
      },
    });
    const { history, recipe, last } = trained;
    const facts = factsOf(data, last.preprocessing);
    const looks = telemetry.flatMap(({ layers }) => (layers ? [layers] : []));
    return {
      data,
      history,
      last: history[history.length - 1],
      facts,
      silent: looks[looks.length - 1]?.find(({ type }) => type === 'relu')?.dead ?? 0,
      served: await evaluate(engine, last, served, { resamples: 0, signal: host.signal }),
      findings: diagnose({ history, telemetry, recipe, facts, over: true }),
      hash: await hashWeights(last.weights),
    };
  });
}

/** Begins with the weights that the seed gives, the first layer's biases and the normalisation being those of the setup. */
async function firstWeights(host: CourseHost, data: LabData, setup: Setup): Promise<OpenedWeights> {
  const last = await once(firstNetworks, host, () => untrained(host, data));
  const tensors = new Map(last.weights);
  const bias = tensors.get('conv1.bias')!;
  tensors.set('conv1.bias', { ...bias, data: new Float32Array(bias.data.length).fill(setup.firstBias) });
  return {
    source: 'the first weights',
    hash: await hashWeights(tensors),
    tensors,
    model: last.model,
    classNames: last.classNames,
    normalisation: setup.normalised ? preprocessingFor(data.train) : { mean: [0], std: [1 / 255] },
  };
}

/** The network before any training: one that takes a single step too small for any bit. It is the same for all setups. */
const untrained = (host: CourseHost, { train, val }: LabData): Promise<Classifier> =>
  withEngine(host, async (engine) => {
    const quiet: CourseHost = { createEngine: () => host.createEngine() };
    const one = { train: subset(train, [0]), val: subset(val, [0]) };
    const { last } = await trainInLesson(quiet, engine, {
      data: one,
      model: network,
      epochs: 1,
      learningRate: 1e-30,
      seed: 1,
    });
    return last;
  });

const healthyRuns = new WeakMap<CourseHost, Promise<LabRun>>();
const firstNetworks = new WeakMap<CourseHost, Promise<Classifier>>();

/** Computes once for a host; what failed or was stopped is tried again. */
function once<T>(known: WeakMap<CourseHost, Promise<T>>, host: CourseHost, compute: () => Promise<T>): Promise<T> {
  const before = known.get(host);
  if (before) return before;
  const computed = compute();
  known.set(host, computed);
  computed.catch(() => known.delete(host));
  return computed;
}

/** The run without any fault. */
export const healthyRun = (host: CourseHost): Promise<LabRun> =>
  once(healthyRuns, host, () => runSetup(host, healthy, 'a run without fault'));

/** Everything that counts of two runs is equal, bit for bit: one has no fault that the other has not. */
export const isSameRun = (a: LabRun, b: LabRun): boolean =>
  a.hash === b.hash && a.last.valLoss === b.last.valLoss && a.served.loss === b.served.loss;
