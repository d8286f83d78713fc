import { FoveaError, invalid } from '../errors.ts';
import { holm } from '../evaluate/holm.ts';
import { mcnemarTest, type PairedTest } from '../evaluate/mcnemar.ts';
import { rightOnes } from '../evaluate/predictions.ts';
import { meanAndDeviation, type WelchTest, welchTest } from '../evaluate/welch.ts';
import type { EpochRecord } from '../train/history.ts';
import type { Adapters } from './adapters.ts';
import { type RecipeDifference, recipeDifferences, seedlessKey } from './recipe-differences.ts';
import { rememberData } from './remember-data.ts';
import { openRunFolder, type RunDescription, type RunStatus } from './run-folder.ts';
import { openRunData } from './training-data.ts';
import type { VerbOptions } from './verb.ts';
import { withEngine } from './with-engine.ts';

export interface CompareRequest {
  /** Folders of two runs or more; the first is what the others are compared with. */
  readonly runs: readonly string[];
  readonly threads?: number;
}

export interface ComparedRun {
  /** A, B, C, … */
  readonly letter: string;
  readonly run: string;
  readonly status: RunStatus;
  readonly model: string;
  readonly data: string;
  readonly seed: number;
  readonly history: readonly EpochRecord[];
  readonly best: EpochRecord | undefined;
  readonly valImages: number;
  readonly valHash: string;
}

/** Runs of one recipe that differ by their seeds alone. */
export interface RunGroup {
  readonly letters: readonly string[];
  /** Of the val accuracy at each run's best epoch, deviation with n - 1. */
  readonly mean: number;
  readonly deviation: number;
}

/** What can be said about the difference of two groups. */
export type Verdict =
  | ({ readonly kind: 'mcnemar'; readonly p: number } & Pair & PairedTest)
  | ({ readonly kind: 'welch' } & Pair & WelchTest)
  | ({ readonly kind: 'nothing'; readonly reason: string } & Pair);

interface Pair {
  /** Letters of the runs on either side. */
  readonly first: readonly string[];
  readonly second: readonly string[];
  /** Whether the difference is more than chance at 5 %, p being multiplied by the number of comparisons (Holm). */
  readonly real: boolean | undefined;
  readonly holmP?: number;
}

export interface Comparison {
  readonly runs: readonly ComparedRun[];
  readonly differences: readonly RecipeDifference[];
  readonly groups: readonly RunGroup[];
  readonly verdicts: readonly Verdict[];
}

const most = 26;

/**
 * Lays runs beside each other and says whether their difference in val accuracy is more than chance: by seeds where both
 * recipes have several (Welch), else on the same val pictures (McNemar). Test pictures are not touched.
 * @throws FoveaError for fewer than two runs, for one that has no epoch yet, for a folder that is none.
 */
export async function compareRuns(
  adapters: Adapters,
  { runs, threads }: CompareRequest,
  options: VerbOptions = {},
): Promise<Comparison> {
  const repeated = runs.find((run, i) => runs.indexOf(run) !== i);
  if (repeated !== undefined) throw invalid('runs that differ', 'the comparison', `'${repeated}' twice`);
  if (runs.length < 2 || runs.length > most) throw invalid(`2 to ${most} runs`, 'the comparison', runs.length);
  const descriptions: RunDescription[] = [];
  const compared: ComparedRun[] = [];
  for (const [i, run] of runs.entries()) {
    const folder = openRunFolder(adapters.storage, run);
    const description = await folder.readDescription();
    const history = await folder.readHistory();
    if (history.length === 0) throw new FoveaError(`The run '${run}' has no epoch yet, so there is nothing to compare`);
    descriptions.push(description);
    const { recipe, data, status, best } = description;
    compared.push({
      letter: String.fromCharCode(65 + i),
      run,
      status,
      model: recipe.modelName,
      data: data.name,
      seed: recipe.seed,
      history,
      best,
      valImages: data.images.val,
      valHash: data.val,
    });
  }
  const keys = descriptions.map(seedlessKey);
  const members = [...new Set(keys)].map((key) => compared.filter((_, i) => keys[i] === key));
  const groups = members.map((group): RunGroup => {
    const { mean, deviation } = meanAndDeviation(group.map(({ best }) => best?.valAccuracy ?? Number.NaN));
    return { letters: group.map(({ letter }) => letter), mean, deviation };
  });
  const predict = predictor(rememberData(adapters), descriptions, compared, threads, options);
  const verdicts: Verdict[] = [];
  for (const other of members.slice(1)) verdicts.push(await judge(members[0], other, predict));
  return { runs: compared, differences: recipeDifferences(descriptions), groups, verdicts: withHolm(verdicts) };
}

type Predict = (run: ComparedRun) => Promise<Uint8Array>;

async function judge(
  first: readonly ComparedRun[],
  second: readonly ComparedRun[],
  predict: Predict,
): Promise<Verdict> {
  const pair = {
    first: first.map(({ letter }) => letter),
    second: second.map(({ letter }) => letter),
    real: undefined,
  };
  if (first.length > 1 && second.length > 1) {
    const [a, b] = [first, second].map((group) => group.map(({ best }) => best?.valAccuracy ?? Number.NaN));
    const found = welchTest(a, b);
    if (found) return { kind: 'welch', ...pair, ...found };
    return { kind: 'nothing', ...pair, reason: 'within each recipe all seeds gave the same accuracy' };
  }
  // One of each that saw the same val pictures.
  const pairs = first.flatMap((a) => second.filter((b) => b.valHash === a.valHash).map((b) => [a, b] as const));
  const chosen = pairs.find(([a, b]) => a.seed === b.seed) ?? pairs[0];
  if (!chosen) {
    const split = 'Give both the same pictures: the same --seed, or a split made by fovea data split';
    return {
      kind: 'nothing',
      ...pair,
      reason: `they validated on different pictures, so that their accuracies do not compare. ${split}`,
    };
  }
  let a: Uint8Array;
  let b: Uint8Array;
  try {
    [a, b] = await Promise.all(chosen.map(predict));
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    return { kind: 'nothing', ...pair, reason: `their models could not be run on the val pictures: ${error.message}` };
  }
  let [onlyFirst, onlySecond] = [0, 0];
  for (let i = 0; i < a.length; i++) {
    if (a[i] > b[i]) onlyFirst++;
    else if (b[i] > a[i]) onlySecond++;
  }
  const test = mcnemarTest(onlyFirst, onlySecond, a.length);
  return {
    kind: 'mcnemar',
    ...test,
    ...pair,
    first: [chosen[0].letter],
    second: [chosen[1].letter],
    p: test.midP,
  };
}

/** Corrected for their number, over all that were tested. */
function withHolm(verdicts: readonly Verdict[]): Verdict[] {
  const tested = verdicts.filter((one) => one.kind !== 'nothing');
  const corrected = holm(tested.map(({ p }) => p));
  return verdicts.map((one) => {
    const place = tested.indexOf(one as (typeof tested)[number]);
    return place < 0 ? one : { ...one, holmP: corrected[place], real: corrected[place] < 0.05 };
  });
}

/** Which val pictures a run's best model has right; pictures of several runs are opened once. */
function predictor(
  adapters: Adapters,
  descriptions: readonly RunDescription[],
  compared: readonly ComparedRun[],
  threads: number | undefined,
  options: VerbOptions,
): Predict {
  const known = new Map<string, Promise<Uint8Array>>();
  // One engine at a time: they would only take each other's cores.
  let last: Promise<unknown> = Promise.resolve();
  const compute = async (run: ComparedRun): Promise<Uint8Array> => {
    const classifier = await openRunFolder(adapters.storage, run.run).readClassifier();
    const { val } = await openRunData(adapters, descriptions[compared.indexOf(run)], run.run, options);
    return withEngine(adapters, threads, (engine) => rightOnes(engine, classifier, val, options.signal));
  };
  return (run) => {
    let found = known.get(run.run);
    if (!found) {
      found = last.then(() => compute(run));
      last = found.catch(() => undefined);
      known.set(run.run, found);
    }
    return found;
  };
}
