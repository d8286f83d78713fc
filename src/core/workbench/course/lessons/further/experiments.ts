import { generateShapes } from '../../../../dataset/builtin/shapes.ts';
import { createDataset, type Dataset, resized } from '../../../../dataset/dataset.ts';
import type { OpenedWeights } from '../../../../model/opened-weights.ts';
import { buildPreset, presets } from '../../../../model/presets/index.ts';
import { type ModelSummary, summarize } from '../../../../model/summary.ts';
import { hashWeights } from '../../../../model/weights.ts';
import type { Trained } from '../../../train-model.ts';
import type { Experiment } from '../../lesson.ts';
import { digitParts, range } from '../../lesson-data.ts';
import { trainInLesson } from '../../train-in-lesson.ts';
import { withEngine } from '../../with-engine.ts';
import { grouped, percent } from '../../words.ts';

export const residual: Experiment = {
  id: 'residual',
  title: 'Deep, with and without short cuts',
  doc: 'The same convolutions twice: one after the other, and in blocks that add their input to their output. Take 2 blocks, then 10.',
  options: {
    blocks: { type: 'integer', minimum: 1, maximum: 16, default: 10, doc: 'Blocks of two convolutions each.' },
    epochs: { type: 'integer', minimum: 1, maximum: 12, default: 5, doc: 'How often each of 600 pictures is seen.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 8 },
  async run(host, options) {
    const [blocks, epochs, seed] = [options.blocks, options.epochs, options.seed] as number[];
    const { train, val } = digitParts({ train: 600, val: 200, test: 1 });
    const body = 'conv 8 same, relu, conv 8 same';
    const designs = { plain: `${body}, relu`, residual: `residual(${body}), relu` };
    const [plain, withShortcuts] = await Promise.all(
      Object.entries(designs).map(([name, block]) =>
        withEngine(host, (engine) =>
          trainInLesson(host, engine, {
            data: { train, val },
            model: `conv 8 5 stride=4, relu, ${blocks}*(${block}), flatten, linear`,
            epochs,
            seed,
            name,
          }),
        ),
      ),
    );
    const curve = (name: string, { history }: Trained) => ({
      name,
      points: history.map(({ epoch, trainLoss, loss }) => [epoch, trainLoss ?? loss] as const),
    });
    const lastOf = ({ history }: Trained) => history[history.length - 1];
    const [a, b] = [lastOf(plain), lastOf(withShortcuts)];
    return {
      figures: [
        {
          kind: 'curves',
          title: `Training loss with ${1 + 2 * blocks} convolutions`,
          x: 'epoch',
          y: 'training loss',
          series: [curve('plain', plain), curve('residual', withShortcuts)],
          words: `The plain network ends at a training loss of ${(a.trainLoss ?? a.loss).toFixed(2)}, the residual one at ${(b.trainLoss ?? b.loss).toFixed(2)}. One that guesses has 2.30.`,
        },
        {
          kind: 'bars',
          title: 'Validation accuracy',
          unit: '%',
          bars: [
            { name: 'plain', value: 100 * a.valAccuracy },
            { name: 'residual', value: 100 * b.valAccuracy },
          ],
          words: `${percent(a.valAccuracy)} and ${percent(b.valAccuracy)}, with equally many parameters.`,
        },
      ],
      numbers: {
        plainLoss: a.trainLoss ?? a.loss,
        residualLoss: b.trainLoss ?? b.loss,
        plain: a.valAccuracy,
        residual: b.valAccuracy,
      },
      hash: await hashWeights(withShortcuts.last.weights),
    };
  },
};

/** Networks that came after each other, by the names that they have here. */
export const landmarks = [
  ['lenet5', 1998],
  ['vgg11-bn', 2014],
  ['resnet18', 2015],
  ['resnet50', 2015],
  ['squeezenet1_1', 2016],
  ['mobilenet_v2', 2018],
  ['mobilenet_v3_small', 2019],
  ['efficientnet_b0', 2019],
  ['convnext_tiny', 2022],
] as const;
export type Landmark = (typeof landmarks)[number][0];

export interface Cost extends Pick<ModelSummary, 'parameters' | 'macs'> {
  /** It adds what went around a block to what went through it. */
  readonly adds: boolean;
  /** It has convolutions that keep to one channel. */
  readonly depthwise: boolean;
}

/** What a network costs for colour pictures of side x side. @throws FoveaError for pictures too small for it. */
export function costOf(name: Landmark, side: number, classes: number): Cost {
  const model = buildPreset(name, { input: [side, side, 3], classes });
  const { parameters, macs, layers } = summarize(model);
  const has = (type: string): boolean => layers.some((layer) => layer.type === type);
  return { parameters, macs, adds: has('add'), depthwise: has('depthwiseConv2d') };
}

export const millions = (count: number): string =>
  count < 1e7 ? (count / 1e6).toFixed(1) : grouped(Math.round(count / 1e6));

export const costs: Experiment = {
  id: 'costs',
  title: 'What networks cost',
  doc: 'Change the size of the pictures: what becomes of the parameters, and of the multiplications?',
  options: {
    side: { type: 'integer', minimum: 32, maximum: 320, default: 224, doc: 'Height and width of the pictures.' },
  },
  pace: 'instant',
  async run(_host, options) {
    const side = options.side as number;
    const found = landmarks
      .filter(([name]) => side >= presets.find((preset) => preset.name === name)!.minimumSize)
      .map(([name, year]) => ({ name, year, ...costOf(name, side, 10) }));
    const most = found.reduce((a, b) => (b.macs > a.macs ? b : a));
    const least = found.reduce((a, b) => (b.macs < a.macs ? b : a));
    return {
      figures: [
        {
          kind: 'table',
          title: `For pictures of ${side} x ${side} and ten classes`,
          columns: ['network', 'year', 'parameters (M)', 'multiplications (M)', 'adds', 'depthwise'],
          rows: found.map(({ name, year, parameters, macs, adds, depthwise }) => [
            name,
            String(year),
            millions(parameters),
            millions(macs),
            adds ? 'yes' : '',
            depthwise ? 'yes' : '',
          ]),
          words: `M stands for a million. ${most.name} multiplies most, ${millions(most.macs)} million times a picture; ${least.name} least, ${millions(least.macs)} million.`,
        },
      ],
      numbers: Object.fromEntries(
        found.flatMap(({ name, macs, parameters }) => [
          [name, macs],
          [`${name} parameters`, parameters],
        ]),
      ),
    };
  },
};

const trunk = 'conv 8 5, relu, pool 2, conv 16 3, relu, pool 2, flatten, linear';

/** Another question about the same pictures: is the digit even or odd? */
const evenOrOdd = (dataset: Dataset): Dataset =>
  createDataset({ ...dataset, classNames: ['even', 'odd'], labels: dataset.labels.map((label) => label % 2) });

/** What was learnt before: 2,000 pictures, and classes that have nothing to do with even and odd. */
const earlier = {
  digits: () => digitParts({ train: 2000, val: 200, test: 1 }),
  shapes() {
    const drawn = generateShapes({ train: 2000, test: 200 });
    const grey = (dataset: Dataset) => resized(dataset, { height: 28, width: 28, channels: 1 });
    return { train: grey(drawn.train!), val: grey(drawn.test!) };
  },
} as const;

const openedFrom = ({ last }: Trained, source: string, hash: string): OpenedWeights => ({
  source,
  hash,
  tensors: last.weights,
  model: last.model,
  classNames: last.classNames,
  normalisation: last.preprocessing,
});

export const transfer: Experiment = {
  id: 'transfer',
  title: 'Begin with what another has learnt',
  doc: 'A new question, is the digit even or odd, and 50 pictures to learn it from. Three networks begin at random, three with the weights of one that was trained on 2,000 other pictures.',
  options: {
    from: { type: 'choice', choices: Object.keys(earlier), default: 'digits', doc: 'What the other was trained on.' },
    pictures: { type: 'integer', minimum: 20, maximum: 400, default: 50, doc: 'How many pictures the question has.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'The first of three seeds.' },
  },
  pace: { seconds: 8 },
  async run(host, options) {
    const [from, count] = [options.from as keyof typeof earlier, options.pictures as number];
    const before = await withEngine(host, (engine) =>
      trainInLesson(host, engine, { data: earlier[from](), model: trunk, epochs: 6, seed: 1, name: from }),
    );
    const hash = await hashWeights(before.last.weights);
    const start = openedFrom(before, from, hash);
    // Another seed than that of the earlier pictures.
    const { train, test } = digitParts({ train: count, val: 1, test: 500, seed: 7 });
    const data = { train: evenOrOdd(train), val: evenOrOdd(test) };
    const seeds = range(options.seed as number, (options.seed as number) + 3);
    const accuracies = { random: [] as number[], start: [] as number[] };
    for (const seed of seeds) {
      for (const way of ['random', 'start'] as const) {
        const { history } = await withEngine(host, (engine) =>
          trainInLesson(host, engine, {
            data,
            model: trunk,
            epochs: 25,
            seed,
            name: `${way === 'random' ? 'at random' : `from ${from}`}, seed ${seed}`,
            ...(way === 'start' ? { start } : {}),
          }),
        );
        accuracies[way].push(history[history.length - 1].valAccuracy);
      }
    }
    const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;
    const bar = (name: string, values: readonly number[]) => ({
      name,
      value: 100 * mean(values),
      interval: [100 * Math.min(...values), 100 * Math.max(...values)] as const,
    });
    const gain = mean(accuracies.start) - mean(accuracies.random);
    return {
      figures: [
        {
          kind: 'bars',
          title: `Even or odd, learnt from ${count} pictures`,
          unit: '%',
          bars: [bar('from random weights', accuracies.random), bar(`from the ${from} network`, accuracies.start)],
          words: `On 500 other pictures, means of three seeds, from the worst to the best: beginning with the ${from} network makes ${(100 * gain).toFixed(1)} points of difference.`,
        },
      ],
      numbers: { random: mean(accuracies.random), start: mean(accuracies.start), gain },
      hash,
    };
  },
};
