import { exp, log } from '../maths.ts';
import { RandomStream } from '../random.ts';
import { correctedPercentiles, type Interval } from './bootstrap.ts';
import { predictionsOf } from './predictions.ts';
import { probabilitiesOf } from './probabilities.ts';
import { descending, rocAuc } from './ranking.ts';

/** A number for each picture that is higher for pictures like those that the classifier knows. */
export interface FamiliarityScore {
  readonly name: string;
  /** One sentence, with its source. */
  readonly doc: string;
  /** @param logits [n, classes]. */
  score(logits: ArrayLike<number>, classes: number, temperature: number): Float64Array;
}

/** THE LIST of scores; the first is the one that counts, the others are told beside it. */
export const familiarityScores: readonly FamiliarityScore[] = [
  {
    name: 'energy',
    doc: 'T ln Σ exp(logit / T), large where any class speaks loudly (Liu et al., NeurIPS 2020).',
    score(logits, classes, temperature) {
      return perPicture(logits, classes, (start, largest) => {
        let sum = 0;
        for (let c = 0; c < classes; c++) sum += exp((logits[start + c] - largest) / temperature);
        return largest + temperature * log(sum);
      });
    },
  },
  {
    name: 'maxLogit',
    doc: 'The largest logit (Hendrycks et al., ICML 2022).',
    score: (logits, classes) => perPicture(logits, classes, (_, largest) => largest),
  },
  {
    name: 'maxProbability',
    doc: 'The probability of the answer (Hendrycks and Gimpel, ICLR 2017).',
    score(logits, classes, temperature) {
      const probabilities = probabilitiesOf(logits, classes, temperature);
      return Float64Array.from(predictionsOf(logits, classes), (c, i) => probabilities[i * classes + c]);
    },
  },
];

function perPicture(
  logits: ArrayLike<number>,
  classes: number,
  of: (start: number, largest: number) => number,
): Float64Array {
  return Float64Array.from({ length: logits.length / classes }, (_, i) => {
    const start = i * classes;
    let largest = -Infinity;
    for (let c = 0; c < classes; c++) largest = Math.max(largest, logits[start + c]);
    return of(start, largest);
  });
}

/** How well pictures of another kind are told from those that the classifier knows. */
export interface ForeignEvaluation {
  readonly images: number;
  /** By score: the chance that a known picture scores above a foreign one, 0.5 where they cannot be told apart. */
  readonly scores: readonly { readonly name: string; readonly doc: string; readonly auroc: number }[];
  /** Of the first score, and its 95 % interval by the bootstrap. */
  readonly auroc: number;
  readonly interval: Interval;
  /** Share of the foreign pictures that pass where 95 % of the known ones do. */
  readonly falseAlarms: number;
  /** Of the first score: shares of known and of foreign pictures in bins of equal width, for a chart. */
  readonly histogram: readonly {
    readonly low: number;
    readonly high: number;
    readonly known: number;
    readonly foreign: number;
  }[];
}

const bins = 40;

/** Compares scores of known pictures with those of foreign ones. @param known, foreign logits, [n, classes]. */
export function evaluateForeign(
  known: ArrayLike<number>,
  foreign: ArrayLike<number>,
  classes: number,
  temperature = 1,
  resamples = 200,
): ForeignEvaluation {
  const counts = { known: known.length / classes, foreign: foreign.length / classes };
  const compared = familiarityScores.map(({ name, doc, score }) => {
    const scores = new Float64Array(counts.known + counts.foreign);
    scores.set(score(known, classes, temperature));
    scores.set(score(foreign, classes, temperature), counts.known);
    const ranked = { scores, order: descending(scores), isPositive: (i: number) => i < counts.known };
    return { name, doc, ranked, auroc: rocAuc(ranked)! };
  });
  const [{ ranked, auroc }] = compared;
  const drawn = Array.from({ length: resamples }, (_, resample) => {
    const weights = new Float64Array(ranked.scores.length);
    const random = new RandomStream(1, 'sample', resample, 0xf04e);
    for (let i = 0; i < counts.known; i++) weights[random.below(counts.known)]++;
    for (let i = 0; i < counts.foreign; i++) weights[counts.known + random.below(counts.foreign)]++;
    return rocAuc({ ...ranked, weights })!;
  });
  const own = ranked.scores.subarray(0, counts.known);
  const others = ranked.scores.subarray(counts.known);
  const pass = Float64Array.from(own).sort()[Math.floor(0.05 * counts.known)];
  return {
    images: counts.foreign,
    scores: compared.map(({ name, doc, auroc: value }) => ({ name, doc, auroc: value })),
    auroc,
    interval: correctedPercentiles(drawn, auroc, 0.95),
    falseAlarms: others.filter((score) => score >= pass).length / counts.foreign,
    histogram: histogramOf(own, others),
  };
}

function histogramOf(own: Float64Array, others: Float64Array): ForeignEvaluation['histogram'] {
  let [low, high] = [Infinity, -Infinity];
  for (const list of [own, others])
    for (const score of list) [low, high] = [Math.min(low, score), Math.max(high, score)];
  const width = (high - low) / bins || 1;
  const shares = [own, others].map((list) => {
    const counts = new Float64Array(bins);
    for (const score of list) counts[Math.min(bins - 1, Math.floor((score - low) / width))]++;
    return counts.map((count) => count / list.length);
  });
  return Array.from({ length: bins }, (_, i) => ({
    low: low + i * width,
    high: low + (i + 1) * width,
    known: shares[0][i],
    foreign: shares[1][i],
  }));
}
