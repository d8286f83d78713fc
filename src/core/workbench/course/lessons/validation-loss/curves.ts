import { type Dataset, subset } from '../../../../dataset/dataset.ts';
import { RandomStream } from '../../../../random.ts';
import type { RecipeChoices } from '../../../../train/choose-recipe.ts';
import { digitParts, pick, type TrainAndVal } from '../../watched-training.ts';

/** A training whose curves are to be read: what was done, and what a reader should see in them. */
export interface CurveCase {
  /** What was done, told only when asked. */
  readonly done: string;
  /** What in the curves tells it. */
  readonly sign: string;
  /** The finding of the diagnosis that belongs to it; undefined where nothing is wrong. */
  readonly finding: string | undefined;
  parts(): TrainAndVal;
  readonly settings: Omit<RecipeChoices, 'model'> & { readonly epochs: number };
  /** In the shorthand for models. */
  readonly model: string;
}

const usual = 'conv 8 5, relu, pool 2, flatten, linear 32, relu, linear';
const constant = { type: 'constant' } as const;

/** Gives a share (0 … 1) of the pictures another label, by lot. */
function mislabel(data: Dataset, share: number): Dataset {
  const random = new RandomStream(1, 'shuffle', 0);
  const classes = data.classNames.length;
  const labels = data.labels.map((label) =>
    random.uniform() < share ? (label + 1 + random.below(classes - 1)) % classes : label,
  );
  return { ...data, labels };
}

/** The pictures but those of a class. */
const without = (data: Dataset, label: number): Dataset =>
  subset(
    data,
    Array.from({ length: data.count }, (_, i) => i).filter((i) => data.labels[i] !== label),
  );

/** THE LIST of trainings for reading curves, in no order that would tell anything. */
export const curveCases: readonly CurveCase[] = [
  {
    done: '1,000 pictures, a network that suits them, 8 epochs.',
    sign: 'Both losses fall together and end close to each other.',
    finding: undefined,
    parts: () => digitParts({ train: 1000, val: 500 }),
    settings: { epochs: 8 },
    model: usual,
  },
  {
    done: 'Only 100 training pictures, seen 40 times.',
    sign: 'Train loss goes to zero while val loss stays far above it.',
    finding: 'overfitting',
    parts: () => digitParts({ train: 100, val: 500 }),
    settings: { epochs: 40 },
    model: usual,
  },
  {
    done: 'The learning rate is a thousandth of what is usual.',
    sign: 'Both losses are nearly straight lines that hardly leave the loss of guessing, 2.30.',
    finding: 'learning-rate-low',
    parts: () => digitParts({ train: 600, val: 500 }),
    settings: { epochs: 8, learningRate: 0.000002 },
    model: usual,
  },
  {
    done: 'The learning rate is a hundred times what is usual.',
    sign: 'The loss jumps up and stays at that of guessing, 2.30, or above: the first steps threw the network off.',
    finding: 'learning-rate-high',
    parts: () => digitParts({ train: 600, val: 500 }),
    settings: { epochs: 8, learningRate: 0.2, schedule: constant },
    model: usual,
  },
  {
    done: 'Four in ten labels are wrong, of training and validation pictures alike.',
    sign: 'Val loss falls at first and then climbs, and it never comes near zero: wrong labels cannot be foretold.',
    finding: 'label-noise',
    parts() {
      const { train, val } = digitParts({ train: 1000, val: 500 });
      return { train: mislabel(train, 0.4), val: mislabel(val, 0.4) };
    },
    settings: { epochs: 12 },
    model: usual,
  },
  {
    done: 'The pictures are shrunk to 3 x 3 numbers before one fully connected layer sees them.',
    sign: 'Both losses fall together, and both stay high: even the training pictures are not learnt.',
    finding: 'underfitting',
    parts: () => digitParts({ train: 600, val: 500 }),
    settings: { epochs: 12, learningRate: 0.02 },
    model: 'avgPool2d 9, flatten, linear',
  },
  {
    done: 'There are only 20 validation pictures.',
    sign: 'Val accuracy moves in steps of 5 %, up and down, while train loss falls smoothly.',
    finding: 'val-too-small',
    parts: () => digitParts({ train: 600, val: 20 }),
    settings: { epochs: 10 },
    model: usual,
  },
  {
    done: 'The validation pictures are training pictures: a leak.',
    sign: 'The two curves lie on each other to the end, where even a good network leaves a gap.',
    finding: 'leaked-val',
    parts() {
      const { train } = digitParts({ train: 300, val: 10 });
      return { train, val: pick(train, 0, 200) };
    },
    settings: { epochs: 20 },
    model: usual,
  },
  {
    done: 'There is no training picture of the digit 3, but there are validation pictures of it.',
    sign: 'Train loss goes to zero; val loss climbs from the first epochs on, with about one picture in ten always wrong.',
    finding: 'class-missing',
    parts() {
      const { train, val } = digitParts({ train: 800, val: 500 });
      return { train: without(train, 3), val };
    },
    settings: { epochs: 12 },
    model: usual,
  },
  {
    done: 'A usual training, ended after 4 epochs at a low learning rate.',
    sign: 'Both losses were falling when it ended: more epochs are wanted.',
    finding: 'underfitting',
    parts: () => digitParts({ train: 600, val: 500 }),
    settings: { epochs: 4, learningRate: 0.0002, schedule: constant },
    model: usual,
  },
  {
    done: 'All labels of the training pictures were drawn by lot.',
    sign: 'Train loss falls below that of guessing, and val loss rises above it from the start: there was nothing to learn but the pictures themselves.',
    finding: 'overfitting',
    parts() {
      const { train, val } = digitParts({ train: 300, val: 500 });
      return { train: mislabel(train, 0.9), val };
    },
    settings: { epochs: 30 },
    model: usual,
  },
  {
    done: 'Half of the units are dropped, and each picture is shifted anew: train loss as the epoch met it would look worse than val loss.',
    sign: 'Nothing is wrong, though it takes longer: both curves still fall together.',
    finding: undefined,
    parts: () => digitParts({ train: 1000, val: 500 }),
    settings: { epochs: 10, augmentation: { crop: 2 } },
    model: 'conv 8 5, relu, pool 2, flatten, linear 32, relu, dropout 0.5, linear',
  },
];
