import type { PictureAnswers } from './answers.ts';
import { descending } from './ranking.ts';

/** One picture and what was said of it. Classes are places in the classifier's class names. */
export interface AnsweredPicture {
  /** Its place among the pictures that were tested, from 0. */
  readonly picture: number;
  /** Where it came from. */
  readonly origin: string;
  readonly label: number;
  readonly predicted: number;
  /** Of the predicted class, and of the true one. */
  readonly probability: number;
  readonly truth: number;
  /** Surprise at the label: -ln of the true class's probability. */
  readonly loss: number;
}

/** A cell of the confusion matrix off its diagonal. */
export interface ConfusedPair {
  readonly label: number;
  readonly predicted: number;
  readonly count: number;
  /** Of the pictures of the class. */
  readonly share: number;
  /** The surest first; not all, where there are many. */
  readonly pictures: readonly AnsweredPicture[];
}

/** What went wrong, the worst first. */
export interface ErrorList {
  readonly count: number;
  readonly highestLosses: readonly AnsweredPicture[];
  /** Wrong answers, the surest first. */
  readonly surestMistakes: readonly AnsweredPicture[];
  /** The most frequent first. */
  readonly confused: readonly ConfusedPair[];
}

const mostListed = 24;
const mostPairs = 300;
/** Pictures of all pairs together, and of one. */
const mostInPairs = 1200;
const mostInPair = 12;

/** Lists errors as a person looks at them; see `ErrorList`. @param nameOf where a picture came from. */
export function listErrors(answers: PictureAnswers, nameOf: (picture: number) => string = String): ErrorList {
  const { labels, predictions, confidences, right, losses, probabilities, classes } = answers;
  const describe = (picture: number): AnsweredPicture => ({
    picture,
    origin: nameOf(picture),
    label: labels[picture],
    predicted: predictions[picture],
    probability: confidences[picture],
    truth: probabilities[picture * classes + labels[picture]],
    loss: losses[picture],
  });
  const byLoss = [...descending(losses).subarray(0, mostListed)];
  const wrong = [...descending(confidences)].filter((i) => right[i] === 0);
  const supports = new Array<number>(classes).fill(0);
  for (const label of labels) supports[label]++;
  const cells = new Map<number, number[]>();
  for (const i of wrong) {
    const cell = labels[i] * classes + predictions[i];
    const members = cells.get(cell);
    if (members) members.push(i);
    else cells.set(cell, [i]);
  }
  const ranked = [...cells].sort(([a, x], [b, y]) => y.length - x.length || a - b).slice(0, mostPairs);
  const shown = Math.max(1, Math.min(mostInPair, Math.floor(mostInPairs / Math.max(1, ranked.length))));
  return {
    count: wrong.length,
    highestLosses: byLoss.map(describe),
    surestMistakes: wrong.slice(0, mostListed).map(describe),
    confused: ranked.map(([cell, members]) => {
      const label = Math.floor(cell / classes);
      return {
        label,
        predicted: cell % classes,
        count: members.length,
        share: members.length / supports[label],
        pictures: members.slice(0, shown).map(describe),
      };
    }),
  };
}
