import { digitNames } from '../../../../dataset/builtin/digits.ts';
import type { Exercise } from '../../lesson.ts';
import { percent } from '../../words.ts';
import { faultNamed, faultNames, type Patient, patients } from './faults.ts';
import { healthyRun } from './run-setup.ts';
import { type Visit, visit } from './visit.ts';

const asked: readonly Patient[] = ['C', 'D', 'E'];

export const exercise: Exercise = {
  task: `Patients ${asked.join(', ')}: name the fault of each. What you name is mended, the run is trained anew, and it counts if it then is a run without fault, bit for bit. All ${asked.length} must get well.`,
  options: Object.fromEntries(
    asked.map((patient) => [
      patient,
      { type: 'choice' as const, choices: faultNames, doc: `The fault of patient ${patient}.` },
    ]),
  ),
  async check(host, answer) {
    const healthy = await healthyRun(host);
    const visits: Visit[] = [];
    for (const patient of asked) visits.push(await visit(host, patient, answer[patient] as string));
    const rows = visits.map(({ patient, attempt: { mended }, run: { last, served }, well }) => [
      patient,
      mended,
      percent(last.valAccuracy, 0),
      percent(served.accuracy, 0),
      well ? 'yes' : 'no',
    ]);
    const ill = visits.filter(({ well }) => !well).map(({ patient }) => patient);
    const attempts = visits.map(({ attempt }) => attempt);
    const score = asked.length - ill.length;
    const figures = [
      {
        kind: 'table' as const,
        title: `Score: ${score} of ${asked.length}`,
        columns: ['patient', 'mended to', 'validation', 'in use', 'well'],
        rows,
        words: `${score} of ${asked.length} got well. A run without fault has ${percent(healthy.last.valAccuracy, 0)} in validation and ${percent(healthy.served.accuracy, 0)} in use, over ${digitNames.length} digits.`,
      },
    ];
    if (ill.length === 0) {
      return { right: true, words: `${score} of ${asked.length}: all are well, and it is proved.`, figures, attempts };
    }
    const hints = ill.map((patient) => `${patient}: ${faultNamed(patients[patient]).hint}`);
    return { right: false, words: `${score} of ${asked.length}. ${hints.join(' ')}`, figures, attempts };
  },
  solution: Object.fromEntries(asked.map((patient) => [patient, patients[patient]])),
  mistakes: [
    { answer: { C: 'train/serve mismatch', D: 'learning rate', E: 'leak' }, hint: 'stands still from the first step' },
    { answer: { C: 'wrong augmentation', D: 'dead units', E: 'leak' }, hint: 'where the network is used' },
    {
      answer: { C: 'train/serve mismatch', D: 'dead units', E: 'too small val' },
      hint: 'might the validation pictures come from',
    },
  ],
};
