import { generateDigits } from '../../../../dataset/builtin/digits.ts';
import { pictureAt } from '../../../../dataset/dataset.ts';
import { parseShorthand } from '../../../../model/shorthand.ts';
import { hashWeights } from '../../../../model/weights.ts';
import { train } from '../../../train-model.ts';
import { convolve, type Grid, sumInWords } from '../../convolve.ts';
import type { Experiment } from '../../lesson.ts';

/** Kernels that people made by hand, each for one purpose. */
export const handMade = {
  'vertical edges': [
    [-1, 0, 1],
    [-2, 0, 2],
    [-1, 0, 1],
  ],
  'horizontal edges': [
    [-1, -2, -1],
    [0, 0, 0],
    [1, 2, 1],
  ],
  blur: [
    [1 / 9, 1 / 9, 1 / 9],
    [1 / 9, 1 / 9, 1 / 9],
    [1 / 9, 1 / 9, 1 / 9],
  ],
  sharpen: [
    [0, -1, 0],
    [-1, 5, -1],
    [0, -1, 0],
  ],
  identity: [
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 0],
  ],
} as const satisfies Readonly<Record<string, Grid>>;
type KernelName = keyof typeof handMade;

/** A built-in digit as a grid, 0 … 255, half as wide and high so that every number can be read. */
function smallDigit(index: number): Grid {
  const { data } = pictureAt(generateDigits({ train: 1, test: index + 1, seed: 1 }).test!, index);
  return Array.from({ length: 14 }, (_, r) =>
    Array.from({ length: 14 }, (_, c) => {
      const at = (dr: number, dc: number): number => data[(2 * r + dr) * 28 + 2 * c + dc];
      return Math.round((at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1)) / 4);
    }),
  );
}

export const slide: Experiment = {
  id: 'slide',
  title: 'Slide a kernel',
  doc: 'Move the window over the picture and follow the sum. Then change stride and padding and watch the size of the output.',
  options: {
    picture: { type: 'integer', minimum: 0, maximum: 9, default: 7, doc: 'Which digit.' },
    kernel: { type: 'choice', choices: Object.keys(handMade), default: 'vertical edges', doc: 'Which kernel.' },
    row: { type: 'integer', minimum: 0, maximum: 15, default: 5, doc: 'Row of the output, from 0 at the top.' },
    column: { type: 'integer', minimum: 0, maximum: 15, default: 6, doc: 'Column of the output, from 0 at the left.' },
    stride: { type: 'integer', minimum: 1, maximum: 3, default: 1, doc: 'Pixels from one place to the next.' },
    padding: {
      type: 'integer',
      minimum: 0,
      maximum: 2,
      default: 0,
      doc: 'Rows and columns of zeros around the picture.',
    },
  },
  pace: 'instant',
  async run(host, options) {
    const input = smallDigit(options.picture as number);
    const kernel: Grid = handMade[options.kernel as KernelName];
    const [stride, padding] = [options.stride as number, options.padding as number];
    const engine = await host.createEngine();
    try {
      const { output, start, under } = await convolve(engine, input, kernel, { stride, padding });
      const row = Math.min(options.row as number, output.length - 1);
      const column = Math.min(options.column as number, output[0].length - 1);
      const [top, left] = start(row, column);
      const sum = sumInWords(under(row, column), kernel, 1);
      const size = `${output.length} x ${output[0].length}`;
      return {
        figures: [
          {
            kind: 'numbers',
            title: 'The picture',
            values: input,
            scale: 'grey',
            decimals: 0,
            window: { row: top, column: left, rows: 3, columns: 3 },
            words: `14 x 14 pixels; the window covers rows ${top} to ${top + 2} and columns ${left} to ${left + 2}, counted from 0.`,
          },
          {
            kind: 'numbers',
            title: 'The kernel',
            values: kernel,
            scale: 'diverging',
            decimals: 2,
            words: `Nine weights, made by hand for: ${options.kernel}.`,
          },
          {
            kind: 'numbers',
            title: 'The feature map',
            values: output,
            scale: 'diverging',
            decimals: 0,
            window: { row, column, rows: 1, columns: 1 },
            places: { row: 'row', column: 'column' },
            words: `${size} numbers. The one at row ${row}, column ${column}: ${sum}.`,
          },
        ],
        numbers: { rows: output.length, columns: output[0].length, value: output[row][column] },
      };
    } finally {
      await engine.dispose();
    }
  },
};

export const learned: Experiment = {
  id: 'learned',
  title: 'Let a network find its kernels',
  doc: 'Trains a small network on the digits and shows what the kernels of its first layer have become.',
  options: {
    filters: { type: 'integer', minimum: 2, maximum: 16, default: 8, doc: 'How many kernels the first layer has.' },
    epochs: { type: 'integer', minimum: 1, maximum: 6, default: 3, doc: 'How often it sees each of 2,000 pictures.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 5 },
  async run(host, options) {
    const engine = await host.createEngine();
    const [filters, epochs] = [options.filters as number, options.epochs as number];
    try {
      const data = generateDigits({ train: 2000, test: 1, seed: 1 });
      const shorthand = `conv ${filters} 5, relu, pool 2, flatten, linear`;
      const trained = await train({
        engine,
        data,
        model: parseShorthand(shorthand),
        epochs,
        seed: options.seed as number,
        signal: host.signal,
        onEpoch: ({ epoch }) => host.onProgress?.({ done: epoch, total: epochs, what: `epoch ${epoch} of ${epochs}` }),
      });
      const weight = [...trained.classifier.weights].find(([name]) => name.endsWith('.weight'))![1];
      const figures = Array.from({ length: filters }, (_, f) => ({
        kind: 'numbers' as const,
        title: `Kernel ${f + 1}`,
        values: Array.from({ length: 5 }, (_, r) => [...weight.data.slice(25 * f + 5 * r, 25 * f + 5 * r + 5)]),
        scale: 'diverging' as const,
        decimals: 2,
        words: kernelWords([...weight.data.slice(25 * f, 25 * f + 25)]),
      }));
      const best = trained.best!;
      return {
        figures: [
          ...figures,
          {
            kind: 'table',
            title: 'What it learnt',
            columns: ['training loss', 'validation loss', 'validation accuracy'],
            rows: [[best.loss.toFixed(3), best.valLoss.toFixed(3), `${(100 * best.valAccuracy).toFixed(1)} %`]],
            words: `After ${epochs} ${epochs === 1 ? 'epoch' : 'epochs'} it is right on ${(100 * best.valAccuracy).toFixed(1)} % of the pictures that it did not learn from.`,
          },
        ],
        numbers: { valAccuracy: best.valAccuracy, valLoss: best.valLoss },
        hash: await hashWeights(trained.last.weights),
      };
    } finally {
      await engine.dispose();
    }
  },
};

/** Where a kernel is light and where dark, by its halves: an edge finder has them on different sides. */
function kernelWords(weights: readonly number[]): string {
  const side = (keep: (r: number, c: number) => boolean): number =>
    weights.reduce((sum, weight, i) => sum + (keep(Math.floor(i / 5), i % 5) ? weight : 0), 0);
  const [top, bottom] = [side((r) => r < 2), side((r) => r > 2)];
  const [left, right] = [side((_, c) => c < 2), side((_, c) => c > 2)];
  const [upright, lying] = [Math.abs(left - right), Math.abs(top - bottom)];
  if (Math.max(upright, lying) < 0.3) return 'No clear direction.';
  return upright > lying
    ? `Answers to vertical edges, with light on the ${right > left ? 'right' : 'left'}.`
    : `Answers to horizontal edges, with light ${bottom > top ? 'below' : 'above'}.`;
}
