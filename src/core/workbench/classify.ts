import type { Engine } from '../backend/backend.ts';
import { isUnknown } from '../classifier/calibration.ts';
import { type ClassifierSession, openClassifier, type Prediction } from '../classifier/classify.ts';
import { FoveaError } from '../errors.ts';
import { summarize } from '../model/summary.ts';
import type { Adapters, OpenedPicture, PictureSource } from './adapters.ts';
import { loadClassifier } from './load-classifier.ts';
import type { VerbOptions } from './verb.ts';

export interface ClassifyRequest {
  /** A run's folder, or a classifier's .safetensors file. */
  readonly run: string;
  /** Picture files and folders of them. */
  readonly paths: readonly string[];
  /** How many classes to tell, the most likely first. Default 3, at most all. */
  readonly top?: number;
  readonly threads?: number;
}

/** What came of one file. */
export type ClassifiedFile =
  | { readonly file: string; readonly top: readonly Prediction[]; readonly unknown?: true }
  | { readonly file: string; readonly error: string };

/** The same while the picture can still be looked at. */
export type ClassifiedPicture =
  | {
      readonly file: string;
      readonly top: readonly Prediction[];
      /** The likeliest class is less probable than the model's threshold: better no answer than that one. */
      readonly unknown?: true;
      readonly source: PictureSource;
    }
  | { readonly file: string; readonly error: string };

/** Pictures that are decoded and then run together. */
const atOnce = 16;

/** Multiply-adds that are done before threads would have started: some 30 ms of one core. */
const inlineWork = 200e6;

/** @throws FoveaError when not a single file could be read. */
export async function classifyFiles(
  adapters: Adapters,
  request: ClassifyRequest,
  options: VerbOptions = {},
): Promise<ClassifiedFile[]> {
  const results: ClassifiedFile[] = [];
  for await (const one of classifyEach(adapters, request, options)) {
    if ('error' in one) results.push(one);
    else results.push({ file: one.file, top: one.top, ...(one.unknown ? { unknown: true } : {}) });
  }
  checkSomeRead(results);
  return results;
}

/** @throws FoveaError when there are files, and not a single one could be read. */
export function checkSomeRead(results: readonly (object & { file: string; error?: string })[]): void {
  const failed = results.find(({ error }) => error !== undefined);
  if (!failed || !results.every(({ error }) => error !== undefined)) return;
  const others = results.length > 1 ? ` and ${results.length - 1} more` : '';
  throw new FoveaError(`No picture could be read: '${failed.file}'${others}: ${failed.error}`);
}

/** Classifies pictures in their order and tells each as soon as it is known. An abort ends it between two pictures. */
export async function* classifyEach(
  adapters: Adapters,
  { run, paths, top = 3, threads }: ClassifyRequest,
  { signal, onEvent }: VerbOptions = {},
): AsyncGenerator<ClassifiedPicture> {
  const classifier = await loadClassifier(adapters, run, onEvent);
  const { macs } = summarize(classifier.model);
  let opened: { readonly engine: Engine; readonly session: ClassifierSession } | undefined;
  try {
    let waiting: OpenedPicture[] = [];
    /** Made when the first pictures are there: a few small ones need neither threads nor room for many. */
    const open = async (pictures: number): Promise<NonNullable<typeof opened>> => {
      const all = pictures < atOnce;
      const engine = await adapters.createEngine({ threads, inline: all && macs * pictures <= inlineWork });
      return { engine, session: await openClassifier(engine, classifier, pictures) };
    };
    const flush = async (): Promise<ClassifiedPicture[]> => {
      const pictures = waiting.flatMap((one) => ('picture' in one ? [one.picture] : []));
      if (pictures.length > 0) opened ??= await open(pictures.length);
      const predictions = pictures.length > 0 ? await opened!.session.classify(pictures, top) : [];
      let next = 0;
      const told = waiting.map((one): ClassifiedPicture => {
        if ('error' in one) return one;
        const top = predictions[next++];
        const unknown = isUnknown(classifier.calibration, top[0].probability);
        return { file: one.file, top, ...(unknown ? { unknown } : {}), source: one.source };
      });
      waiting = [];
      return told;
    };
    const channels = classifier.model.input[2] as 1 | 3;
    for await (const found of adapters.openPictures(paths, { channels, signal })) {
      signal?.throwIfAborted();
      waiting.push(found);
      if (waiting.filter((one) => 'picture' in one).length === atOnce) yield* await flush();
    }
    yield* await flush();
  } finally {
    await opened?.engine.dispose();
  }
}
