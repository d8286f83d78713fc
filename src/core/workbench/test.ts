import type { Classifier } from '../classifier/classifier.ts';
import { readClassifier } from '../classifier/file.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { applySplit } from '../dataset/split-file.ts';
import { FoveaError, mismatch } from '../errors.ts';
import { assess, type Evaluation } from '../evaluate/evaluate.ts';
import { type Logits, readLogits } from '../evaluate/logits.ts';
import { quotePath } from '../formats/quote.ts';
import { kindBytes, kindOf } from '../image/kind.ts';
import type { Adapters } from './adapters.ts';
import { type Look, recordLook } from './looks.ts';
import { readSplit } from './read-split.ts';
import { openRunFolder, type RunData } from './run-folder.ts';
import type { VerbOptions } from './train.ts';

export interface TestRequest {
  /** A run's folder, or a classifier's .safetensors file. */
  readonly run: string;
  /** Other data than the run was trained on; their test part is taken. */
  readonly data?: string;
  readonly threads?: number;
  /** How often the pictures are drawn again for the intervals; 0: no intervals. Default 1000. */
  readonly resamples?: number;
}

export interface TestOutcome extends Evaluation {
  readonly run: string;
  /** Where the test pictures come from. */
  readonly data: string;
  /** Hash of the split whose test part it was; undefined for a test part that the data have themselves. */
  readonly split: string | undefined;
  /** Every look at test pictures is counted: who chooses by what they say has no test pictures any more. */
  readonly look: Look;
}

export interface TestOptions extends VerbOptions {
  /** Told what the classifier said of every picture, once the look is counted. */
  readonly onAnswers?: (answers: Logits, pictures: Dataset) => Promise<void>;
}

/** A run's best classifier, or that of a file (.safetensors, .onnx). @throws FoveaError when there is none or it cannot be read. */
export async function loadClassifier(
  { storage }: Adapters,
  run: string,
  onEvent?: VerbOptions['onEvent'],
): Promise<Classifier> {
  if ((await storage.kind(run)) !== 'file') return openRunFolder(storage, run).readClassifier();
  const bytes = await storage.read(run);
  const kind = kindOf(bytes.subarray(0, kindBytes));
  if (kind.picture) {
    const mend = 'The run comes first, then the pictures';
    throw mismatch("a run's folder or a model's file", quotePath(run), `a ${kind.name} picture`, mend);
  }
  if (!run.toLowerCase().endsWith('.onnx')) return readClassifier(bytes, run);
  // Only who has an ONNX file loads what reads it.
  const { importOnnx } = await import('../import/onnx/import-onnx.ts');
  const { classifier, notes } = importOnnx(bytes, run);
  for (const text of notes) onEvent?.({ kind: 'note', text });
  return classifier;
}

/**
 * Tests on the test pictures and on nothing else: where data have no test part there is no silent substitute. The look
 * is counted and dated before anything of it is told.
 * @throws FoveaError saying how to get a test part.
 */
export async function testRun(
  adapters: Adapters,
  request: TestRequest,
  options: TestOptions = {},
): Promise<TestOutcome> {
  const { signal, onEvent } = options;
  const classifier = await loadClassifier(adapters, request.run, onEvent);
  const trainedOn = classifier.origin.data as Partial<RunData> | undefined;
  const data = request.data ?? (trainedOn?.source && adapters.locate(trainedOn.source));
  if (data === undefined) {
    throw new FoveaError(`'${request.run}' does not say which data it was trained on`, 'Name them with --data');
  }
  const [height, width, channels] = classifier.model.input;
  const recorded = request.data === undefined ? trainedOn?.split : undefined;
  const split = recorded && (await readSplit(adapters.storage, adapters.locate(recorded.file), recorded.hash));
  const opened = await adapters.openData(data, {
    size: { height, width },
    channels: channels as 1 | 3,
    signal,
    // By a split, test pictures may lie anywhere in the data.
    only: split ? undefined : 'test',
    onProgress: ({ done, total }) => onEvent?.({ kind: 'reading', done, total }),
  });
  const source = split && recorded ? applySplit(opened, split, recorded.file).source : opened;
  signal?.throwIfAborted();
  for (const { origin, reason } of source.skipped) onEvent?.({ kind: 'skipped', origin, reason });
  if (!source.test) {
    throw new FoveaError(
      `Expected test pictures in '${data}' but received none`,
      'Put some aside in a folder test/CLASS/ before training, or name other data with --data',
    );
  }
  const engine = await adapters.createEngine({ threads: request.threads });
  try {
    const answers = await readLogits(engine, classifier, source.test, {
      signal,
      onProgress: (done, images) => onEvent?.({ kind: 'validate', epoch: 0, done, images }),
    });
    const result = assess(answers, classifier.classNames, request.resamples);
    const { look, problem } = await recordLook(adapters.storage, {
      at: adapters.now(),
      run: request.run,
      test: split?.hash ?? adapters.resolveData(data),
      images: result.images,
      accuracy: result.accuracy,
    });
    if (problem)
      onEvent?.({ kind: 'note', text: `This look at the test pictures could not be written down. ${problem}` });
    await options.onAnswers?.(answers, source.test);
    return { run: request.run, data, split: split?.hash, look, ...result };
  } finally {
    await engine.dispose();
  }
}
