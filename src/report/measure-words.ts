import { type MeasureName, topOf } from '../core/evaluate/measures.ts';
import type { TestOutcome } from '../core/workbench/test.ts';
import { percent } from './numbers.ts';

/** How a figure of a test is called and written, and what it says. */
export interface MeasureWords {
  readonly name: MeasureName;
  readonly title: string;
  readonly format: (value: number) => string;
  readonly says: string;
  /** What it says in a few words: of those figures that a terminal shows, too. */
  readonly brief?: string;
}

export const share = (value: number): string => percent(value);
export const plain = (value: number): string => value.toFixed(3);

/** THE LIST of figures that a person reads, in the order of their tables; --json has all. */
const measureWords: readonly MeasureWords[] = [
  { name: 'accuracy', title: 'Accuracy', format: share, says: 'share of the answers that are right' },
  {
    ...{ name: 'topAccuracy', title: 'Top accuracy', format: share },
    says: 'share of the pictures whose class is among the likeliest',
    brief: 'the true class is among the likeliest',
  },
  {
    ...{ name: 'balancedAccuracy', title: 'Balanced accuracy', format: share },
    says: 'mean over the classes of their recall, small classes counting like large ones',
    brief: 'mean recall, each class alike',
  },
  {
    ...{ name: 'macroPrecision', title: 'Precision, macro', format: share },
    says: 'mean over the classes: of what is called so, the share that is',
  },
  {
    ...{ name: 'macroRecall', title: 'Recall, macro', format: share },
    says: 'mean over the classes: of what is so, the share that is called so',
  },
  {
    ...{ name: 'macroF1', title: 'F1, macro', format: share },
    says: 'mean over the classes of the harmonic mean of the two',
    brief: 'mean F1, each class alike',
  },
  {
    ...{ name: 'weightedF1', title: 'F1, weighted', format: share },
    says: 'the same, classes weighing as many pictures as they have',
  },
  {
    ...{ name: 'logLoss', title: 'Log loss', format: plain },
    says: 'mean surprise at the truth; 0 is best',
    brief: 'surprise at the truth, 0 is best',
  },
  {
    ...{ name: 'brier', title: 'Brier score', format: plain },
    says: 'mean squared distance of the probabilities from the truth; 0 is best, 2 worst',
  },
  {
    ...{ name: 'ece', title: 'Calibration error', format: share },
    says: 'mean gap between how sure answers are and how often they are right',
    brief: 'mean gap of sureness and accuracy',
  },
  {
    ...{ name: 'kappa', title: "Cohen's kappa", format: plain },
    says: 'agreement beyond chance; 1 is best, 0 is chance',
  },
  {
    ...{ name: 'matthews', title: 'Matthews correlation', format: plain },
    says: 'the same idea, fair to classes of any size',
    brief: 'agreement beyond chance, 1 is best',
  },
  {
    ...{ name: 'macroRocAuc', title: 'ROC AUC', format: plain },
    says: 'chance that a picture of a class is ranked above one that is not; 0.5 is chance',
    brief: 'ranks a class above others, 0.5 by chance',
  },
  {
    ...{ name: 'macroAveragePrecision', title: 'Average precision', format: plain },
    says: 'mean precision over all thresholds; 1 is best',
  },
];

/** A figure of a test as it is told. */
export interface ToldMeasure extends MeasureWords {
  readonly value: string;
  /** `0.91 to 0.95`; empty where none was computed. */
  readonly interval: string;
}

/** The figures that a test gave. */
export const toldMeasures = ({
  measures,
  intervals,
  interval: ofAccuracy,
  classes,
}: Pick<TestOutcome, 'measures' | 'intervals' | 'interval' | 'classes'>): ToldMeasure[] =>
  measureWords.flatMap((words) => {
    const value = measures[words.name];
    if (value === undefined) return [];
    const top = words.name === 'topAccuracy' ? topOf(classes.length) : undefined;
    const likeliest = (text: string) => text.replace('likeliest', top === undefined ? 'likeliest' : `${top} likeliest`);
    // One interval of accuracy wherever it stands: Wilson's, as in the verdict.
    const told = words.name === 'accuracy' ? ofAccuracy : intervals[words.name];
    return [
      {
        ...words,
        title: top === undefined ? words.title : `Top-${top} accuracy`,
        says: likeliest(words.says),
        ...(words.brief === undefined ? {} : { brief: likeliest(words.brief) }),
        value: words.format(value),
        interval: told?.map(words.format).join(' to ') ?? '',
      },
    ];
  });
