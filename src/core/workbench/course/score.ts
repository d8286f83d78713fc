import type { TableFigure } from './figure.ts';

/** A fault that a learner named in something that has one, what was mended for it, and whether the engine found it well then. */
export interface Attempt {
  /** Which of the lesson's items: a patient. */
  readonly item: string;
  readonly named: string;
  /** What was put right before the run was computed anew. */
  readonly mended: string;
  /** It then was a run without fault, bit for bit. */
  readonly proved: boolean;
}

/** What came of the attempts on one item: the last one, or the one that proved it. */
export interface ItemScore extends Omit<Attempt, 'item'> {
  /** Different names in a row that were tried, this one included. */
  readonly attempts: number;
}

/** By the item's name. */
export type Score = Readonly<Record<string, ItemScore>>;

/** Adds attempts. What is proved stays so, and the same name once more is no new attempt. */
export function addAttempts(before: Score, attempts: readonly Attempt[]): Score {
  const score: Record<string, ItemScore> = { ...before };
  for (const { item, ...attempt } of attempts) {
    const known = Object.hasOwn(score, item) ? score[item] : undefined;
    if (known?.proved || known?.named === attempt.named) continue;
    score[item] = { ...attempt, attempts: (known?.attempts ?? 0) + 1 };
  }
  return score;
}

/** The better of two scores for each item: what is proved with the fewest attempts, else what was tried more often. */
export function joinScores(here: Score, other: Score): Score {
  const joined: Record<string, ItemScore> = { ...here };
  for (const [item, theirs] of Object.entries(other)) {
    const ours = Object.hasOwn(here, item) ? here[item] : undefined;
    if (!ours || isBetter(theirs, ours)) joined[item] = theirs;
  }
  return joined;
}

const isBetter = (a: ItemScore, b: ItemScore): boolean =>
  a.proved === b.proved ? (a.proved ? a.attempts < b.attempts : a.attempts > b.attempts) : a.proved;

/** @param items all that there are, in their order. */
export const countProved = (items: readonly string[], score: Score): number =>
  items.filter((item) => Object.hasOwn(score, item) && score[item].proved).length;

/** Which were named, mended and proved. @param items all that there are, in their order. @param noun what one is: `patient`. */
export function scoreFigure(noun: string, items: readonly string[], score: Score): TableFigure {
  const rows = items.map((item) => {
    const one = Object.hasOwn(score, item) ? score[item] : undefined;
    return one
      ? [item, one.named, one.mended, one.proved ? 'yes' : 'not yet', String(one.attempts)]
      : [item, '–', '–', '–', '0'];
  });
  const proved = countProved(items, score);
  const named = items.filter((item) => Object.hasOwn(score, item)).length;
  const first = items.filter((item) => Object.hasOwn(score, item) && score[item].proved && score[item].attempts === 1);
  return {
    kind: 'table',
    title: `Score: ${proved} of ${items.length}`,
    columns: [noun, 'named', 'mended to', 'proved', 'attempts'],
    rows,
    words: `${named} of ${items.length} named and mended, ${proved} proved to be it, ${first.length} of them at the first attempt.`,
  };
}
