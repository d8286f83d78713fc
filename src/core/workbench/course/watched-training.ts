import type { Engine } from '../../backend/backend.ts';
import { generateDigits } from '../../dataset/builtin/digits.ts';
import { type Dataset, subset } from '../../dataset/dataset.ts';
import { hashWeights } from '../../model/weights.ts';
import { gatherFacts } from '../../train/diagnosis/facts.ts';
import type { Finding } from '../../train/diagnosis/finding.ts';
import { diagnose } from '../../train/diagnosis/index.ts';
import type { EpochRecord } from '../../train/history.ts';
import type { TelemetryRecord } from '../../train/telemetry.ts';
import { type Trained, type TrainOptions, train } from '../train-model.ts';
import type { CurvesFigure, Series } from './figure.ts';
import type { CourseHost } from './lesson.ts';

export interface TrainAndVal {
  readonly train: Dataset;
  readonly val: Dataset;
}

/** Built-in digits for a lesson: none of the validation pictures is a training picture. Counts in pictures. */
export function digitParts(counts: {
  readonly train: number;
  readonly val: number;
  readonly seed?: number;
}): TrainAndVal {
  const all = generateDigits({ train: counts.train + counts.val, test: 1, seed: counts.seed ?? 1 }).train as Dataset;
  return {
    train: pick(all, 0, counts.train, 'training digits'),
    val: pick(all, counts.train, counts.val, 'validation digits'),
  };
}

/** `count` pictures from place `from` on. */
export const pick = (data: Dataset, from: number, count: number, name = data.name): Dataset =>
  subset(
    data,
    Array.from({ length: count }, (_, i) => from + i),
    name,
  );

/** A training of which everything is kept that a diagnosis reads. */
export interface WatchedTraining {
  readonly trained: Trained;
  readonly telemetry: readonly TelemetryRecord[];
  /** Of the last weights. */
  readonly hash: string;
  /** What the engine's own diagnosis says, the gravest first. */
  readonly findings: readonly Finding[];
}

type Settings = Omit<TrainOptions, 'engine' | 'data' | 'signal' | 'onEpoch' | 'onEvent'>;

/**
 * Trains as `train` does, tells the host how far it is, and has the record diagnosed.
 * @param what names the training in its progress. @throws FoveaError, NonFiniteError as `train`; the signal's reason.
 */
export async function trainWatched(
  host: CourseHost,
  engine: Engine,
  parts: TrainAndVal,
  settings: Settings,
  what = '',
): Promise<WatchedTraining> {
  const telemetry: TelemetryRecord[] = [];
  const trained = await train({
    ...settings,
    engine,
    data: parts,
    signal: host.signal,
    onEpoch: ({ epoch }) =>
      host.onProgress?.({
        done: epoch,
        total: settings.epochs ?? epoch,
        what: `${what}epoch ${epoch}${settings.epochs ? ` of ${settings.epochs}` : ''}`,
      }),
    onEvent: (event) => void (event.kind === 'telemetry' && telemetry.push(event.record)),
  });
  host.signal?.throwIfAborted();
  const { history, recipe, classifier, last } = trained;
  const facts = gatherFacts(parts.train, parts.val, classifier.preprocessing);
  const findings = diagnose({ history, telemetry, recipe, facts, over: true });
  return { trained, telemetry, hash: await hashWeights(last.weights), findings };
}

/** Train and val loss over the epochs, both measured with the weights at the epoch's end, with the best epoch marked. */
export function lossCurves(
  title: string,
  history: readonly EpochRecord[],
  words: string,
  more: readonly Series[] = [],
): CurvesFigure {
  const best = history.reduce((low, record) => (record.valLoss < low.valLoss ? record : low));
  return {
    kind: 'curves',
    title,
    x: 'epoch',
    y: 'loss',
    series: [
      { name: 'train loss', role: 'train', points: history.map((r) => [r.epoch, r.trainLoss ?? r.loss] as const) },
      { name: 'val loss', role: 'val', points: history.map((r) => [r.epoch, r.valLoss] as const) },
      ...more,
    ],
    marks: [{ x: best.epoch, label: `best ${best.epoch}` }],
    words,
  };
}
