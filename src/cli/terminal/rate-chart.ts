import { rate } from './numbers.ts';
import { painter, type Terminal } from './terminal.ts';

const rows = 12;

/**
 * Loss over the learning rate, its axis in powers of ten: losses of single steps as faint dots, the smoothed curve over
 * them, the suggestion marked. What lies far above the beginning is cut off.
 */
export function rateChart(
  points: readonly { readonly learningRate: number; readonly loss: number }[],
  smoothed: readonly number[],
  suggestion: number | undefined,
  terminal: Pick<Terminal, 'colour' | 'columns'>,
): string[] {
  if (points.length < 2) return [];
  const paint = painter(terminal);
  const low = Math.min(...smoothed);
  const high = Math.max(Math.min(Math.max(...smoothed), 1.5 * smoothed[0]), low + 1e-9);
  const digits = high - low >= 0.5 ? 2 : 3;
  const labels = Array.from({ length: rows }, (_, r) => (high - ((high - low) * r) / (rows - 1)).toFixed(digits));
  const margin = Math.max(...labels.map((label) => label.length));
  const width = Math.max(20, Math.min(terminal.columns - margin - 4, 72));
  const first = Math.log10(points[0].learningRate);
  const span = Math.log10(points[points.length - 1].learningRate) - first || 1;
  const column = (learningRate: number): number =>
    Math.round(((Math.log10(learningRate) - first) / span) * (width - 1));
  const row = (value: number): number => Math.round(((high - value) / (high - low)) * (rows - 1));
  const cells = Array.from({ length: rows }, () => new Array<string>(width).fill(' '));
  const put = (x: number, value: number, mark: string): void => {
    const y = row(value);
    if (y >= 0 && y < rows) cells[y][x] = mark;
  };
  for (const { learningRate, loss } of points) put(column(learningRate), loss, paint('faint', '·'));
  points.forEach(({ learningRate }, i) => {
    put(column(learningRate), smoothed[i], paint('train', '•'));
  });
  const axis = new Array<string>(width).fill('─');
  const names = new Array<string>(width + 8).fill(' ');
  for (let power = Math.ceil(first); power <= first + span; power++) {
    const x = column(10 ** power);
    axis[x] = '┬';
    [...(power < -3 ? `1e${power}` : String(Number((10 ** power).toPrecision(1))))].forEach((c, i) => {
      names[x + i] = c;
    });
  }
  const space = ' '.repeat(margin + 2);
  const lines = cells.map((line, y) => `${labels[y].padStart(margin)} ┤${line.join('')}`.trimEnd());
  lines.push(`${' '.repeat(margin)} └${axis.join('')}`, `${space}${names.join('').trimEnd()}  lr`);
  if (suggestion !== undefined) {
    const x = column(suggestion);
    const note = `suggestion ${rate(suggestion)}`;
    lines.push(
      space +
        (x + 2 + note.length <= width
          ? `${' '.repeat(x)}▲ ${note}`
          : `${' '.repeat(Math.max(0, x - note.length - 1))}${note} ▲`),
    );
  }
  return lines;
}
