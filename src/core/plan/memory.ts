/** Something that needs memory from step `from` to step `to`, both included. */
export interface Lifetime {
  readonly name: string;
  readonly bytes: number;
  readonly from: number;
  readonly to: number;
}

/** Cache line and the widest vector: nothing shares a line with a neighbour. */
export const alignment = 64;

export const alignUp = (bytes: number, to = alignment): number => Math.ceil(bytes / to) * to;

/**
 * Offline placement: largest first, each at the lowest offset that is free during its whole life (greedy by size,
 * Pisarchyk and Lee: "Efficient memory management for deep neural net inference", 2020).
 */
export function placeInWorkspace(lifetimes: readonly Lifetime[]): { offsets: number[]; bytes: number } {
  const order = lifetimes.map((_, i) => i).sort((a, b) => lifetimes[b].bytes - lifetimes[a].bytes || a - b);
  const placed: number[] = [];
  const offsets = new Array<number>(lifetimes.length).fill(0);
  let total = 0;
  for (const i of order) {
    const { bytes, from, to } = lifetimes[i];
    const size = alignUp(Math.max(bytes, 1));
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
      offset = Math.max(offset, offsets[j] + alignUp(Math.max(lifetimes[j].bytes, 1)));
    }
    offsets[i] = best >= 0 ? best : offset;
    total = Math.max(total, offsets[i] + size);
    placed.push(i);
  }
  return { offsets, bytes: total };
}
