import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { type ChartColours, useChartColours } from './colours.ts';

/** One curve; x rises. */
export interface Curve {
  readonly name: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  /** Train and val have the same two colours on every chart; a number is one of several runs. */
  readonly ink: 'train' | 'val' | 'soft' | number;
  /** Faint and thin: single steps behind their means. */
  readonly faint?: boolean;
  readonly dashed?: boolean;
  /** A dot at each value, where there are few. */
  readonly dots?: boolean;
}

export interface CurveChartProps {
  readonly curves: readonly Curve[];
  /** What it shows, a sentence: read out in its stead. */
  readonly summary: string;
  readonly xName: string;
  readonly yName?: string;
  /** The x axis is no count: ticks may lie between whole numbers. */
  readonly fractions?: boolean;
  readonly scale?: 'linear' | 'log';
  /** Where x ends, so that the axis stands still while the curve comes. */
  readonly xEnd?: number;
  /** The best value, marked. */
  readonly best?: { readonly x: number; readonly y: number; readonly name: string };
  readonly height?: number;
  /** Charts of one name show the same place when the pointer is over one of them. */
  readonly together?: string;
  write(value: number): string;
  /** At the axis, where fewer digits do. */
  writeTick?(value: number): string;
  writeX(value: number): string;
}

const endRoom = 56;
const mostEndRoom = 220;
/** Epochs are whole. */
const wholeSteps = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/**
 * Live curves on a canvas, with their names at their ends, the best value marked, and the values under the pointer (or
 * under the arrow keys) in a line that is always there.
 */
export function CurveChart(props: CurveChartProps): ReactNode {
  const { curves, summary, scale = 'linear', height = 320, together, xEnd, best } = props;
  const colours = useChartColours();
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | undefined>(undefined);
  const latest = useRef(props);
  latest.current = props;
  const [pointed, setPointed] = useState<number>();
  // A window that is turned or widened may have room for names, or no more.
  const [narrow, setNarrow] = useState(false);
  const data = useMemo(() => dataOf(curves), [curves]);
  // Whatever changes the drawing's make makes a new one; values alone are put into the one that is there.
  const make = JSON.stringify([
    curves.map(({ name, ink, faint, dashed, dots }) => [name, ink, faint, dashed, dots]),
    scale,
    height,
    together,
    props.fractions,
    props.yName,
    narrow,
  ]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `make` stands for everything that is read here.
  useEffect(() => {
    const element = place.current as HTMLDivElement;
    const made = new uPlot(
      optionsOf(latest, colours, element.clientWidth, setPointed),
      dataOf(latest.current.curves),
      element,
    );
    plot.current = made;
    const follow = new ResizeObserver(() => {
      made.setSize({ width: element.clientWidth, height });
      setNarrow(isNarrow(element.clientWidth));
    });
    follow.observe(element);
    return () => {
      follow.disconnect();
      made.destroy();
      plot.current = undefined;
    };
  }, [make, colours]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: the end and the best value are drawn, too.
  useEffect(() => {
    const frame = requestAnimationFrame(() => plot.current?.setData(data));
    return () => cancelAnimationFrame(frame);
  }, [data, xEnd, best?.x]);

  const move = (event: KeyboardEvent): void => {
    const { current } = plot;
    const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!current || step === undefined) return;
    event.preventDefault();
    const xs = current.data[0];
    const at = Math.min(xs.length - 1, Math.max(0, (current.cursor.idx ?? (step > 0 ? -1 : xs.length)) + step));
    if (xs.length > 0) current.setCursor({ left: current.valToPos(xs[at], 'x'), top: 1 });
  };
  return (
    <figure className="chart">
      <Values {...props} at={pointed === undefined ? undefined : data[0][pointed]} />
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move along the curve. */}
      <div className="plot" ref={place} role="img" aria-label={summary} tabIndex={0} onKeyDown={move} />
      <figcaption>{summary}</figcaption>
    </figure>
  );
}

/** The line of values under the pointer; of the last ones while it is elsewhere. */
function Values({
  curves,
  xName,
  at,
  write,
  writeX,
}: CurveChartProps & { readonly at: number | undefined }): ReactNode {
  const shown = curves.filter(({ faint, x }) => !faint && x.length > 0);
  const x = at ?? Math.max(0, ...shown.map((curve) => curve.x[curve.x.length - 1]));
  return (
    <p className="values" aria-hidden="true">
      <span>
        {xName} <b>{writeX(x)}</b>
      </span>
      {shown.map((curve) => (
        <span key={curve.name}>
          <i className="key" style={{ background: inkVariable(curve.ink) }} />
          {curve.name} <b>{write(valueAt(curve, x))}</b>
        </span>
      ))}
    </p>
  );
}

/** The value of the last point that is not past x. */
function valueAt({ x, y }: Curve, at: number): number {
  const i = x.findLastIndex((value) => value <= at + 1e-9);
  return i < 0 ? Number.NaN : y[i];
}

const inkVariable = (ink: Curve['ink']): string => `var(--${typeof ink === 'number' ? `class-${ink % 10}` : ink})`;
const inkOf = (ink: Curve['ink'], colours: ChartColours): string =>
  typeof ink === 'number' ? colours.classes[ink % colours.classes.length] : colours[ink];

/** One row of x for all curves, as uPlot wants it; where a curve has no value it is passed over. */
function dataOf(curves: readonly Curve[]): uPlot.AlignedData {
  if (curves.length === 0) return [[]];
  return uPlot.join(curves.map(({ x, y }) => [x as number[], y as number[]] as uPlot.AlignedData)) as uPlot.AlignedData;
}

/** Names at the ends of curves find no room in so many pixels. */
const isNarrow = (width: number): boolean => width < 480;

function optionsOf(
  latest: { readonly current: CurveChartProps },
  colours: ChartColours,
  width: number,
  point: (index: number | undefined) => void,
): uPlot.Options {
  const { curves, scale = 'linear', height = 320, together, xName, yName, fractions } = latest.current;
  const font = `12px ${getComputedStyle(document.body).fontFamily}`;
  const axis = { stroke: colours.soft, font, grid: { stroke: colours.line, width: 1 }, ticks: { show: false } };
  const narrow = isNarrow(width);
  return {
    width,
    height,
    padding: [12, narrow ? 20 : roomForNames(curves, font), 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      points: { size: 8 },
      drag: { x: false, y: false },
      ...(together ? { sync: { key: together } } : {}),
    },
    scales: {
      x: {
        time: false,
        range: (_, low, high) => {
          const end = latest.current.xEnd ?? high ?? 1;
          const start = Math.min(low ?? 0, end);
          return [start, end > start ? end : start + 1];
        },
      },
      y: scale === 'log' ? { distr: 3 } : { range: (_, low, high) => roomAround(low, high) },
    },
    axes: [
      {
        ...axis,
        label: xName,
        labelFont: font,
        labelSize: 20,
        size: 28,
        grid: { show: false },
        ...(fractions ? {} : { incrs: wholeSteps }),
        values: (_, ticks) => ticks.map((tick) => latest.current.writeX(tick)),
      },
      {
        ...axis,
        size: 56,
        ...(yName === undefined ? {} : { label: yName, labelFont: font, labelSize: 20 }),
        values: (_, ticks) =>
          ticks.map((tick) => (tick === null ? '' : (latest.current.writeTick ?? latest.current.write)(tick))),
      },
    ],
    series: [
      {},
      ...curves.map(({ ink, faint, dashed, dots }): uPlot.Series => {
        const stroke = inkOf(ink, colours);
        return {
          stroke: faint ? faded(stroke) : stroke,
          width: faint ? 1 : 2,
          spanGaps: true,
          ...(dashed ? { dash: [6, 4] } : {}),
          points: { show: dots ?? false, size: 5, fill: stroke },
        };
      }),
    ],
    hooks: {
      setCursor: [(plot) => point(plot.cursor.idx ?? undefined)],
      draw: [
        (plot) => drawBest(plot, latest.current, colours, font),
        ...(narrow ? [] : [(plot: uPlot) => drawNames(plot, latest.current, colours, font)]),
      ],
    },
  };
}

/** Names at the ends of the curves must not be cut off. */
function roomForNames(curves: readonly Curve[], font: string): number {
  const context = document.createElement('canvas').getContext('2d');
  if (!context) return endRoom;
  context.font = font;
  const widths = curves.filter(({ faint }) => !faint).map(({ name }) => context.measureText(name).width);
  return Math.min(mostEndRoom, Math.max(endRoom, Math.ceil(Math.max(0, ...widths)) + 16));
}

const faded = (colour: string): string => colour.replace(/^rgb\((.*)\)$/, 'rgba($1, 0.35)');

function roomAround(low: number | null, high: number | null): [number, number] {
  if (low === null || high === null || !Number.isFinite(low + high)) return [0, 1];
  const room = (high - low || Math.abs(high) || 1) * 0.06;
  return [low >= 0 ? Math.max(0, low - room) : low - room, high + room];
}

/** A ring and a thin line at the best value. */
function drawBest(plot: uPlot, { best }: CurveChartProps, colours: ChartColours, font: string): void {
  if (!best || plot.data[0].length === 0) return;
  const { ctx, bbox } = plot;
  const x = plot.valToPos(best.x, 'x', true);
  const y = plot.valToPos(best.y, 'y', true);
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.strokeStyle = colours.soft;
  ctx.lineWidth = ratio;
  ctx.setLineDash([2 * ratio, 3 * ratio]);
  ctx.beginPath();
  ctx.moveTo(x, bbox.top);
  ctx.lineTo(x, bbox.top + bbox.height);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.strokeStyle = colours.val;
  ctx.fillStyle = colours.card;
  ctx.lineWidth = 2 * ratio;
  ctx.beginPath();
  ctx.arc(x, y, 5 * ratio, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  ctx.font = scaled(font, ratio);
  ctx.fillStyle = colours.soft;
  const fitsRight = x + ctx.measureText(best.name).width + 8 * ratio < bbox.left + bbox.width;
  ctx.textAlign = fitsRight ? 'left' : 'right';
  ctx.fillText(best.name, x + (fitsRight ? 6 : -6) * ratio, bbox.top + 12 * ratio);
  ctx.restore();
}

/** The names of the curves where they end, spread so that none lies on another. */
function drawNames(plot: uPlot, { curves }: CurveChartProps, colours: ChartColours, font: string): void {
  const { ctx, bbox } = plot;
  const ratio = devicePixelRatio;
  const line = 14 * ratio;
  const ends = curves
    .filter(({ faint, x }) => !faint && x.length > 0)
    .map(({ name, ink, x, y }) => ({
      name,
      ink,
      x: plot.valToPos(x[x.length - 1], 'x', true),
      y: plot.valToPos(y[y.length - 1], 'y', true),
    }))
    .filter(({ x, y }) => Number.isFinite(x + y))
    .sort((a, b) => a.y - b.y);
  ctx.save();
  ctx.font = scaled(font, ratio);
  ctx.textAlign = 'left';
  ctx.textBaseline = 'middle';
  let last = Number.NEGATIVE_INFINITY;
  for (const { name, ink, x, y } of ends) {
    const at = Math.max(y, last + line);
    last = at;
    ctx.fillStyle = inkOf(ink, colours);
    ctx.fillText(name, Math.min(x, bbox.left + bbox.width) + 8 * ratio, at);
  }
  ctx.restore();
}

const scaled = (font: string, ratio: number): string => font.replace(/^\d+/, (size) => String(Number(size) * ratio));
