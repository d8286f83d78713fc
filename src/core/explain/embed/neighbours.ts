import type { Features } from './features.ts';

/** A picture of the data, and how far it is: 1 - cosine, 0 … 2. */
export interface Neighbour {
  /** Place in the data set. */
  readonly index: number;
  readonly label: number;
  readonly distance: number;
}

/** Rows have length 1. */
function distances({ rows, size, count }: Features, from: ArrayLike<number>): Float64Array {
  return Float64Array.from({ length: count }, (_, row) => {
    let along = 0;
    for (let i = 0; i < size; i++) along += rows[row * size + i] * from[i];
    return Math.max(0, 1 - along);
  });
}

/** The rows nearest to one, the nearest first. @param from of length 1. */
export function nearestTo(features: Features, from: ArrayLike<number>, most: number): Neighbour[] {
  const far = distances(features, from);
  const order = Array.from(far.keys()).sort((a, b) => far[a] - far[b] || a - b);
  return order.slice(0, most).map((row) => neighbour(features, row, far[row]));
}

const neighbour = ({ indices, labels }: Features, row: number, distance: number): Neighbour => ({
  index: indices[row],
  label: labels[row],
  distance,
});

/** The mean direction of each class; 0 where it has no pictures. */
export function classMeans({ rows, size, count, labels }: Features, classes: number): Float64Array[] {
  const means = Array.from({ length: classes }, () => new Float64Array(size));
  for (let row = 0; row < count; row++) for (let i = 0; i < size; i++) means[labels[row]][i] += rows[row * size + i];
  for (const mean of means) {
    const length = Math.sqrt(mean.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let i = 0; i < size; i++) mean[i] /= length;
  }
  return means;
}

/** An outlier also tells whose mean it is nearest to: its label may be wrong. */
export type Outlier = Neighbour & { readonly nearest: number };

/** Of a class the pictures nearest to its mean, and those farthest from it. */
export function typicalOf(
  features: Features,
  classes: number,
  target: number,
  most: number,
): { readonly prototypes: Neighbour[]; readonly outliers: Outlier[] } {
  const means = classMeans(features, classes);
  const byClass = means.map((mean) => distances(features, mean));
  const members = [...features.labels.keys()].filter((row) => features.labels[row] === target);
  const order = members.sort((a, b) => byClass[target][a] - byClass[target][b] || a - b);
  const tell = (row: number): Neighbour => neighbour(features, row, byClass[target][row]);
  const present = [...byClass.keys()].filter((c) => features.labels.includes(c));
  const outliers = order
    .slice(-most)
    .reverse()
    .map((row) => ({
      ...tell(row),
      nearest: present.reduce((best, c) => (byClass[c][row] < byClass[best][row] ? c : best), target),
    }));
  return { prototypes: order.slice(0, most).map(tell), outliers };
}
