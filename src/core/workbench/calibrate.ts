import type { Engine } from '../backend/backend.ts';
import type { Calibration, RejectionRule } from '../classifier/calibration.ts';
import { type Classifier, createClassifier } from '../classifier/classifier.ts';
import { writeClassifier } from '../classifier/file.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { FoveaError, mismatch } from '../errors.ts';
import { calibrate } from '../evaluate/calibrate.ts';
import { readLogits } from '../evaluate/logits.ts';
import type { Adapters } from './adapters.ts';
import { loadClassifier } from './load-classifier.ts';
import { note } from './notes.ts';
import { openRunFolder, type RunFolder } from './run-folder.ts';
import { openRunData } from './training-data.ts';
import type { VerbOptions } from './verb.ts';
import { withEngine } from './with-engine.ts';

export interface CalibrateRequest {
  /** A run's folder, or a classifier's .safetensors file. */
  readonly run: string;
  /** Say "unknown" where the answer is too unsure, so that this share of the pictures is still answered; 1: never. */
  readonly coverage?: number;
  /** Or so that at most this share of the answers is wrong; not beside `coverage`. */
  readonly maxError?: number;
  /** Data whose val part is taken; needed for a file, whose own validation pictures nobody knows. */
  readonly data?: string;
  readonly threads?: number;
}

export interface CalibrateOutcome {
  readonly run: string;
  readonly calibration: Calibration;
}

/**
 * Fits how sure a trained classifier may be, on its validation pictures, and keeps it in the model's file; a rule that was
 * chosen before is kept unless another is given.
 * @throws FoveaError where there are no validation pictures, or no threshold fulfils the rule.
 */
export async function calibrateRun(
  adapters: Adapters,
  request: CalibrateRequest,
  options: VerbOptions = {},
): Promise<CalibrateOutcome> {
  const { run: path, coverage, maxError, threads } = request;
  const { storage } = adapters;
  if (coverage !== undefined && maxError !== undefined) {
    throw mismatch("one of 'coverage' and 'maxError'", 'the threshold', 'both', 'Choose one');
  }
  const isFile = (await storage.kind(path)) === 'file';
  if (isFile && !path.toLowerCase().endsWith('.safetensors')) {
    throw mismatch('a .safetensors file', 'a model that is to keep its calibration', `'${path}'`, 'fovea model import');
  }
  const folder = isFile ? undefined : openRunFolder(storage, path);
  const classifier = await loadClassifier(adapters, path, options.onEvent);
  const lock = await folder?.lock(adapters, (text) => options.onEvent?.({ kind: 'note', text }));
  try {
    const val = await validationPictures(adapters, request, classifier, folder, options);
    const rule: RejectionRule | undefined =
      coverage !== undefined
        ? { coverage }
        : maxError !== undefined
          ? { maxError }
          : classifier.calibration?.rejection?.rule;
    const calibration = await withEngine(adapters, threads, (engine) =>
      calibrateOn(engine, classifier, val, rule, options),
    );
    const calibrated = createClassifier({ ...classifier, calibration });
    if (folder) await folder.writeClassifier(calibrated);
    else await storage.write(path, writeClassifier(calibrated));
    return { run: path, calibration };
  } finally {
    await lock?.release();
  }
}

/** At the end of a training. That it cannot be done is no failure of the training: it is told, and can be done later. */
export async function calibrateTrained(
  engine: Engine,
  run: RunFolder,
  val: Dataset,
  options: VerbOptions,
): Promise<void> {
  try {
    const classifier = await run.readClassifier();
    const rule = classifier.calibration?.rejection?.rule;
    const calibration = await calibrateOn(engine, classifier, val, rule, {});
    await run.writeClassifier(createClassifier({ ...classifier, calibration }));
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    options.onEvent?.(note('not-calibrated', { reason: error.message, run: run.path }));
  }
}

export async function calibrateOn(
  engine: Engine,
  classifier: Classifier,
  val: Dataset,
  rule: RejectionRule | undefined,
  { signal, onEvent }: VerbOptions,
): Promise<Calibration> {
  const onProgress = (done: number, images: number): void => onEvent?.({ kind: 'validate', epoch: 0, done, images });
  const { logits, labels } = await readLogits(engine, classifier, val, { signal, onProgress });
  return calibrate(logits, labels, classifier.classNames.length, rule);
}

async function validationPictures(
  adapters: Adapters,
  { run, data }: CalibrateRequest,
  { model }: Classifier,
  folder: RunFolder | undefined,
  options: VerbOptions,
): Promise<Dataset> {
  if (data === undefined) {
    if (folder) return (await openRunData(adapters, await folder.readDescription(), run, options)).val;
    const mend = 'Name data with a val part with --data';
    throw mismatch('data', `the calibration of the file '${run}'`, 'none', mend);
  }
  const { signal, onEvent } = options;
  const [height, width, channels] = model.input;
  const { val } = await adapters.openData(data, {
    size: { height, width },
    channels: channels as 1 | 3,
    signal,
    only: 'val',
    onProgress: ({ done, total }) => onEvent?.({ kind: 'reading', done, total }),
  });
  signal?.throwIfAborted();
  if (!val) throw mismatch('validation pictures', `'${data}'`, 'none', 'Put some aside in a folder val/CLASS/');
  return val;
}
