import { createDataset, type Dataset, subset } from '../../../../dataset/dataset.ts';
import { RandomStream } from '../../../../random.ts';
import { gatherFacts } from '../../../../train/diagnosis/facts.ts';
import { type DigitParts, digitParts, range } from '../../lesson-data.ts';

/** All that the lab's trainings differ in. Each fault spoils one of these, and its mend puts it right again. */
export interface Setup {
  /** Share of the labels that are drawn at random. */
  readonly noise: number;
  /** Labels are dealt out anew, so that they have nothing to do with the pictures. */
  readonly shuffled: boolean;
  /** Classes of which there are only two training pictures. */
  readonly rare: readonly number[];
  /** Validation pictures that are copies of training pictures. */
  readonly copied: boolean;
  readonly valPictures: number;
  readonly learningRate: number;
  /** As the command line takes it. */
  readonly augmentation: string;
  /** Pixels come to the network as numbers of mean 0 and deviation 1. */
  readonly normalised: boolean;
  /** Biases that the first layer begins with. */
  readonly firstBias: number;
  /** The program that uses the network gives it light paper with dark ink. */
  readonly inverted: boolean;
}

export const healthy: Setup = {
  noise: 0,
  shuffled: false,
  rare: [],
  copied: false,
  valPictures: 200,
  learningRate: 0.003,
  augmentation: 'none',
  normalised: true,
  firstBias: 0,
  inverted: false,
};

/** Pictures as a setup prepares them. `served`: with right labels, as the program that uses the network gives them. */
export interface LabData {
  readonly train: Dataset;
  readonly val: Dataset;
  readonly served: Dataset;
}

let drawn: DigitParts | undefined;

/** Drawn once: they are the same for all setups. */
function drawnDigits(): DigitParts {
  drawn ??= digitParts({ train: 400, val: 200, test: 200, seed: 3 });
  return drawn;
}

export function prepareLab(setup: Setup): LabData {
  const parts = drawnDigits();
  const train = relabel(keepRare(parts.train, setup.rare), setup);
  const own = setup.copied ? subset(train, range(0, parts.val.count)) : relabel(parts.val, setup);
  return {
    train,
    val: subset(own, range(0, Math.min(own.count, setup.valPictures))),
    served: setup.inverted ? inverted(parts.test) : parts.test,
  };
}

/** Two pictures of each rare class, and all of the others. */
function keepRare(dataset: Dataset, rare: readonly number[]): Dataset {
  if (rare.length === 0) return dataset;
  const seen = new Map<number, number>();
  const kept = range(0, dataset.count).filter((i) => {
    const label = dataset.labels[i];
    const before = seen.get(label) ?? 0;
    seen.set(label, before + 1);
    return !rare.includes(label) || before < 2;
  });
  return subset(dataset, kept);
}

function relabel(dataset: Dataset, { noise, shuffled }: Setup): Dataset {
  if (noise === 0 && !shuffled) return dataset;
  const random = new RandomStream(1, 'dataset', dataset.count, 0xfa17);
  const labels = shuffled
    ? random.shuffle(dataset.labels.slice())
    : dataset.labels.map((label) => (random.uniform() < noise ? random.below(10) : label));
  return createDataset({ ...dataset, labels });
}

function inverted(dataset: Dataset): Dataset {
  const size = dataset.height * dataset.width;
  const pixels = new Uint8Array(dataset.count * size);
  for (let i = 0; i < dataset.count; i++) {
    pixels.set(
      dataset.pixels.at(i).map((value) => 255 - value),
      i * size,
    );
  }
  return createDataset({ ...dataset, pixels });
}

export const factsOf = ({ train, val }: LabData, normalisation: Parameters<typeof gatherFacts>[2]) =>
  gatherFacts(train, val, normalisation);
