import type { Classifier } from '../classifier/classifier.ts';
import { readClassifier } from '../classifier/file.ts';
import { FoveaError } from '../errors.ts';
import { type Evaluation, evaluate } from '../evaluate/evaluate.ts';
import type { Adapters } from './adapters.ts';
import { openRunFolder, type RunData } from './run-folder.ts';
import type { VerbOptions } from './train.ts';

export interface TestRequest {
  /** A run's folder, or a classifier's .safetensors file. */
  readonly run: string;
  /** Other data than the run was trained on; their test part is taken. */
  readonly data?: string;
  readonly threads?: number;
}

export interface TestOutcome extends Evaluation {
  readonly run: string;
  /** Where the test pictures come from. */
  readonly data: string;
}

/** A run's best classifier, or that of a file. @throws FoveaError when there is none or it cannot be read. */
export async function loadClassifier({ storage }: Adapters, run: string): Promise<Classifier> {
  if ((await storage.kind(run)) === 'file') return readClassifier(await storage.read(run), run);
  return openRunFolder(storage, run).readClassifier();
}

/**
 * Tests on the test pictures and on nothing else: where data have no test part there is no silent substitute.
 * @throws FoveaError saying how to get a test part.
 */
export async function testRun(
  adapters: Adapters,
  request: TestRequest,
  options: VerbOptions = {},
): Promise<TestOutcome> {
  const { signal, onEvent } = options;
  const classifier = await loadClassifier(adapters, request.run);
  const trainedOn = classifier.origin.data as Partial<RunData> | undefined;
  const data = request.data ?? trainedOn?.source;
  if (data === undefined) {
    throw new FoveaError(`'${request.run}' does not say which data it was trained on`, 'Name them with --data');
  }
  const [height, width, channels] = classifier.model.input;
  const source = await adapters.openData(data, {
    size: { height, width },
    channels: channels as 1 | 3,
    signal,
    only: 'test',
    onProgress: ({ done, total }) => onEvent?.({ kind: 'reading', done, total }),
  });
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
    const result = await evaluate(engine, classifier, source.test, {
      signal,
      onProgress: (done, images) => onEvent?.({ kind: 'validate', epoch: 0, done, images }),
    });
    return { run: request.run, data, ...result };
  } finally {
    await engine.dispose();
  }
}
