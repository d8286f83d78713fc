import type { Claim, Lesson } from '../../lesson.ts';
import { exercise } from './exercise.ts';
import { lab } from './experiments.ts';
import { faultNamed, faultNames, type Patient, patientNames, patients } from './faults.ts';
import { wardRound } from './ward-round.ts';

const measured = (patient: Patient, mend: string, number: string): Claim['measure'] =>
  async function measure(host) {
    const { numbers } = await lab.run(host, { patient, mend, opinion: false });
    return numbers[number];
  };

export const faultLab: Lesson = {
  number: 13,
  id: 'faults',
  title: 'The fault lab',
  aims: [
    'name the fault of a training from its curves, its record and its pictures',
    'mend one thing at a time, and prove that it was the one',
    'say which faults no curve shows',
  ],
  minutes: 40,
  blocks: [
    {
      kind: 'text',
      text: 'A training that goes wrong rarely stops with an error. It ends with a number, and the number is poor, or, worse, too good. In this lab are ten patients: ten trainings of the same small network on 400 digits, each with exactly one fault. You will name it, mend it, and prove that it was that and nothing else.',
    },
    { kind: 'heading', text: 'The ten faults' },
    {
      kind: 'text',
      text: '*Leak*: validation pictures are also training pictures ([leakage](term:leakage)). *Label noise*: many [labels](term:label) are wrong. *Shuffled labels*: labels and pictures have come apart, as when one list was sorted and the other was not. *Imbalance*: of some classes there are hardly any pictures. *Too small val*: so few validation pictures that their figure is chance. *Learning rate*: the [steps](term:step) are far too large. *Normalisation*: pixels come in as 0 to 255 instead of numbers around 0. *Dead units*: [units](term:unit) behind a [relu](term:relu) whose input is always negative give 0 and learn nothing. *Wrong augmentation*: training pictures are changed so that they show something else ([augmentation](term:augmentation)). *Train/serve mismatch*: where the network is used, pictures are prepared in another way than in training.',
    },
    { kind: 'heading', text: 'How to examine' },
    {
      kind: 'text',
      text: 'Go from outside to inside, and always in the same order. First the *training loss*: does it fall at all? If not, look for what keeps a network from learning even its own pictures: steps, first weights, what enters, labels. Then the gap to the [validation loss](term:val-loss): what is learnt and does not hold for others? Then validation against *use*: figures that should agree and do not point to the data, not to the network. Last, the *pictures themselves*, with labels, as training sees them. It is dull, and it finds most.',
    },
    {
      kind: 'text',
      text: 'A run without fault ends here at a training loss of about 0.5, and it is right on about 7 of 10 pictures in validation and in use. With so few pictures there is no more in it; that is no fault.',
    },
    { kind: 'experiment', experiment: lab },
    { kind: 'heading', text: 'What curves tell' },
    {
      kind: 'text',
      text: 'Begin with patient D. A training loss that lies flat at 2.30, the logarithm of ten, says: it guesses, and no step changes that. (J guesses, too, in the end; but look at how it began.)',
    },
    {
      kind: 'claim',
      claim: {
        text: 'In D, all kernels give 0 for every picture.',
        measure: measured('D', 'nothing', 'silent'),
        between: [1, 1],
        slow: true,
      },
    },
    {
      kind: 'text',
      text: 'Compare B and H. Both have wrong labels. In B some are right, and what is common to them is learnt. So it does better in use than on its own validation pictures, which have wrong labels, too. That looks absurd, until you see who is wrong. In H nothing is common.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'B is right in use at least 10 points more often than in validation.',
        async measure(host) {
          const { numbers } = await lab.run(host, { patient: 'B', mend: 'nothing', opinion: false });
          return 100 * (numbers.served - numbers.valAccuracy);
        },
        between: [10, 50],
        slow: true,
      },
    },
    {
      kind: 'claim',
      claim: {
        text: 'H is right on about 1 of 10 in use, like one that guesses.',
        measure: measured('H', 'nothing', 'served'),
        between: [0.02, 0.2],
        slow: true,
      },
    },
    { kind: 'heading', text: 'What curves hide' },
    {
      kind: 'text',
      text: 'E has the best validation figure of all. Validation pictures that do better than pictures in use are no reason for joy. And C is perfect by every figure of its training; only in use it fails. No curve can show this, for everything that training sees is right. Only labelled pictures from where the network works show it. That is why you collect some.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'C is right on fewer than 3 of 10 pictures in use.',
        measure: measured('C', 'nothing', 'served'),
        between: [0, 0.3],
        slow: true,
      },
    },
    { kind: 'heading', text: 'Name, mend, prove' },
    {
      kind: 'text',
      text: 'Change one thing at a time. If you mend three things and the run gets well, you do not know which it was, and two of them may do harm next time. In this lab the proof is strict. Since the same [seed](term:seed) gives the same bits, a patient that is well has the very weights and losses of a run without fault. In your own trainings you have no such run to compare with; there the proof is that the sign by which you found the fault is gone.',
    },
    {
      kind: 'claim',
      claim: {
        text: 'Patient A, mended rightly, is well: bit for bit (1 means yes).',
        measure: measured('A', patients.A, 'well'),
        between: [1, 1],
        slow: true,
      },
    },
    { kind: 'experiment', experiment: wardRound },
    {
      kind: 'text',
      text: 'When you are stuck, ask for a second opinion: `opinion` shows what the diagnosis makes of the run. It is right on more than half of the patients and silent on C; and several faults can have one sign, so that it also names wrong ones. How networks go wrong, and a practical order of questions, is a chapter of the textbook by [Goodfellow, Bengio and Courville](source:goodfellow2016).',
    },
  ],
  exercise,
  score: { noun: 'patient', items: patientNames },
  keys: [
    {
      title: 'The ten patients',
      columns: ['patient', 'fault', 'what leads to it', 'mended to'],
      rows: patientNames.map((patient) => {
        const { name, hint, mend } = faultNamed(patients[patient]);
        return [patient, name, hint, mend];
      }),
    },
  ],
  code: `import { parseAugmentation, train } from 'fovea';
import { createEngine, openData } from 'fovea/node';

const data = await openData('digits');
const model = 'lenet5';
const trials = {
  'steps far too large': { learningRate: 1 },
  'pictures turned upside down': { augmentation: parseAugmentation('flip,flipVertical,rotate:180') },
  'nothing wrong': {},
};
for (const [name, choices] of Object.entries(trials)) {
  const engine = await createEngine();
  const { history } = await train({ engine, data, model, epochs: 1, ...choices });
  for (const { trainLoss, valLoss, valAccuracy } of history) console.log(name, trainLoss, valLoss, valAccuracy);
  await engine.dispose();
}
`,
  commands: [
    "npx fovea train digits --model 'conv 8 5, relu, pool 4, flatten, linear' --epochs 3 --lr 1 --out runs/ill",
    'npx fovea diagnose runs/ill',
    'npx fovea train --like runs/ill --set learningRate=0.003 --out runs/well',
    'npx fovea diagnose runs/well',
    'npx fovea data doctor digits',
  ],
  sources: ['goodfellow2016'],
  misconceptions: [
    {
      thought: 'The run with the best validation figure is the best run.',
      help: 'Patient E. Ask where the figure comes from before you are glad of it.',
    },
    {
      thought: 'A poor result means that the network is too small.',
      help: `None of the ten faults is in the network's size: ${faultNames.length} patients, one network.`,
    },
    {
      thought: 'More training will settle it.',
      help: 'Let them train D for as long as they like: what is 0 has no gradient.',
    },
  ],
};
