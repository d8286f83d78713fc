import type { Classifier } from '../classifier/classifier.ts';
import { openClassifier, preparePicture } from '../classifier/classify.ts';
import { builtIns } from '../dataset/builtin/index.ts';
import { type Dataset, pictureAt } from '../dataset/dataset.ts';
import { FoveaError } from '../errors.ts';
import { type Agreement, agrees, compareLogits, proofLimits } from '../export/proof.ts';
import type { Picture } from '../image/picture.ts';
import { summarize } from '../model/summary.ts';
import type { Adapters } from './adapters.ts';

/** What came of running a model elsewhere, on the same pictures. */
export type Proof =
  | ({ readonly proved: true; readonly runtime: string; readonly source: string } & Agreement)
  | { readonly proved: false; readonly why: string };

/** Another program that ran a model, or why there is none. */
export type RunElsewhere = { readonly runtime: string; readonly values: Float32Array } | { readonly missing: string };

/** Pictures that a proof is made on, as the classifier takes them. */
export interface ProofPictures {
  /** What they are, for the record. */
  readonly source: string;
  readonly pictures: readonly Picture[];
}

const mostPictures = 64;

/** Pictures of a data set, the test part first, or of a built-in one. @throws FoveaError. */
export async function proofPictures(
  adapters: Adapters,
  classifier: Classifier,
  data: string | undefined,
  signal: AbortSignal | undefined,
): Promise<ProofPictures> {
  const [height, width, channels] = classifier.model.input;
  if (data === undefined) {
    const name = channels === 1 ? 'digits' : 'shapes';
    const { test } = builtIns.get(name)!.generate({ train: 1, test: mostPictures });
    return { source: `built-in set '${name}'`, pictures: take(classifier, test!) };
  }
  const source = await adapters.openData(data, { size: { height, width }, channels: channels as 1 | 3, signal });
  const part = source.test ?? source.val ?? source.train;
  if (!part || part.count === 0) throw new FoveaError(`Expected pictures in '${data}' but received none`);
  return { source: data, pictures: take(classifier, part) };
}

/** Evenly spaced, so that all classes are there where they stand one after the other. */
function take(classifier: Classifier, dataset: Dataset): Picture[] {
  const count = Math.min(mostPictures, dataset.count);
  return Array.from({ length: count }, (_, i) =>
    preparePicture(classifier, pictureAt(dataset, Math.floor((i * dataset.count) / count))),
  );
}

/** The engine's logits of pictures that are prepared. */
export async function engineLogits(
  adapters: Adapters,
  classifier: Classifier,
  pictures: readonly Picture[],
  threads: number | undefined,
): Promise<Float32Array> {
  const inline = summarize(classifier.model).macs * pictures.length <= 200e6;
  const engine = await adapters.createEngine({ threads, inline });
  try {
    return await (await openClassifier(engine, classifier, Math.min(16, pictures.length))).logits(pictures);
  } finally {
    await engine.dispose();
  }
}

/**
 * Compares. @param what the thing that was run, for the error.
 * @throws FoveaError where both do not compute the same model: then nothing is written.
 */
export function judge(
  what: string,
  expected: Float32Array,
  ran: RunElsewhere,
  { source }: ProofPictures,
  classes: number,
): Proof {
  if ('missing' in ran) return { proved: false, why: ran.missing };
  const agreement = compareLogits(expected, ran.values, classes);
  if (!agrees(agreement)) {
    const { relativeDifference, otherTopClass, pictures } = agreement;
    throw new FoveaError(
      `Expected ${what} to give what the engine gives, up to ${proofLimits.relativeDifference} of the range, but received a difference of ${relativeDifference.toPrecision(2)} in ${ran.runtime}, and another first class for ${otherTopClass} of ${pictures} pictures`,
      'Nothing was written. This is a bug in Fovea: please report it with the model',
    );
  }
  return { proved: true, runtime: ran.runtime, source, ...agreement };
}
