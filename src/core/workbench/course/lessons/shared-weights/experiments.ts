import { generateDigits } from '../../../../dataset/builtin/digits.ts';
import { pictureAt } from '../../../../dataset/dataset.ts';
import { openExplainer } from '../../../../explain/session.ts';
import { resize } from '../../../../image/resize.ts';
import { parseShorthand } from '../../../../model/shorthand.ts';
import { adapt } from '../../../../model/spec.ts';
import { summarize } from '../../../../model/summary.ts';
import { hashWeights } from '../../../../model/weights.ts';
import type { Grid } from '../../convolve.ts';
import type { NumbersFigure } from '../../figure.ts';
import type { Experiment } from '../../lesson.ts';
import { placedOn, shiftPoints, withMargin } from '../../shift-test.ts';
import { trainPlainly } from '../../train-plainly.ts';
import { untrained } from '../../untrained.ts';
import { withEngine } from '../../with-engine.ts';
import { grouped, percent } from '../../words.ts';
import { displacementBetween, moved } from './displacement.ts';

export const compare: Experiment = {
  id: 'compare',
  title: 'Count again',
  doc: 'The same 64 units, fully connected and as kernels. Enlarge the picture and watch both columns.',
  options: {
    side: { type: 'integer', minimum: 8, maximum: 224, default: 28, doc: 'Rows and columns of a grey picture.' },
    kernel: { type: 'integer', minimum: 1, maximum: 7, default: 3, doc: 'Kernel size.' },
  },
  pace: 'instant',
  async run(_host, options) {
    const side = options.side as number;
    const firstOf = (shorthand: string): number => {
      const spec = adapt(parseShorthand(shorthand), { input: [side, side, 1], classes: 10 });
      return summarize(spec).layers.find(({ parameters }) => parameters > 0)!.parameters;
    };
    const dense = firstOf('flatten, linear 64, relu, linear');
    const conv = firstOf(`conv 64 ${options.kernel}, relu, gap, linear`);
    return {
      figures: [
        {
          kind: 'table',
          title: 'Parameters of the first layer',
          columns: ['layer', 'weights look at', 'parameters'],
          rows: [
            ['fully connected, 64 units', `all ${grouped(side * side)} pixels`, grouped(dense)],
            ['convolution, 64 kernels', `${options.kernel} x ${options.kernel} pixels, everywhere`, grouped(conv)],
          ],
          words: `${grouped(dense)} against ${grouped(conv)}: ${Math.round(dense / conv)} times as many.`,
        },
      ],
      numbers: { dense, conv },
    };
  },
};

/** What follows the first convolution: all but the first take every second place only. */
const steps = {
  'convolution alone': 'conv 4 3',
  'convolution with stride 2': 'conv 4 3 stride=2',
  'max pooling': 'conv 4 3, relu, pool 2',
  'max pooling, blurred': 'conv 4 3, relu, pool 2 stride=1, blurpool 5',
} as const;
type Step = keyof typeof steps;

/** Small, so that every number of a map can be read. */
const side = 20;
const digitSide = 14;
const first = 2;

export const equivariance: Experiment = {
  id: 'equivariance',
  title: 'Move a digit and watch its map',
  doc: 'Moves a digit to the right and compares the two feature maps, laid over each other as well as whole steps allow. The weights are random: nothing was learnt.',
  options: {
    layers: { type: 'choice', choices: Object.keys(steps), default: 'convolution alone', doc: 'What makes the map.' },
    pixels: { type: 'integer', minimum: 1, maximum: 4, default: 1, doc: 'How far the digit moves.' },
    picture: { type: 'integer', minimum: 0, maximum: 9, default: 7, doc: 'Which digit.' },
  },
  pace: 'instant',
  run: (host, options) =>
    withEngine(host, async (engine) => {
      const pixels = options.pixels as number;
      const drawn = pictureAt(generateDigits({ train: 10, test: 1, seed: 1 }).train!, options.picture as number);
      const digit = resize(drawn, digitSide, digitSide);
      const draft = parseShorthand(`${steps[options.layers as Step]}, gap, linear`);
      const explainer = openExplainer(engine, untrained(draft, [side, side, 1], 1));
      const map = explainer.layers.filter(({ isMap }) => isMap).at(-1)!;
      const [height, width, channels] = map.shape;
      const mapsOf = async (left: number): Promise<Grid[]> => {
        const prepared = explainer.prepare(placedOn(digit, side, (side - digitSide) / 2, left));
        const values = (await explainer.activationsOf(prepared)).layers.get(map.id)!;
        return Array.from({ length: channels }, (_, c) =>
          Array.from({ length: height }, (_unused, y) =>
            Array.from({ length: width }, (_none, x) => values[(y * width + x) * channels + c]),
          ),
        );
      };
      const [before, after] = [await mapsOf(first), await mapsOf(first + pixels)];
      const { columns, left } = displacementBetween(before, after);
      const picture = (title: string, values: Grid, words: string): NumbersFigure => ({
        kind: 'numbers',
        title,
        values,
        scale: 'diverging',
        decimals: 1,
        words,
      });
      const difference = moved(before[0], columns).map((line, y) =>
        line.slice(columns).map((value, x) => after[0][y][x + columns] - value),
      );
      const largest = Math.max(...difference.flat().map(Math.abs));
      const plural = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`;
      return {
        figures: [
          picture('Before', before[0], `The first of ${channels} channels, ${height} x ${width} numbers.`),
          picture(
            'After, less what was expected',
            difference,
            `The largest number is ${largest.toFixed(2)}. ${largest === 0 ? 'Zero everywhere: the map moved along, and nothing else.' : 'Where it is not zero, the map did something else than to move along.'}`,
          ),
          {
            kind: 'table',
            title: 'The two maps',
            columns: ['the digit moved by', 'the map moved by', 'of the map that does not fit'],
            rows: [[plural(pixels, 'pixel'), plural(columns, 'place'), percent(left)]],
            words: `The map moved by ${plural(columns, 'place')}; moved back, ${percent(left)} of it differs from the old one.`,
          },
        ],
        numbers: { columns, left },
      };
    }),
};

const networks = {
  'fully connected': 'flatten, linear 64, relu, linear',
  'convolutions, then all places': 'conv 8 5, relu, POOL, conv 16 5, relu, POOL, flatten, linear',
  'convolutions, then the mean': 'conv 8 5, relu, POOL, conv 16 5, relu, POOL, conv 32 3, relu, gap, linear',
} as const;
const poolings = { max: 'pool 2', blur: 'pool 2 stride=1, blurpool' } as const;
const margin = 4;

export const shiftTest: Experiment = {
  id: 'shift-test',
  title: 'The same test for three networks',
  doc: 'Trains the perceptron of the last lesson and two convolutional networks on 2,000 digits with a black margin, then moves 500 others.',
  options: {
    pooling: { type: 'choice', choices: Object.keys(poolings), default: 'max', doc: 'How maps are made smaller.' },
    epochs: { type: 'integer', minimum: 1, maximum: 10, default: 6, doc: 'How often they see each picture.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 10 },
  async run(host, options) {
    const drawn = generateDigits({ train: 2000, test: 500, seed: 1 });
    const data = { train: withMargin(drawn.train!, margin), test: withMargin(drawn.test!, margin) };
    const series: { name: string; points: [number, number][] }[] = [];
    const rows: string[][] = [];
    const numbers: Record<string, number> = {};
    const hashes: string[] = [];
    for (const [name, shorthand] of Object.entries(networks)) {
      host.signal?.throwIfAborted();
      await withEngine(host, async (engine) => {
        const trained = await trainPlainly(host, engine, {
          what: name,
          data: { train: data.train },
          model: parseShorthand(shorthand.replaceAll('POOL', poolings[options.pooling as keyof typeof poolings])),
          epochs: options.epochs as number,
          seed: options.seed as number,
        });
        const points = await shiftPoints(host, engine, trained.last, data.test);
        series.push({ name, points: points.map(({ level, accuracy }) => [level, accuracy]) });
        const { parameters } = summarize(trained.last.model);
        rows.push([name, grouped(parameters), ...[0, 2, 4].map((at) => percent(points[at].accuracy))]);
        for (const at of [0, 2, 4]) numbers[`${name}, ${at}`] = points[at].accuracy;
        numbers[`${name}, same answer at 1`] = points[1].agreement;
        hashes.push(await hashWeights(trained.last.weights));
      });
    }
    return {
      figures: [
        {
          kind: 'curves',
          title: 'Right answers as the pictures move',
          x: 'pixels',
          y: 'share of 500',
          series,
          words: `Right where the digits are, and moved by 4 pixels: ${rows.map(([name, , still, , far]) => `${name} ${still} and ${far}`).join('; ')}.`,
        },
        {
          kind: 'table',
          title: 'In numbers',
          columns: ['network', 'parameters', 'not moved', '2 pixels', '4 pixels'],
          rows,
          words: 'Right answers of 500; a difference of less than 3 points may be chance.',
        },
      ],
      numbers,
      hash: hashes.join(' '),
    };
  },
};
