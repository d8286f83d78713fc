import type {
  BarsFigure,
  CurvesFigure,
  Figure,
  NumbersFigure,
  PicturesFigure,
  TableFigure,
} from '../../core/workbench/course/figure.ts';
import { drawPicture } from './picture.ts';
import { wrap } from './table.ts';
import { harmless, painter, type Terminal } from './terminal.ts';
import { wrappedTable } from './wrapped-table.ts';

type Look = Pick<Terminal, 'colour' | 'columns'>;

/** A figure as lines of text: its title, its drawing where a terminal can hold one, and its words. */
export function drawFigure(figure: Figure, terminal: Look): string[] {
  const paint = painter(terminal);
  const drawing = drawings[figure.kind](figure as never, terminal);
  return [
    paint('strong', harmless(figure.title)),
    ...drawing.map((line) => `  ${line}`),
    ...wrap(harmless(figure.words), terminal.columns - 2).map((line) => paint('faint', `  ${line}`)),
  ];
}

const drawings = {
  curves: drawCurves,
  bars: drawBars,
  numbers: drawNumbers,
  pictures: drawPictures,
  table: ({ columns, rows }: TableFigure, terminal: Look) =>
    wrappedTable(
      columns.map(harmless),
      rows.map((row) => row.map(harmless)),
      terminal.columns - 2,
    ),
} as const satisfies { readonly [Kind in Figure['kind']]: (figure: never, terminal: Look) => string[] };

const chartRows = 10;
const marks = ['●', '○', '▲', '△', '■', '□', '◆', '◇'];

function drawCurves({ series, x, y, marks: places = [] }: CurvesFigure, terminal: Look): string[] {
  const paint = painter(terminal);
  const points = series.flatMap((one) => one.points).filter((point) => point.every(Number.isFinite));
  if (points.length === 0) return [];
  const [left, right] = range(points.map(([at]) => at));
  const [low, high] = range(points.map(([, value]) => value));
  const width = Math.max(20, Math.min(terminal.columns - 14, 64));
  const cells = Array.from({ length: chartRows }, () => new Array<string>(width).fill(' '));
  series.forEach(({ points: own, role }, s) => {
    for (const [at, value] of own) {
      if (!Number.isFinite(value)) continue;
      const column = Math.round(((at - left) / (right - left || 1)) * (width - 1));
      const row = Math.round(((high - value) / (high - low || 1)) * (chartRows - 1));
      const mark = marks[s % marks.length];
      cells[row][column] = role ? paint(role, mark) : mark;
    }
  });
  const labels = [high, low].map(short);
  const margin = Math.max(...labels.map((label) => label.length));
  const lines = cells.map((line, r) => {
    const label = r === 0 ? labels[0] : r === chartRows - 1 ? labels[1] : '';
    return `${label.padStart(margin)} ┤${line.join('')}`.trimEnd();
  });
  const ends = `${short(left)}${' '.repeat(Math.max(1, width - short(left).length - short(right).length))}${short(right)}`;
  lines.push(`${' '.repeat(margin)} └${'─'.repeat(width)}`, `${' '.repeat(margin + 2)}${ends}  ${x}`);
  const legend = series.map(({ name, role }, s) => {
    const text = `${marks[s % marks.length]} ${harmless(name)}`;
    return role ? paint(role, text) : text;
  });
  lines.push(`${y}: ${legend.join('   ')}`);
  for (const { x: at, label } of places) lines.push(`${harmless(label)} at ${short(at)}`);
  return lines;
}

function drawBars({ bars, unit }: BarsFigure, terminal: Look): string[] {
  const paint = painter(terminal);
  const names = bars.map(({ name }) => harmless(name));
  const margin = Math.max(...names.map((name) => name.length));
  const width = Math.max(10, Math.min(40, terminal.columns - margin - 30));
  const most = Math.max(...bars.map(({ value }) => Math.abs(value)), Number.MIN_VALUE);
  return bars.map(({ value, interval }, i) => {
    const bar = '━'.repeat(Math.round((Math.abs(value) / most) * width));
    const span = interval ? ` (${short(interval[0])} to ${short(interval[1])})` : '';
    return `${names[i].padEnd(margin)}  ${paint('train', bar)} ${short(value)} ${unit}${span}`;
  });
}

function drawNumbers({ values, decimals, window, names }: NumbersFigure, terminal: Look): string[] {
  const paint = painter(terminal);
  const texts = values.map((line) => line.map((value) => value.toFixed(decimals)));
  const heads = (names?.columns ?? []).map(harmless);
  const sides = (names?.rows ?? []).map(harmless);
  const width = Math.max(...[...texts.flat(), ...heads].map((text) => text.length));
  const margin = Math.max(0, ...sides.map((text) => text.length + 1));
  const columns = Math.max(1, Math.floor((terminal.columns - 4 - margin) / (width + 1)));
  const headed = (line: string, r?: number): string => (r === undefined ? '' : (sides[r] ?? '')).padEnd(margin) + line;
  const head = heads.slice(0, columns).map((text) => text.padStart(width));
  const inside = (r: number, c: number): boolean =>
    window !== undefined &&
    r >= window.row &&
    r < window.row + window.rows &&
    c >= window.column &&
    c < window.column + window.columns;
  const rows = texts.map((line, r) => {
    const cells = line.slice(0, columns).map((text, c) => {
      const padded = text.padStart(width);
      if (inside(r, c))
        return terminal.colour ? paint('val', padded) : padded.replace(/ ?(\S+)$/, '>$1').slice(-width - 1);
      return Number(text) === 0 ? paint('faint', padded) : padded;
    });
    return headed(cells.join(' ') + (line.length > columns ? ' …' : ''), r);
  });
  return head.length > 0 ? [paint('faint', headed(head.join(' '))), ...rows] : rows;
}

function drawPictures({ pictures, columns }: PicturesFigure, terminal: Look): string[] {
  const room = Math.max(8, Math.floor(terminal.columns / columns) - 2);
  return Array.from({ length: Math.ceil(pictures.length / columns) }, (_, r) => {
    const row = pictures.slice(r * columns, (r + 1) * columns);
    const drawn = row.map(({ picture }) =>
      drawPicture(picture, { ...terminal, columns: room }, Math.min(8, room >> 1)),
    );
    const height = Math.max(...drawn.map((lines) => lines.length));
    const widths = row.map(({ picture }) =>
      Math.min(room - 2, Math.round((2 * height * picture.width) / picture.height)),
    );
    const captions = row.map(({ caption }, i) => harmless(caption).slice(0, Math.max(widths[i], 12)));
    const cells = widths.map((width, i) => Math.max(width, captions[i].length));
    const lines = Array.from({ length: height }, (_unused, y) =>
      drawn.map((one, i) => (one[y] ?? '') + ' '.repeat(Math.max(0, cells[i] - widths[i]))).join('  '),
    );
    return [...lines, captions.map((caption, i) => caption.padEnd(cells[i])).join('  ')];
  }).flat();
}

const range = (values: readonly number[]): [number, number] =>
  values.reduce<[number, number]>(
    ([low, high], value) => [Math.min(low, value), Math.max(high, value)],
    [Infinity, -Infinity],
  );

const short = (value: number): string =>
  Number.isInteger(value) && Math.abs(value) < 1e6 ? String(value) : String(Number(value.toPrecision(3)));
