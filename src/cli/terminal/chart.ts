import { painter, type Terminal } from './terminal.ts';

/** Losses an epoch, in order, the first epoch first. */
export interface LossChart {
  readonly loss: readonly number[];
  readonly valLoss: readonly number[];
  /** Train loss in evaluation mode, which compares with val loss; absent where it was not measured. */
  readonly trainLoss?: readonly number[];
  /** The epoch (from 1) whose weights were kept as the best. */
  readonly best: number;
}

const rows = 10;

/**
 * Both losses over the epochs as text: the epoch's own as a line, val and train in evaluation mode as dots (so they part without colour too), axes labelled,
 * the best epoch marked. Empty for fewer than two epochs.
 */
export function lossChart(
  { loss, valLoss, trainLoss, best }: LossChart,
  terminal: Pick<Terminal, 'colour' | 'columns'>,
): string[] {
  const epochs = loss.length;
  const finite = [...loss, ...valLoss, ...(trainLoss ?? [])].filter(Number.isFinite);
  if (epochs < 2 || finite.length === 0) return [];
  const paint = painter(terminal);
  const low = Math.min(...finite);
  const high = Math.max(...finite);
  const span = high - low || 1;
  const digits = span >= 10 ? 1 : span >= 0.5 ? 2 : 3;
  const labels = Array.from({ length: rows }, (_, r) => (high - (span * r) / (rows - 1)).toFixed(digits));
  const margin = Math.max(...labels.map((l) => l.length));
  const endLabels = trainLoss ? 20 : 18;
  const width = Math.max(20, Math.min(terminal.columns - margin - 3 - endLabels, 72));
  const column = (epoch: number): number => Math.round(((epoch - 1) / (epochs - 1)) * (width - 1));
  const row = (value: number): number =>
    Math.round(((high - Math.min(Math.max(value, low), high)) / span) * (rows - 1));
  /** The curve at a column, straight between epochs. */
  const at = (values: readonly number[], x: number): number => {
    const position = (x / (width - 1)) * (epochs - 1);
    const left = Math.min(Math.floor(position), epochs - 2);
    const share = position - left;
    return share === 0 ? values[left] : values[left] + (values[left + 1] - values[left]) * share;
  };
  const cells = Array.from({ length: rows }, () => new Array<string>(width).fill(' '));
  const put = (y: number, x: number, mark: string, ink: 'train' | 'val'): void => {
    cells[y][x] = paint(ink, mark);
  };
  for (let x = 0; x < width; x++) {
    const value = at(loss, x);
    if (!Number.isFinite(value)) continue;
    const y = row(value);
    const before = x === 0 ? value : at(loss, x - 1);
    const from = Number.isFinite(before) ? row(before) : y;
    if (from === y) put(y, x, '─', 'train');
    else {
      put(from, x, from < y ? '╮' : '╯', 'train');
      for (let between = Math.min(from, y) + 1; between < Math.max(from, y); between++) put(between, x, '│', 'train');
      put(y, x, from < y ? '╰' : '╭', 'train');
    }
  }
  // Every second column, so that a line below stays visible between the dots; val on top, in the columns between.
  for (let x = 1; trainLoss && x < width; x += 2) {
    const value = at(trainLoss, x);
    if (Number.isFinite(value)) put(row(value), x, '∘', 'train');
  }
  for (let x = 0; x < width; x += 2) {
    const value = at(valLoss, x);
    if (Number.isFinite(value)) put(row(value), x, '•', 'val');
  }
  const last = epochs - 1;
  const ends = endRows(
    [
      { ink: 'train' as const, name: '─ loss', value: loss[last] },
      ...(trainLoss ? [{ ink: 'train' as const, name: '∘ train loss', value: trainLoss[last] }] : []),
      { ink: 'val' as const, name: '• val loss', value: valLoss[last] },
    ],
    row,
  );
  const lines = cells.map((line, y) => {
    const end = ends[y] ? paint(ends[y].ink, ` ${ends[y].name} ${ends[y].value.toFixed(digits + 1)}`) : '';
    return `${labels[y].padStart(margin)} ┤${line.join('')}${end}`.trimEnd();
  });
  const axis = new Array<string>(width).fill('─');
  const names = new Array<string>(width + 8).fill(' ');
  for (const epoch of ticks(epochs, width)) {
    const x = column(epoch);
    axis[x] = '┬';
    const name = String(epoch);
    const start = Math.max(0, x - Math.floor((name.length - 1) / 2));
    [...name].forEach((c, i) => {
      names[start + i] = c;
    });
  }
  const space = ' '.repeat(margin + 2);
  lines.push(`${' '.repeat(margin)} └${axis.join('')}`);
  lines.push(`${space}${names.join('').trimEnd()}  epoch`);
  const x = column(best);
  const note = `best: epoch ${best}, val loss ${valLoss[best - 1].toFixed(digits + 1)}`;
  const fitsRight = x + 2 + note.length <= width + endLabels;
  lines.push(
    space + (fitsRight ? `${' '.repeat(x)}▲ ${note}` : `${' '.repeat(Math.max(0, x - note.length - 1))}${note} ▲`),
  );
  return lines;
}

/** Labels by the row in which each stands: its curve's, or the nearest that is free. */
function endRows<T extends { readonly value: number }>(curves: readonly T[], row: (value: number) => number): T[] {
  const placed: T[] = [];
  // The highest value first, so that labels stand in the order of their curves.
  const sorted = [...curves].filter(({ value }) => Number.isFinite(value)).sort((a, b) => b.value - a.value);
  sorted.forEach((curve, i) => {
    const below = sorted.length - 1 - i;
    let y = Math.min(row(curve.value), rows - 1 - below);
    while (placed[y]) y++;
    placed[y] = curve;
  });
  return placed;
}

/** Some epochs to label: first and last, and round steps between with room for their names. */
function ticks(epochs: number, width: number): number[] {
  const room = Math.max(2, Math.floor(width / 7));
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((s) => epochs / s <= room) ?? epochs;
  const chosen = [1];
  for (let epoch = step; epoch < epochs; epoch += step) if (epoch > 1 && epochs - epoch >= step / 2) chosen.push(epoch);
  chosen.push(epochs);
  return chosen;
}
