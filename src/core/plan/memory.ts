/** Something that needs memory from step `from` to step `to`, both included. */
export interface Lifetime {
  readonly name: string;
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

export interface Placement {
  /** One a lifetime, in their order. */
  readonly offsets: number[];
  /** Of the whole. */
  readonly bytes: number;
}

/** Cache line and the widest vector: nothing shares a line with a neighbour. */
export const alignment = 64;

export const alignUp = (bytes: number, to = alignment): number => Math.ceil(bytes / to) * to;

const sizeOf = ({ bytes }: Lifetime): number => alignUp(Math.max(bytes, 1));
const spanOf = ({ from, to }: Lifetime): number => to - from + 1;

/** Orders of placing, each of which is the best for some graphs: what comes first is placed first. */
const orders: readonly ((a: Lifetime, b: Lifetime) => number)[] = [
  (a, b) => b.bytes - a.bytes,
  (a, b) => b.bytes * spanOf(b) - a.bytes * spanOf(a),
  (a, b) => spanOf(b) - spanOf(a) || b.bytes - a.bytes,
  (a, b) => a.from - b.from || b.to - a.to,
  (a, b) => b.to - a.to || a.from - b.from,
];

/**
 * Offline placement: one after the other, each at the lowest offset that is free during its whole life, where the gap
 * fits best (greedy by size: Pisarchyk and Lee, "Efficient memory management for deep neural net inference", 2020).
 * Tried in several orders until one needs no more than what lives at the same step; the smallest is taken.
 */
export function placeInWorkspace(lifetimes: readonly Lifetime[]): Placement {
  const least = mostAtOnce(lifetimes);
  let best: Placement | undefined;
  for (const order of orders) {
    const placement = placeInOrder(lifetimes, order);
    if (!best || placement.bytes < best.bytes) best = placement;
    if (best.bytes <= least) break;
  }
  return best as Placement;
}

/** The most bytes that live at one step, each rounded up to whole lines: no placement needs less. */
export function mostAtOnce(lifetimes: readonly Lifetime[]): number {
  const change = new Map<number, number>();
  const add = (step: number, bytes: number): void => void change.set(step, (change.get(step) ?? 0) + bytes);
  for (const lifetime of lifetimes) {
    add(lifetime.from, sizeOf(lifetime));
    add(lifetime.to + 1, -sizeOf(lifetime));
  }
  let live = 0;
  let most = 0;
  for (const [, bytes] of [...change].sort(([a], [b]) => a - b)) {
    live += bytes;
    most = Math.max(most, live);
  }
  return most;
}

function placeInOrder(lifetimes: readonly Lifetime[], compare: (a: Lifetime, b: Lifetime) => number): Placement {
  const order = lifetimes.map((_, i) => i).sort((a, b) => compare(lifetimes[a], lifetimes[b]) || a - b);
  const placed: number[] = [];
  const offsets = new Array<number>(lifetimes.length).fill(0);
  let total = 0;
  for (const i of order) {
    const { from, to } = lifetimes[i];
    const size = sizeOf(lifetimes[i]);
    const neighbours = placed
      .filter((j) => lifetimes[j].from <= to && from <= lifetimes[j].to)
      .sort((a, b) => offsets[a] - offsets[b]);
    let offset = 0;
    let best = -1;
    let bestGap = Number.POSITIVE_INFINITY;
    for (const j of neighbours) {
      const gap = offsets[j] - offset;
      if (gap >= size && gap < bestGap) {
        best = offset;
        bestGap = gap;
      }
      offset = Math.max(offset, offsets[j] + sizeOf(lifetimes[j]));
    }
    offsets[i] = best >= 0 ? best : offset;
    total = Math.max(total, offsets[i] + size);
    placed.push(i);
  }
  return { offsets, bytes: total };
}
