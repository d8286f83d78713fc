import { type Dataset, pictureAt } from '../../../../dataset/dataset.ts';
import { drawPanel } from '../../../../explain/draw/draw.ts';
import { createAugmenter } from '../../../../image/augment.ts';
import { parseAugmentation } from '../../../../image/augmentation-spec.ts';
import type { Picture } from '../../../../image/picture.ts';
import { trainLossOf } from '../../../../train/diagnosis/signs.ts';
import type { Figure } from '../../figure.ts';
import type { Experiment } from '../../lesson.ts';
import { range } from '../../lesson-data.ts';
import { percent } from '../../words.ts';
import { faultNames, type Patient, patientNames, setupOf } from './faults.ts';
import type { LabRun } from './run-setup.ts';
import type { Setup } from './setup.ts';
import { visit } from './visit.ts';

export const nothing = 'nothing';

export const lab: Experiment = {
  id: 'lab',
  title: 'The lab',
  doc: 'Ten patients, each with one fault. Read the curves, the record and the pictures; choose what to mend; look whether the run is well.',
  options: {
    patient: { type: 'choice', choices: patientNames, default: 'A', doc: 'Which run.' },
    mend: { type: 'choice', choices: [nothing, ...faultNames], default: nothing, doc: 'Which fault to mend.' },
    opinion: { type: 'boolean', default: false, doc: 'Also show what the diagnosis (fovea diagnose) says.' },
  },
  pace: { seconds: 3 },
  async run(host, options) {
    const patient = options.patient as Patient;
    const mend = options.mend as string;
    const named = mend === nothing ? undefined : mend;
    const setup = setupOf(patient, named);
    const { run, well, attempt } = await visit(host, patient, named);
    const { last, served, silent } = run;
    return {
      figures: [
        curvesOf(patient, run),
        accuraciesOf(run),
        record(setup, run),
        countsOf(run),
        picturesOf(run.data.train, setup),
        ...(options.opinion === true ? [opinionOf(run)] : []),
        ...(mend === nothing ? [] : [verdictOf(patient, mend, well)]),
      ],
      numbers: {
        well: well ? 1 : 0,
        trainLoss: trainLossOf(last),
        valLoss: last.valLoss,
        valAccuracy: last.valAccuracy,
        served: served.accuracy,
        silent,
      },
      hash: run.hash,
      ...(attempt ? { attempts: [attempt] } : {}),
    };
  },
};

const curvesOf = (patient: Patient, { history, last }: LabRun): Figure => ({
  kind: 'curves',
  title: `Patient ${patient}: loss`,
  x: 'epoch',
  y: 'loss',
  series: [
    { name: 'train', role: 'train', points: history.map((one) => [one.epoch, trainLossOf(one)] as const) },
    { name: 'val', role: 'val', points: history.map(({ epoch, valLoss }) => [epoch, valLoss] as const) },
  ],
  words: `At the end ${trainLossOf(last).toFixed(2)} on training and ${last.valLoss.toFixed(2)} on validation pictures. One that guesses has 2.30.`,
});

const accuraciesOf = ({ last, served }: LabRun): Figure => {
  const train = last.trainAccuracy ?? last.accuracy;
  return {
    kind: 'bars',
    title: 'Accuracy',
    unit: '%',
    bars: [
      { name: 'training pictures', value: 100 * train },
      { name: 'validation pictures', value: 100 * last.valAccuracy },
      { name: 'in use', value: 100 * served.accuracy, interval: [100 * served.interval[0], 100 * served.interval[1]] },
    ],
    words: `${percent(train, 0)} of the training and ${percent(last.valAccuracy, 0)} of the validation pictures, as they are labelled; ${percent(served.accuracy, 0)} of ${served.images} pictures in use, whose labels are right.`,
  };
};

const record = (setup: Setup, { facts, silent }: LabRun): Figure => {
  const val = facts.val.reduce((sum, one) => sum + one, 0);
  const { mean, deviation } = facts.input;
  return {
    kind: 'table',
    title: 'Record',
    columns: ['what', 'value'],
    rows: [
      ['learning rate', String(setup.learningRate)],
      ['augmentation', setup.augmentation],
      ['validation pictures', String(val)],
      ['numbers that enter: mean', mean.toFixed(2)],
      ['numbers that enter: deviation', deviation.toFixed(2)],
      ['kernels that give 0 for every picture', percent(silent, 0)],
    ],
    words: `As the training recorded it: ${val} validation pictures, and numbers of mean ${mean.toFixed(2)} and deviation ${deviation.toFixed(2)} that enter the network.`,
  };
};

const countsOf = ({ facts }: LabRun): Figure => ({
  kind: 'bars',
  title: 'Training pictures of each digit',
  unit: 'pictures',
  bars: facts.classNames.map((name, i) => ({ name, value: facts.train[i] })),
  words: countsInWords(facts.train),
});

/** Training pictures as the first epoch changes them. */
function picturesOf(train: Dataset, setup: Setup): Figure {
  const augmentation = setup.augmentation === 'none' ? undefined : parseAugmentation(setup.augmentation);
  const augmenter = augmentation && createAugmenter(augmentation, train);
  const shown = range(0, 10).map((index) => {
    const picture = pictureAt(train, index);
    return { picture: augmenter ? changed(picture, index) : picture, caption: train.classNames[train.labels[index]] };
  });

  function changed(picture: Picture, index: number): Picture {
    const data = new Uint8Array(picture.data.length);
    augmenter!.change(Uint8Array.from(picture.data), 0, data, 0, { seed: 1, epoch: 1, index });
    return { ...picture, data };
  }

  return {
    kind: 'pictures',
    title: 'Ten training pictures as training sees them, with their labels',
    columns: 5,
    pictures: shown.map(({ picture, caption }) => ({
      picture: drawPanel({ kind: 'picture', title: '', picture }, 3),
      caption,
    })),
    words: `Their labels are ${shown.map(({ caption }) => caption).join(', ')}. Do they fit?`,
  };
}

const opinionOf = ({ findings }: LabRun): Figure => ({
  kind: 'table',
  title: 'What the diagnosis says',
  columns: ['finding', 'gravity'],
  rows: findings.map(({ kind, severity }) => [kind, severity]),
  words: findings.length === 0 ? 'It finds nothing: this fault leaves no trace in the curves.' : findings[0].words,
});

const verdictOf = (patient: Patient, mend: string, well: boolean): Figure => ({
  kind: 'table',
  title: 'Is it well?',
  columns: ['patient', 'mended', 'well'],
  rows: [[patient, mend, well ? 'yes' : 'no']],
  words: well
    ? 'Yes: weights, validation loss and the loss in use are those of a run without fault, bit for bit.'
    : 'No: it still differs from a run without fault.',
});

function countsInWords(counts: readonly number[]): string {
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? `As many of each: ${most}.` : `From ${least} to ${most} of a digit.`;
}
