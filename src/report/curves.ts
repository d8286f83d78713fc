import type { Plotter } from './plot.ts';
import { spreadLabels, wholeTicks } from './plot.ts';

/** A curve of one run, or of one part of the pictures. */
export interface Curve {
  /** What stands at its end: the run's letter, or the part's name. */
  readonly name: string;
  readonly ink: 'train' | 'val';
  /** A number an epoch, the first epoch first. */
  readonly values: readonly number[];
  /** The epoch, from 1, that is marked. */
  readonly best?: number;
}

/** Train and val have the product's two colours, so runs are told apart by the way of drawing and their letters. */
const dashes = ['none', '7 3', '2 3', '9 3 2 3', '12 4', '4 4'];

/** The widths in which a page shows a chart: that of a desk and that of a phone. */
export const chartWidths = { wide: 900, narrow: 360 } as const;

/** Curves over epochs, once for each width; a page's style shows the one that fits. */
export function curvesChart(plotter: Plotter, label: string, curves: readonly Curve[], percent = false): string {
  return Object.entries(chartWidths)
    .map(([name, width]) => `<div class="chart ${name}">${drawCurves(plotter, label, curves, percent, width)}</div>`)
    .join('');
}

function drawCurves(
  { Plot, draw }: Plotter,
  label: string,
  curves: readonly Curve[],
  percent: boolean,
  width: number,
): string {
  const height = width > 500 ? 320 : 260;
  const longest = Math.max(...curves.map(({ name }) => name.length));
  const margins = { marginTop: 24, marginBottom: 36, marginLeft: 52, marginRight: 22 + 8 * longest };
  const epochs = Math.max(...curves.map(({ values }) => values.length));
  const finite = curves.flatMap(({ values }) => values.filter(Number.isFinite));
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const log = !percent && low > 0 && high / low > 50;
  const pad = log ? 1 : (high - low || 1) * 0.04;
  const domain = log ? [low, high] : [low - pad, high + pad];
  const room = height - margins.marginTop - margins.marginBottom;
  const place = (value: number): number =>
    log
      ? (room * Math.log(high / value)) / (Math.log(high / low) || 1)
      : (room * (domain[1] - value)) / (domain[1] - domain[0]);
  const ends = curves.map(({ values }) => values.findLast(Number.isFinite) ?? low);
  const places = spreadLabels(ends.map(place), 13, room);
  const dashOf = (curve: Curve): string => {
    const alike = curves.filter(({ ink }) => ink === curve.ink);
    return dashes[alike.indexOf(curve) % dashes.length];
  };
  return draw(label, {
    width,
    height,
    ...margins,
    x: {
      domain: [1, Math.max(2, epochs)],
      label: 'epoch',
      ticks: wholeTicks(1, epochs, width > 500 ? 12 : 6),
      tickFormat: 'd',
    },
    y: {
      type: log ? 'log' : 'linear',
      domain,
      grid: true,
      label: null,
      ticks: 6,
      ...(percent
        ? { tickFormat: (value: number) => `${Number((value * 100).toFixed(high - low < 0.01 ? 2 : 1))} %` }
        : {}),
    },
    marks: curves.flatMap((curve, i) => {
      const { name, ink, values, best } = curve;
      const color = `var(--${ink})`;
      const points = values
        .map((value, epoch) => ({ epoch: epoch + 1, value }))
        .filter(({ value }) => Number.isFinite(value));
      const last = points[points.length - 1];
      const marks = [
        Plot.line(points, {
          x: 'epoch',
          y: 'value',
          stroke: color,
          strokeWidth: 1.8,
          strokeDasharray: dashOf(curve),
        }),
        Plot.dot(
          points.filter(({ epoch }) => epoch === best || points.length === 1),
          { x: 'epoch', y: 'value', fill: color, r: 4 },
        ),
        Plot.text(last ? [last] : [], {
          x: 'epoch',
          y: 'value',
          text: () => name,
          textAnchor: 'start',
          fill: 'currentColor',
          fontWeight: 600,
          fontSize: 12,
          dx: 10,
          dy: places[i] - place(ends[i]),
        }),
      ];
      return marks;
    }),
  });
}
