import { painter, type Terminal } from './terminal.ts';

/** A curve of one run: its letter is its mark. */
export interface Overlay {
  readonly letter: string;
  /** A number an epoch, the first epoch first. */
  readonly values: readonly number[];
}

const rows = 12;

/** The curve at each column, straight between epochs; beyond its last epoch nothing. */
function between(values: readonly number[], width: number, epochs: number): number[] {
  if (epochs < 2) return [];
  return Array.from({ length: width }, (_, x) => {
    const position = (x / (width - 1)) * (epochs - 1);
    const left = Math.min(Math.floor(position), values.length - 2);
    if (left < 0 || position > values.length - 1) return Number.NaN;
    return values[left] + (values[left + 1] - values[left]) * (position - left);
  });
}

/** Curves of several runs over their epochs in one ink, each epoch its run's letter, `+` where letters meet. */
export function overlayChart(
  title: string,
  ink: 'train' | 'val',
  curves: readonly Overlay[],
  terminal: Pick<Terminal, 'colour' | 'columns'>,
): string[] {
  const finite = curves.flatMap(({ values }) => values.filter(Number.isFinite));
  const epochs = Math.max(...curves.map(({ values }) => values.length));
  if (finite.length === 0) return [];
  const paint = painter(terminal);
  const [low, high] = [Math.min(...finite), Math.max(...finite)];
  const span = high - low || 1;
  const digits = span >= 10 ? 1 : span >= 0.5 ? 2 : 3;
  const labels = Array.from({ length: rows }, (_, r) => (high - (span * r) / (rows - 1)).toFixed(digits));
  const margin = Math.max(...labels.map((label) => label.length));
  const width = Math.max(20, Math.min(terminal.columns - margin - 12, 72));
  const cells = Array.from({ length: rows }, () => new Array<string>(width).fill(' '));
  const names: string[][] = Array.from({ length: rows }, () => []);
  for (const { letter, values } of curves) {
    let last = -1;
    between(values, width, epochs).forEach((value, x) => {
      if (!Number.isFinite(value)) return;
      const y = Math.round(((high - value) / span) * (rows - 1));
      if (cells[y][x] === ' ') cells[y][x] = '·';
    });
    values.forEach((value, i) => {
      if (!Number.isFinite(value)) return;
      const x = epochs === 1 ? 0 : Math.round((i / (epochs - 1)) * (width - 1));
      const y = Math.round(((high - value) / span) * (rows - 1));
      cells[y][x] = [' ', '·', letter].includes(cells[y][x]) ? letter : '+';
      last = y;
    });
    if (last >= 0) names[last].push(letter);
  }
  const lines = cells.map(
    (line, y) => `${labels[y].padStart(margin)} ┤${paint(ink, line.join(''))} ${paint(ink, names[y].join(' '))}`,
  );
  const end = String(epochs);
  return [
    title,
    ...lines.map((line) => line.trimEnd()),
    `${' '.repeat(margin)} └${'─'.repeat(width)}`,
    `${' '.repeat(margin + 2)}1${' '.repeat(Math.max(1, width - 1 - end.length))}${epochs > 1 ? end : ''}  epoch`,
  ];
}
