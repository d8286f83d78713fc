import { pictureAt } from '../../../../dataset/dataset.ts';
import { channelStatistics } from '../../../../dataset/statistics.ts';
import { log } from '../../../../maths.ts';
import { parseShorthand } from '../../../../model/shorthand.ts';
import { adapt } from '../../../../model/spec.ts';
import { chooseRecipe } from '../../../../train/choose-recipe.ts';
import { findLearningRate } from '../../../../train/find-learning-rate.ts';
import type { EpochRecord } from '../../../../train/history.ts';
import { NonFiniteError } from '../../../../train/non-finite.ts';
import type { Series } from '../../figure.ts';
import type { CourseHost, Experiment } from '../../lesson.ts';
import { followWeight, stepsInWords } from '../../one-weight.ts';
import { digitParts, trainWatched } from '../../watched-training.ts';
import { withEngine } from '../../with-engine.ts';

/** How far the weight is moved to either side: far enough for float32, near enough for a straight line. */
const nudge = 0.01;

const figure = (value: number): string => value.toPrecision(3).replace('-', '−');

const minus = (value: number): string => value.toFixed(4).replace('-', '−');

export const oneWeight: Experiment = {
  id: 'one-weight',
  title: 'Follow the loss back to one weight',
  doc: 'The picture becomes 4 x 4 numbers, then 4 units, then 10 classes. Choose a weight, and check its gradient with a pocket calculator.',
  options: {
    digit: { type: 'integer', minimum: 0, maximum: 9, default: 3, doc: 'Which picture.' },
    layer: { type: 'choice', choices: ['last', 'first'], default: 'last', doc: 'Which layer the weight is in.' },
    input: {
      type: 'integer',
      minimum: 0,
      maximum: 15,
      default: 1,
      doc: 'Which input of it: 0 to 3 in the last layer.',
    },
    unit: {
      type: 'integer',
      minimum: 0,
      maximum: 9,
      default: 3,
      doc: 'Which unit: a class in the last layer, 0 to 3 in the first.',
    },
    learningRate: { type: 'number', minimum: 0, maximum: 10, default: 0.5, doc: 'How far the weight steps.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'The first weights follow from it.' },
  },
  pace: 'instant',
  run: (host, options) =>
    withEngine(host, async (engine) => {
      const { train } = digitParts({ train: 10, val: 10 });
      const digit = options.digit as number;
      const isLast = options.layer === 'last';
      const [input, unit] = [options.input as number, options.unit as number];
      const followed = await followWeight(engine, {
        model: adapt(parseShorthand('avgPool2d 7, flatten, linear 4, relu, linear'), {
          input: [28, 28, 1],
          classes: 10,
        }),
        preprocessing: channelStatistics(train),
        seed: options.seed as number,
        pixels: pictureAt(train, digit).data,
        label: digit,
        layer: isLast ? 1 : 0,
        input: isLast ? Math.min(3, input) : input,
        unit: isLast ? unit : Math.min(3, unit),
      });
      const { weight, loss, probabilities, logitGradients, way, gradient } = followed;
      const [above, below] = [await followed.lossAt(weight + nudge), await followed.lossAt(weight - nudge)];
      const nudged = (above - below) / (2 * nudge);
      const moved = weight - (options.learningRate as number) * gradient;
      const after = await followed.lossAt(moved);
      return {
        figures: [
          {
            kind: 'table',
            title: 'Where it begins: the gradient of each class’s logit',
            columns: ['class', 'probability', 'right answer', 'gradient'],
            rows: [...probabilities].map((p, c) => [
              String(c),
              p.toFixed(4),
              c === digit ? '1' : '0',
              minus(logitGradients[c]),
            ]),
            words: `The loss is ${figure(loss)}. Each gradient is the probability less the right answer.`,
          },
          {
            kind: 'table',
            title: 'The way back',
            columns: ['what', 'computed'],
            rows: way.map((derived) => [derived.what, stepsInWords(derived)]),
            words: `The gradient of the weight is ${figure(gradient)}.`,
          },
          {
            kind: 'table',
            title: 'The check, and a step',
            columns: ['weight', 'value', 'loss'],
            rows: [
              ['a little less', minus(weight - nudge), below.toFixed(6)],
              ['as it is', minus(weight), loss.toFixed(6)],
              ['a little more', minus(weight + nudge), above.toFixed(6)],
              ['after its step', minus(moved), after.toFixed(6)],
            ],
            words: `(${above.toFixed(6)} − ${below.toFixed(6)}) / ${2 * nudge} = ${figure(nudged)}, and backpropagation said ${figure(gradient)}. After a step of this weight alone the loss is ${after.toFixed(4)}.`,
          },
        ],
        numbers: {
          gradient,
          nudged,
          loss,
          after,
          probability: probabilities[digit],
          equal: way.every((one) => Object.is(one.engine, one.replayed)) ? 1 : 0,
        },
      };
    }),
};

/** What a training by plain gradient descent with momentum came to. */
export interface Descent {
  readonly history: readonly EpochRecord[];
  readonly hash?: string;
  /** Kinds of what the diagnosis found. */
  readonly findings: readonly string[];
  /** Numbers became infinite. */
  readonly broke: boolean;
}

export interface DescentSettings {
  readonly learningRate: number;
  readonly batch: number;
  readonly momentum: number;
  readonly seed: number;
}

/** How many pictures and epochs the descents of this lesson have. */
export const descentPictures = 600;
export const descentEpochs = 6;
const descentModel = parseShorthand('conv 8 5, relu, pool 2, flatten, linear 32, relu, linear');

/** Gradient descent on 600 digits for six epochs, at one and the same learning rate throughout. */
export const descend = (host: CourseHost, { momentum, ...settings }: DescentSettings, what = ''): Promise<Descent> =>
  withEngine(host, async (engine) => {
    const history: EpochRecord[] = [];
    const parts = digitParts({ train: descentPictures, val: 300 });
    const choices = {
      ...settings,
      model: descentModel,
      optimizer: { type: 'sgd', momentum },
      schedule: { type: 'constant' },
      epochs: descentEpochs,
    };
    try {
      const { trained, hash, findings } = await trainWatched(host, engine, parts, choices, what);
      return { history: trained.history, hash, findings: findings.map(({ kind }) => kind), broke: false };
    } catch (error) {
      if (error instanceof NonFiniteError) return { history, findings: ['divergence'], broke: true };
      throw error;
    }
  });

const lastLoss = ({ history }: Descent): number => history[history.length - 1]?.trainLoss ?? Number.POSITIVE_INFINITY;

const choicesOf = {
  'learning rate': { field: 'learningRate', values: [0.001, 0.01, 0.1, 1] },
  'batch size': { field: 'batch', values: [8, 32, 128, 512] },
  momentum: { field: 'momentum', values: [0, 0.5, 0.9, 0.99] },
} as const;
/** What stays while one thing is changed. */
const usual = { learningRate: 0.05, batch: 32, momentum: 0 };
const usualFor = { 'learning rate': usual, 'batch size': usual, momentum: { ...usual, learningRate: 0.01 } } as const;

export const oneThing: Experiment = {
  id: 'one-thing',
  title: 'Change one thing',
  doc: 'Trains four times on 600 digits, six epochs each, and changes one setting from one training to the next.',
  options: {
    change: { type: 'choice', choices: Object.keys(choicesOf), default: 'learning rate', doc: 'What is changed.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 6 },
  async run(host, options) {
    const change = options.change as keyof typeof choicesOf;
    const { field, values } = choicesOf[change];
    const series: Series[] = [];
    const rows: string[][] = [];
    const numbers: Record<string, number> = {};
    const hashes: string[] = [];
    for (const value of values) {
      const settings = { ...usualFor[change], [field]: value, seed: options.seed as number };
      const descent = await descend(host, settings, `${change} ${value}, `);
      const loss = lastLoss(descent);
      numbers[`${field} ${value}`] = loss;
      if (descent.hash) hashes.push(descent.hash);
      const points = descent.history.map((r) => [r.epoch, r.trainLoss ?? r.loss] as const);
      if (points.length > 0) series.push({ name: `${change} ${value}`, points });
      const steps = descentEpochs * Math.ceil(descentPictures / settings.batch);
      rows.push([String(value), String(steps), descent.broke ? 'infinite' : loss.toFixed(3)]);
    }
    const best = rows.reduce((low, row) => (numbers[`${field} ${row[0]}`] < numbers[`${field} ${low[0]}`] ? row : low));
    return {
      figures: [
        {
          kind: 'curves',
          title: `Train loss, by ${change}`,
          x: 'epoch',
          y: 'train loss',
          series,
          words: `Lowest after ${descentEpochs} epochs: ${best[2]}, with ${change} ${best[0]}. Guessing gives 2.303.`,
        },
        {
          kind: 'table',
          title: 'After six epochs',
          columns: [change, 'steps', 'train loss'],
          rows,
          words: `The train loss ends at ${rows.map(([value, , loss]) => `${loss} with ${change} ${value}`).join(', ')}.`,
        },
      ],
      numbers,
      hash: hashes[hashes.length - 1],
    };
  },
};

export const finder: Experiment = {
  id: 'finder',
  title: 'Let the finder look',
  doc: 'One short training whose learning rate rises from step to step, from a millionth to ten. The loss tells where it is too low, right and too high.',
  options: {
    momentum: {
      type: 'number',
      minimum: 0,
      maximum: 0.99,
      default: 0,
      doc: 'Share of the last step that a step keeps.',
    },
    batch: { type: 'integer', minimum: 8, maximum: 128, default: 32, doc: 'Pictures a step.' },
    seed: { type: 'integer', minimum: 0, maximum: 1000, default: 1, doc: 'All chance follows from it.' },
  },
  pace: { seconds: 2 },
  run: (host, options) =>
    withEngine(host, async (engine) => {
      const { train } = digitParts({ train: descentPictures, val: 10 });
      const steps = 100;
      const { recipe } = chooseRecipe(train, 0, {
        model: descentModel,
        optimizer: { type: 'sgd', momentum: options.momentum as number },
        batch: options.batch as number,
        epochs: 1,
        seed: options.seed as number,
      });
      const found = await findLearningRate({
        engine,
        recipe,
        train,
        preprocessing: channelStatistics(train),
        steps,
        from: 1e-6,
        to: 10,
        signal: host.signal,
        onStep: (_, step) => host.onProgress?.({ done: step, total: steps, what: `step ${step} of ${steps}` }),
      });
      // Where the loss has broken away it would make all before it look flat.
      const shown = found.points.filter((_, i) => found.smoothed[i] <= 1.1 * found.smoothed[0]);
      const power = (rate: number): number => log(rate) / log(10);
      const { suggestion, lowest } = found;
      const rounded = suggestion === undefined ? undefined : Number(suggestion.toPrecision(2));
      return {
        figures: [
          {
            kind: 'curves',
            title: 'Loss while the learning rate rises',
            x: 'learning rate as a power of ten: −2 is 0.01',
            y: 'loss',
            series: [
              {
                name: 'smoothed loss',
                points: shown.map(({ learningRate }, i) => [power(learningRate), found.smoothed[i]] as const),
              },
            ],
            marks: [
              ...(suggestion === undefined ? [] : [{ x: power(suggestion), label: 'steepest' }]),
              ...(lowest === undefined ? [] : [{ x: power(lowest), label: 'lowest' }]),
            ],
            words:
              rounded === undefined || lowest === undefined
                ? 'The loss never falls: there is no rate to suggest.'
                : `The loss falls most steeply at ${rounded} and is lowest at ${Number(lowest.toPrecision(2))}; soon after, where the curve ends, it breaks away. ${rounded} is what the finder suggests.`,
          },
        ],
        numbers: { suggestion: suggestion ?? Number.NaN, lowest: lowest ?? Number.NaN },
      };
    }),
};
