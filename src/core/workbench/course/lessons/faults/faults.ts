import { healthy, type Setup } from './setup.ts';

/** One way in which a training goes wrong: what it spoils, how one sees it, and what mends it. */
export interface Fault {
  readonly name: string;
  readonly spoils: Partial<Setup>;
  /** A question that leads to it, for who named another. */
  readonly hint: string;
  readonly mend: string;
}

/** THE LIST of faults. */
export const faults: readonly Fault[] = [
  {
    name: 'leak',
    spoils: { copied: true },
    hint: 'Validation says one thing and use another. Where might the validation pictures come from?',
    mend: 'validation pictures of its own',
  },
  {
    name: 'label noise',
    spoils: { noise: 0.4 },
    hint: 'It is right in use far more often than on the validation pictures. Who is wrong there?',
    mend: 'labels looked through',
  },
  {
    name: 'learning rate',
    spoils: { learningRate: 0.3 },
    hint: 'After one epoch the loss is above 2.30, which guessing has: it went away from the goal. Look at how large the steps are.',
    mend: 'learning rate 0.003',
  },
  {
    name: 'normalisation',
    spoils: { normalised: false },
    hint: 'Look at the numbers that enter the network: their mean and deviation should be near 0 and 1.',
    mend: 'pixels of mean 0 and deviation 1',
  },
  {
    name: 'dead units',
    spoils: { firstBias: -100 },
    hint: 'Training stands still from the first step. Count the units that give 0 for every picture.',
    mend: 'usual first weights',
  },
  {
    name: 'imbalance',
    spoils: { rare: [5, 6, 7, 8, 9] },
    hint: 'Some digits are hardly ever found. Look at the number of pictures of each.',
    mend: 'as many pictures of each digit',
  },
  {
    name: 'wrong augmentation',
    spoils: { augmentation: 'flip,flipVertical,rotate:180' },
    hint: 'Look at how the training pictures are changed: does what they show remain what it is?',
    mend: 'no mirroring and turning',
  },
  {
    name: 'train/serve mismatch',
    spoils: { inverted: true },
    hint: 'All figures of the training are good. What is different where the network is used?',
    mend: 'the same preparation in use as in training',
  },
  {
    name: 'shuffled labels',
    spoils: { shuffled: true },
    hint: 'It learns some training pictures by heart, and nothing that holds for others. What can be learnt from such labels?',
    mend: 'each picture its own label',
  },
  {
    name: 'too small val',
    spoils: { valPictures: 8 },
    hint: 'Use is fine, and the validation figure moves in great steps. Of how many pictures is it made?',
    mend: '200 validation pictures',
  },
];

export const faultNames: readonly string[] = faults.map(({ name }) => name);
export const faultNamed = (name: string): Fault => faults.find((one) => one.name === name)!;

/** Patients of the lab by letter: each has one fault, and the letters do not follow the list. */
export const patients = {
  A: 'normalisation',
  B: 'label noise',
  C: 'train/serve mismatch',
  D: 'dead units',
  E: 'leak',
  F: 'wrong augmentation',
  G: 'too small val',
  H: 'shuffled labels',
  I: 'imbalance',
  J: 'learning rate',
} as const satisfies Readonly<Record<string, string>>;
export type Patient = keyof typeof patients;
export const patientNames = Object.keys(patients) as readonly Patient[];

/** A patient's setup after the mend for a fault, which need not be the one that it has. */
export function setupOf(patient: Patient, mendedFor?: string): Setup {
  const spoiled: Setup = { ...healthy, ...faultNamed(patients[patient]).spoils };
  if (mendedFor === undefined) return spoiled;
  const touched = Object.keys(faultNamed(mendedFor).spoils) as (keyof Setup)[];
  return { ...spoiled, ...Object.fromEntries(touched.map((key) => [key, healthy[key]])) };
}
