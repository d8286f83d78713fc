import { generateDigits } from '../../../../dataset/builtin/digits.ts';
import { type Dataset, pictureSize, subset } from '../../../../dataset/dataset.ts';
import { memoryPixels } from '../../../../dataset/pixels.ts';
import { parseShorthand } from '../../../../model/shorthand.ts';
import { adapt } from '../../../../model/spec.ts';
import { summarize } from '../../../../model/summary.ts';
import { hashWeights } from '../../../../model/weights.ts';
import { RandomStream } from '../../../../random.ts';
import type { Trained } from '../../../train-model.ts';
import { lossCurves } from '../../history-figure.ts';
import type { CourseHost, Experiment } from '../../lesson.ts';
import { fooledPictures, shiftPoints } from '../../shift-test.ts';
import { trainPlainly } from '../../train-plainly.ts';
import { withEngine } from '../../with-engine.ts';
import { grouped, percent } from '../../words.ts';

/** The network of this lesson. */
export const perceptron = (hidden: number) => parseShorthand(`flatten, linear ${hidden}, relu, linear`);

export const count: Experiment = {
  id: 'count',
  title: 'Count the parameters',
  doc: 'Make the picture larger, or the hidden layer, and see where the numbers come from.',
  options: {
    side: { type: 'integer', minimum: 8, maximum: 224, default: 28, doc: 'Rows and columns of the picture.' },
    channels: { type: 'choice', choices: ['1', '3'], default: '1', doc: 'Grey or coloured.' },
    hidden: { type: 'integer', minimum: 1, maximum: 1024, default: 64, doc: 'Units of the hidden layer.' },
  },
  pace: 'instant',
  async run(_host, options) {
    const side = options.side as number;
    const spec = adapt(perceptron(options.hidden as number), {
      input: [side, side, Number(options.channels)],
      classes: 10,
    });
    const { layers, parameters } = summarize(spec);
    const first = layers.find(({ parameters: own }) => own > 0)!;
    return {
      figures: [
        {
          kind: 'table',
          title: 'Layer by layer',
          columns: ['layer', 'gives', 'parameters'],
          rows: layers.map((layer) => [
            layer.id,
            `${layer.outputShape.join(' x ')} numbers`,
            grouped(layer.parameters),
          ]),
          words: `${grouped(parameters)} parameters, ${percent(first.parameters / parameters)} of them in the first linear layer.`,
        },
      ],
      numbers: { parameters, first: first.parameters },
    };
  },
};

/** Trains the perceptron on the first so many of 2,000 digits; 300 others are for validation. */
export function trainPerceptron(
  host: CourseHost,
  { hidden, pictures, epochs, seed }: Readonly<Record<'hidden' | 'pictures' | 'epochs' | 'seed', number>>,
): Promise<Trained> {
  const { train } = generateDigits({ train: 2300, test: 1, seed: 1 });
  const from = (first: number, length: number) =>
    subset(
      train!,
      Array.from({ length }, (_, i) => first + i),
    );
  return withEngine(host, (engine) =>
    trainPlainly(host, engine, {
      data: { train: from(300, pictures), val: from(0, 300) },
      model: perceptron(hidden),
      epochs,
      seed,
    }),
  );
}

export const settings = {
  hidden: { type: 'integer', minimum: 1, maximum: 512, default: 128, doc: 'Units of the hidden layer.' },
  pictures: { type: 'integer', minimum: 50, maximum: 2000, default: 200, doc: 'How many it learns from.' },
  epochs: { type: 'integer', minimum: 1, maximum: 60, default: 40, doc: 'How often it sees each of them.' },
} as const;

export const overfit: Experiment = {
  id: 'overfit',
  title: 'Watch it learn by heart',
  doc: 'Trains on few pictures for long. Follow both curves; then give it ten times the pictures.',
  options: {
    ...settings,
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 3 },
  async run(host, options) {
    const trained = await trainPerceptron(host, options as Parameters<typeof trainPerceptron>[1]);
    const { history } = trained;
    const last = history[history.length - 1];
    const best = trained.best!;
    return {
      figures: [lossCurves(history)],
      numbers: {
        trainLoss: last.trainLoss!,
        valLoss: last.valLoss,
        bestEpoch: best.epoch,
        rise: last.valLoss / best.valLoss,
      },
      hash: await hashWeights(trained.last.weights),
    };
  },
};

export const shift: Experiment = {
  id: 'shift',
  title: 'Move the picture',
  doc: 'Trains on 2,000 digits, then moves 500 others to one side by some pixels and asks again.',
  options: {
    hidden: settings.hidden,
    epochs: { type: 'integer', minimum: 1, maximum: 10, default: 4, doc: 'How often it sees each picture.' },
    pixels: { type: 'integer', minimum: 1, maximum: 4, default: 2, doc: 'How far the pictures below are moved.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 4 },
  run: (host, options) =>
    withEngine(host, async (engine) => {
      const data = generateDigits({ train: 2000, test: 500, seed: 1 });
      const trained = await trainPlainly(host, engine, {
        data,
        model: perceptron(options.hidden as number),
        epochs: options.epochs as number,
        seed: options.seed as number,
      });
      const points = await shiftPoints(host, engine, trained.last, data.test!);
      const [still, , two, , four] = points.map(({ accuracy }) => accuracy);
      return {
        figures: [
          {
            kind: 'curves',
            title: 'Right answers as the pictures move',
            x: 'pixels',
            y: 'share of 500',
            series: [{ name: 'fully connected', points: points.map(({ level, accuracy }) => [level, accuracy]) }],
            words: `Right on ${percent(still)} where they are, ${percent(two)} moved by 2 pixels, ${percent(four)} moved by 4.`,
          },
          await fooledPictures(engine, trained.last, data.test!, options.pixels as number, 6),
        ],
        numbers: { still, two, four },
        hash: await hashWeights(trained.last.weights),
      };
    }),
};

/** The same pictures with all their pixels in another order, one order for all. */
function reordered(data: Dataset): Dataset {
  const size = pictureSize(data);
  const order = new RandomStream(1, 'sample', size, 0).shuffle(Uint32Array.from({ length: size }, (_, i) => i));
  const pixels = new Uint8Array(data.count * size);
  for (let i = 0; i < data.count; i++) {
    const picture = data.pixels.at(i);
    for (let p = 0; p < size; p++) pixels[i * size + p] = picture[order[p]];
  }
  return { ...data, pixels: memoryPixels(pixels, size) };
}

/** Validation accuracy with the pixels in their order less that with the pixels in another order. */
export async function worthOfOrder(host: CourseHost): Promise<number> {
  const { train, test } = generateDigits({ train: 2000, test: 500, seed: 1 });
  const accuracyOn = (learnt: Dataset, val: Dataset): Promise<number> =>
    withEngine(host, async (engine) => {
      const settings = { data: { train: learnt, val }, model: perceptron(128), epochs: 6, seed: 1 };
      const { history } = await trainPlainly(host, engine, settings);
      return history[history.length - 1].valAccuracy;
    });
  return (await accuracyOn(train!, test!)) - (await accuracyOn(reordered(train!), reordered(test!)));
}
