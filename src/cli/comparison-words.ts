import type { Comparison, RunGroup, Verdict } from '../core/workbench/compare.ts';
import { count, percent } from './terminal/numbers.ts';

/** What a comparison says, a sentence or two each, for terminal and page alike. */
export function comparisonWords({ groups, verdicts, runs }: Comparison): string[] {
  const several = groups.filter(({ letters }) => letters.length > 1);
  const words = [...several.map(groupWords), ...verdicts.map(verdictWords)];
  const tested = verdicts.filter(({ kind }) => kind !== 'nothing');
  if (tested.length > 1) {
    words.push(
      `With ${tested.length} comparisons, p is corrected for their number (Holm): so many looks find something by chance.`,
    );
  }
  if (verdicts.some(({ kind }) => kind === 'mcnemar')) {
    words.push(
      'This compares two trained models on these val pictures. Whether one recipe is better than the other only several seeds of each can tell.',
    );
  }
  if (tested.length > 0) {
    words.push(
      'Every run chose its best epoch by its val pictures, so all these accuracies flatter a little; only fovea test tells how well a model does.',
    );
  }
  const unfinished = runs
    .filter(({ status }) => status !== 'finished' && status !== 'stopped-early')
    .map(({ letter }) => letter);
  if (unfinished.length > 0) words.push(`Not finished: ${unfinished.join(', ')}.`);
  return words;
}

function groupWords({ letters, mean, deviation }: RunGroup): string {
  return `${list(letters)} differ by their seeds alone: val accuracy ${percent(mean, 2)} on average, standard deviation ${(deviation * 100).toFixed(2)} points. Such differences are chance.`;
}

function verdictWords(verdict: Verdict): string {
  const [a, b] = [list(verdict.first), list(verdict.second)];
  if (verdict.kind === 'nothing') return `${a} and ${b}: nothing can be said, for ${verdict.reason}.`;
  const { difference, interval, holmP, real } = verdict;
  const size = `val accuracy of ${b} is ${signed(difference)} against ${a} (95 % interval ${short(interval[0])} to ${short(interval[1])}, p ${chance(holmP ?? verdict.p)})`;
  const judged = real
    ? `The difference is real: ${difference > 0 ? b : a} is better`
    : 'No difference can be told from chance';
  if (verdict.kind === 'welch') {
    return `${judged}. Over the seeds the mean ${size}; Welch's t test with ${verdict.degrees.toFixed(1)} degrees of freedom.`;
  }
  const { onlyFirst, onlySecond, images } = verdict;
  if (onlyFirst + onlySecond === 0)
    return `${a} and ${b} are right on the same ${count(images)} val pictures: no difference.`;
  return `${judged}. On the same ${count(images)} val pictures ${a} alone is right on ${count(onlyFirst)}, ${b} alone on ${count(onlySecond)}: ${size}; McNemar's test, mid-p.`;
}

const list = (letters: readonly string[]): string =>
  letters.length < 2 ? letters.join('') : `${letters.slice(0, -1).join(', ')} and ${letters[letters.length - 1]}`;

const short = (share: number): string => signed(share).replace(' points', '');

/** A difference of shares, `+1.25 points`: a percentage of percentages would be read in two ways. */
const signed = (share: number): string => `${share < 0 ? '−' : '+'}${(Math.abs(share) * 100).toFixed(2)} points`;

const chance = (p: number): string => (p < 0.0001 ? 'below 0.0001' : p.toFixed(4));
