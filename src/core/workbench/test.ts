import type { Classifier } from '../classifier/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { hashDataset } from '../dataset/hash.ts';
import { originOf } from '../dataset/leak-gate.ts';
import { invalid } from '../errors.ts';
import type { PictureAnswers } from '../evaluate/answers.ts';
import { assess, type Evaluation } from '../evaluate/evaluate.ts';
import { evaluateForeign, type ForeignEvaluation } from '../evaluate/foreign.ts';
import { type Logits, readLogits } from '../evaluate/logits.ts';
import { compareAnswers, type PairedComparison } from '../evaluate/paired.ts';
import { type RobustnessCurve, testRobustness } from '../evaluate/robustness.ts';
import { type Slice, sliceAccuracy } from '../evaluate/slices.ts';
import type { TestTimeAugmentation } from '../image/test-time-augmentation.ts';
import { summarize } from '../model/summary.ts';
import type { Adapters } from './adapters.ts';
import { loadClassifier } from './load-classifier.ts';
import { type Look, recordLook } from './looks.ts';
import { note } from './notes.ts';
import type { RunData } from './run-folder.ts';
import { keepTest } from './test-file.ts';
import { openForeign, openTestPictures, type TestPictures } from './test-pictures.ts';
import { slicePictures } from './test-slices.ts';
import type { VerbOptions } from './verb.ts';
import { foveaVersion } from './version.ts';
import { withEngine } from './with-engine.ts';

export { loadClassifier } from './load-classifier.ts';

export interface TestRequest {
  /** A run's folder, or a classifier's .safetensors file. */
  readonly run: string;
  /** Further ones, tested on the same pictures and compared with the first. */
  readonly others?: readonly string[];
  /** Other data than the run was trained on; their test part is taken. */
  readonly data?: string;
  readonly threads?: number;
  /** How often the pictures are drawn again for the intervals; 0: no intervals. Default 1000. */
  readonly resamples?: number;
  /** Data with pictures of another kind, which the model should not be sure of. */
  readonly foreign?: string;
  /** Also tests on disturbed pictures: moved, turned, blurred, and so on. */
  readonly robustness?: boolean;
  /** A table with a row a picture, by whose columns accuracy is told. */
  readonly slices?: string;
}

/** A model that was tested. */
export interface TestedModel {
  readonly run: string;
  readonly model: string;
  readonly parameters: number;
  /** Views by whose mean it answers; absent: each picture as it is. */
  readonly testTimeAugmentation?: TestTimeAugmentation;
}

/** A further model on the same pictures. */
export interface OtherModel extends TestedModel {
  readonly accuracy: number;
  readonly interval: readonly [low: number, high: number];
  /** With the first one: `onlyFirst` are pictures that the first has right and this one wrong. */
  readonly comparison: Omit<PairedComparison, 'onlyFirstPictures' | 'onlySecondPictures'> & {
    readonly onlyFirstPictures: readonly DividedPicture[];
    readonly onlySecondPictures: readonly DividedPicture[];
  };
}

/** A picture that only one of two models has right; classes are places in the first one's class names. */
export interface DividedPicture {
  readonly origin: string;
  readonly label: number;
  /** The wrong answer, as a name, and its probability. */
  readonly wrong: string;
  readonly probability: number;
}

export interface TestOutcome extends Evaluation, TestedModel {
  /** ISO 8601, UTC, and the version of Fovea. */
  readonly at: string;
  readonly fovea: string;
  /** Where the test pictures come from. */
  readonly data: string;
  /** Hash of the split whose test part it was; undefined for a test part that the data have themselves. */
  readonly split: string | undefined;
  /** Hash of the test pictures, as the model sees them, and their labels. */
  readonly testHash: string;
  /** Every look at test pictures is counted: who chooses by what they say has no test pictures any more. */
  readonly look: Look;
  /** The surely worst first. */
  readonly slices: readonly Slice[];
  readonly foreign: (ForeignEvaluation & { readonly data: string; readonly name: string }) | undefined;
  readonly others: readonly OtherModel[];
  /** Of each model, in the order of the runs; undefined where it was not asked for. */
  readonly robustness: readonly (TestedModel & { readonly curves: readonly RobustnessCurve[] })[] | undefined;
}

export interface TestOptions extends VerbOptions {
  /** Told what the (first) classifier said of every picture, once the look is counted. */
  readonly onAnswers?: (answers: Logits, pictures: Dataset) => Promise<void>;
}

/** Models that are compared at most. */
const mostModels = 8;

/**
 * Tests on the test pictures and on nothing else: where data have no test part there is no silent substitute. The look
 * is counted and dated before anything of it is told. What was found is kept in the run's folder, see `keepTest`.
 * @throws FoveaError saying how to get a test part.
 */
export async function testRun(
  adapters: Adapters,
  request: TestRequest,
  options: TestOptions = {},
): Promise<TestOutcome> {
  const { run, others: otherRuns = [], threads, resamples } = request;
  const { signal, onEvent } = options;
  const repeated = [run, ...otherRuns].find((one, i, all) => all.indexOf(one) !== i);
  if (repeated !== undefined) throw invalid('models that differ', 'the test', `'${repeated}' twice`);
  if (otherRuns.length >= mostModels) throw invalid(`at most ${mostModels} models`, 'the test', otherRuns.length + 1);
  const classifier = await loadClassifier(adapters, run, onEvent);
  const others: { run: string; classifier: Classifier }[] = [];
  for (const other of otherRuns)
    others.push({ run: other, classifier: await loadClassifier(adapters, other, onEvent) });
  const pictures = await openTestPictures(adapters, request, classifier, options);
  const { dataset, data, split } = pictures;
  const slicing = await slicePictures(adapters, request, pictures, options);
  const nameOf = (i: number): string => originOf(dataset, 'test', i);
  const known = await answer(adapters, classifier, pictures, threads, options);
  const { classNames, calibration } = classifier;
  const { evaluation, answered } = assess(known, classNames, { resamples, calibration, nameOf });
  const { images, accuracy } = evaluation;
  const test = split?.hash ?? adapters.resolveData(data);
  const seen = { at: adapters.now(), run, test, images, accuracy };
  const { look, problem } = await recordLook(adapters.storage, seen, adapters.runs);
  if (problem) onEvent?.(note('look-not-written', { reason: problem }));
  // By the number of the look these are looks as well, but of one and the same moment.
  const compared: OtherModel[] = [];
  for (const other of others) {
    compared.push(
      await compareWith(adapters, other, { request, first: classifier, pictures, answered, nameOf }, options),
    );
  }
  const foreign =
    request.foreign === undefined
      ? undefined
      : await foreignOf(adapters, request.foreign, classifier, known.logits, threads, options);
  const robustness: NonNullable<TestOutcome['robustness']>[number][] = [];
  if (request.robustness) {
    for (const one of [{ run, classifier }, ...others]) {
      const shown =
        one.classifier === classifier
          ? pictures
          : await openTestPictures(adapters, { ...request, from: classifier }, one.classifier, options);
      const curves = await withEngine(adapters, threads, (engine) =>
        testRobustness(engine, one.classifier, shown.dataset, {
          recompress: adapters.recompress,
          signal,
          onProgress: (done, total) =>
            onEvent?.({ kind: 'progress', doing: `Disturbing pictures for ${one.run}`, done, total }),
        }),
      );
      robustness.push({ ...describe(one), curves });
    }
  }
  const outcome: TestOutcome = {
    ...describe({ run, classifier }),
    at: look.at,
    fovea: foveaVersion,
    data,
    split: split?.hash,
    testHash: await hashDataset(dataset),
    look,
    ...evaluation,
    slices: sliceAccuracy(answered.right, slicing),
    foreign,
    others: compared,
    robustness: request.robustness ? robustness : undefined,
  };
  await options.onAnswers?.(known, dataset);
  await keepTest(adapters, outcome, options);
  return outcome;
}

function describe({ run, classifier }: { readonly run: string; readonly classifier: Classifier }): TestedModel {
  const { recipe } = classifier.origin as { recipe?: { modelName?: unknown } };
  const named = recipe?.modelName;
  return {
    run,
    model: typeof named === 'string' ? named : 'a model without a name',
    parameters: summarize(classifier.model).parameters,
    ...(classifier.testTimeAugmentation ? { testTimeAugmentation: classifier.testTimeAugmentation } : {}),
  };
}

async function answer(
  adapters: Adapters,
  classifier: Classifier,
  { dataset }: Pick<TestPictures, 'dataset'>,
  threads: number | undefined,
  { signal, onEvent }: VerbOptions,
): ReturnType<typeof readLogits> {
  return withEngine(adapters, threads, (engine) =>
    readLogits(engine, classifier, dataset, {
      signal,
      onProgress: (done, images) => onEvent?.({ kind: 'validate', epoch: 0, done, images }),
    }),
  );
}

async function compareWith(
  adapters: Adapters,
  other: { readonly run: string; readonly classifier: Classifier },
  known: {
    readonly request: TestRequest;
    readonly first: Classifier;
    readonly pictures: TestPictures;
    readonly answered: PictureAnswers;
    readonly nameOf: (picture: number) => string;
  },
  options: VerbOptions,
): Promise<OtherModel> {
  const { request, first, pictures, answered, nameOf } = known;
  const { classifier, run } = other;
  const own = await openTestPictures(adapters, { ...request, from: first }, classifier, options);
  const count = pictures.dataset.count;
  if (own.dataset.count !== count) {
    throw invalid(`the same ${count} pictures for all models`, `the test of '${run}'`, own.dataset.count);
  }
  tellIfSeen(first, other, options);
  const read = await answer(adapters, classifier, own, request.threads, options);
  const { classNames, calibration } = classifier;
  const { evaluation, answered: others } = assess(read, classNames, { resamples: 0, calibration });
  const found = compareAnswers(answered, others);
  const divided =
    (wrong: PictureAnswers, names: readonly string[]) =>
    (picture: number): DividedPicture => ({
      origin: nameOf(picture),
      label: answered.labels[picture],
      wrong: names[wrong.predictions[picture]],
      probability: wrong.confidences[picture],
    });
  return {
    ...describe(other),
    accuracy: evaluation.accuracy,
    interval: evaluation.interval,
    comparison: {
      ...found,
      onlyFirstPictures: found.onlyFirstPictures.map(divided(others, classNames)),
      onlySecondPictures: found.onlySecondPictures.map(divided(answered, first.classNames)),
    },
  };
}

/** A model that was trained by another split may have seen the pictures that it is tested on here. */
function tellIfSeen(
  first: Classifier,
  { run, classifier }: { run: string; classifier: Classifier },
  options: VerbOptions,
): void {
  const [a, b] = [first, classifier].map(({ origin }) => origin.data as Partial<RunData> | undefined);
  const same = a?.source === b?.source && a?.split?.hash === b?.split?.hash;
  if (same) return;
  options.onEvent?.(note('may-have-seen', { run }));
}

async function foreignOf(
  adapters: Adapters,
  data: string,
  classifier: Classifier,
  known: Float32Array,
  threads: number | undefined,
  options: VerbOptions,
): Promise<NonNullable<TestOutcome['foreign']>> {
  const dataset = await openForeign(adapters, data, classifier, options);
  const { logits } = await answer(adapters, classifier, { dataset }, threads, options);
  const { classNames, calibration } = classifier;
  const found = evaluateForeign(known, logits, classNames.length, calibration?.temperature);
  return { data, name: dataset.name, ...found };
}
