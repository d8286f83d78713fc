import type { Engine } from '../backend/backend.ts';
import { type ClassifierSession, openClassifier, type Prediction } from '../classifier/classify.ts';
import { FoveaError } from '../errors.ts';
import type { Picture } from '../image/picture.ts';
import { summarize } from '../model/summary.ts';
import type { Adapters } from './adapters.ts';
import { loadClassifier } from './test.ts';
import type { VerbOptions } from './train.ts';

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
  | { readonly file: string; readonly top: readonly Prediction[] }
  | { readonly file: string; readonly error: string };

/** Pictures that are decoded and then run together. */
const atOnce = 16;

/** Multiply-adds that are done before threads would have started: some 30 ms of one core. */
const inlineWork = 200e6;

/** @throws FoveaError when not a single file could be read. */
export async function classifyFiles(
  adapters: Adapters,
  { run, paths, top = 3, threads }: ClassifyRequest,
  { signal }: VerbOptions = {},
): Promise<ClassifiedFile[]> {
  const classifier = await loadClassifier(adapters, run);
  const { macs } = summarize(classifier.model);
  let opened: { readonly engine: Engine; readonly session: ClassifierSession } | undefined;
  try {
    const results: ClassifiedFile[] = [];
    let waiting: { place: number; file: string; picture: Picture }[] = [];
    /** Made when the first pictures are there: a few small ones need neither threads nor room for many. */
    const open = async (): Promise<NonNullable<typeof opened>> => {
      const all = waiting.length < atOnce;
      const engine = await adapters.createEngine({ threads, inline: all && macs * waiting.length <= inlineWork });
      return { engine, session: await openClassifier(engine, classifier, waiting.length) };
    };
    const flush = async (): Promise<void> => {
      opened ??= await open();
      const predictions = await opened.session.classify(
        waiting.map(({ picture }) => picture),
        top,
      );
      waiting.forEach(({ place, file }, i) => {
        results[place] = { file, top: predictions[i] };
      });
      waiting = [];
    };
    const channels = classifier.model.input[2] as 1 | 3;
    let place = 0;
    for await (const found of adapters.openPictures(paths, { channels, signal })) {
      signal?.throwIfAborted();
      if ('error' in found) results[place] = found;
      else waiting.push({ place, file: found.file, picture: found.picture });
      place++;
      if (waiting.length === atOnce) await flush();
    }
    if (waiting.length > 0) await flush();
    const failed = results.find((result) => 'error' in result);
    if (failed && 'error' in failed && results.every((result) => 'error' in result)) {
      const others = results.length > 1 ? ` and ${results.length - 1} more` : '';
      throw new FoveaError(`No picture could be read: '${failed.file}'${others}: ${failed.error}`);
    }
    return results;
  } finally {
    await opened?.engine.dispose();
  }
}
