import type { PlotOptions } from '@observablehq/plot';

export type Plot = typeof import('@observablehq/plot');

/** Observable Plot on a document of its own: charts as text. Loaded when a page is asked for. */
export interface Plotter {
  readonly Plot: Plot;
  /** `<svg …>` with a name for readers who do not see it. */
  draw(label: string, options: PlotOptions): string;
}

export async function loadPlotter(): Promise<Plotter> {
  const [Plot, { blankDocument }] = await Promise.all([import('@observablehq/plot'), import('./blank-document.ts')]);
  const document = blankDocument();
  return {
    Plot,
    draw(label, options) {
      const svg = Plot.plot({ style: { background: 'none' }, ...options, document: document as never });
      svg.setAttribute('role', 'img');
      svg.setAttribute('aria-label', label);
      return svg.outerHTML;
    },
  };
}

/** Whole numbers from `first` to `last` for an axis, at most `most` of them, in round steps. */
export function wholeTicks(first: number, last: number, most: number): number[] {
  const step =
    [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000].find((one) => (last - first) / one <= most) ?? 10000;
  const ticks = [first];
  for (let tick = Math.ceil((first + 1) / step) * step; tick <= last; tick += step) ticks.push(tick);
  return ticks;
}

/** Places of labels, none nearer than `gap` to another, each as near to where it belongs as can be; within 0 … height. */
export function spreadLabels(places: readonly number[], gap: number, height: number): number[] {
  const order = places.map((place, i) => ({ place, i })).sort((a, b) => a.place - b.place);
  for (let i = 1; i < order.length; i++) order[i].place = Math.max(order[i].place, order[i - 1].place + gap);
  for (let i = order.length - 1, limit = height; i >= 0; i--, limit -= gap)
    order[i].place = Math.min(order[i].place, limit);
  for (let i = 0, limit = 0; i < order.length; i++, limit += gap) order[i].place = Math.max(order[i].place, limit);
  const spread = new Array<number>(places.length);
  for (const { place, i } of order) spread[i] = place;
  return spread;
}
