import { FoveaError } from '../errors.ts';
import { type ScalarEvent, writeEventFile } from '../formats/tensorboard.ts';
import type { EpochRecord } from '../train/history.ts';
import type { Adapters } from './adapters.ts';
import { openRunFolder } from './run-folder.ts';

export const exportForms = ['csv', 'tensorboard'] as const;
export type ExportForm = (typeof exportForms)[number];

export interface ExportRunRequest {
  readonly run: string;
  readonly to: ExportForm;
  /** A file for csv, a folder for tensorboard. Default: beside the run's other files. */
  readonly out?: string;
}

export interface ExportedRun {
  readonly run: string;
  readonly epochs: number;
  readonly files: readonly string[];
}

/** A run's metrics for other tools. @throws FoveaError when it has none yet or the files cannot be written. */
export async function exportRun({ storage }: Adapters, { run, to, out }: ExportRunRequest): Promise<ExportedRun> {
  const folder = openRunFolder(storage, run);
  const { created } = await folder.readDescription();
  const history = await folder.readHistory();
  if (history.length === 0) throw new FoveaError(`The run '${run}' has no epoch yet, so there is nothing to export`);
  if (to === 'csv') {
    const file = out ?? storage.join(run, 'metrics.csv');
    await storage.write(file, metricsCsv(history));
    return { run, epochs: history.length, files: [file] };
  }
  const where = out ?? storage.join(run, 'tensorboard');
  const files: string[] = [];
  for (const [part, events] of Object.entries(eventsOf(history, created))) {
    await storage.makeFolder(storage.join(where, part));
    // TensorBoard takes every file with `tfevents` in its name for one; the number is the second of its beginning.
    const file = storage.join(where, part, `events.out.tfevents.${Math.floor(Date.parse(created) / 1000)}.fovea`);
    await storage.write(file, writeEventFile(events));
    files.push(file);
  }
  return { run, epochs: history.length, files };
}

/** A line an epoch, numbers as JavaScript writes them, which every reader of CSV gives back to the last bit. */
export function metricsCsv(history: readonly EpochRecord[]): string {
  const columns = [...new Set(history.flatMap((record) => Object.keys(record)))];
  const rows = history.map((record) =>
    columns.map((column) => (record as unknown as Record<string, number | undefined>)[column] ?? '').join(','),
  );
  return `${[columns.join(','), ...rows].join('\r\n')}\r\n`;
}

/**
 * TensorBoard lays curves of one tag over each other when they lie in folders of their own: so `train` and `val`, each
 * with `loss` and `accuracy`, and `train-sample`, the train loss and accuracy that compare with val: in evaluation mode at
 * the epoch's end. Times are those of the run, without pauses.
 */
export function eventsOf(
  history: readonly EpochRecord[],
  created: string,
): Readonly<Record<string, readonly ScalarEvent[]>> {
  const begin = Date.parse(created) / 1000;
  let seconds = 0;
  const train: ScalarEvent[] = [];
  const sample: ScalarEvent[] = [];
  const val: ScalarEvent[] = [];
  for (const record of history) {
    const { epoch, loss, accuracy, valLoss, valAccuracy, trainLoss, trainAccuracy, learningRate } = record;
    seconds += record.seconds;
    const at = { wallTime: (Number.isFinite(begin) ? begin : 0) + seconds, step: epoch };
    train.push({ ...at, values: { loss, accuracy, learningRate } });
    val.push({ ...at, values: { loss: valLoss, accuracy: valAccuracy } });
    if (trainLoss !== undefined && trainAccuracy !== undefined)
      sample.push({ ...at, values: { loss: trainLoss, accuracy: trainAccuracy } });
  }
  return sample.length > 0 ? { train, 'train-sample': sample, val } : { train, val };
}
