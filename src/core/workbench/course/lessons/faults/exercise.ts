import { digitNames } from '../../../../dataset/builtin/digits.ts';
import type { Exercise } from '../../lesson.ts';
import { percent } from '../../words.ts';
import { faultNamed, faultNames, type Patient, patients, setupOf } from './faults.ts';
import { healthyRun, isSameRun, runSetup } from './run-setup.ts';

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
    const rows: string[][] = [];
    const ill: Patient[] = [];
    for (const patient of asked) {
      const named = answer[patient] as string;
      const run = await runSetup(host, setupOf(patient, named), `patient ${patient}`);
      const well = isSameRun(run, healthy);
      if (!well) ill.push(patient);
      const { last, served } = run;
      rows.push([
        patient,
        faultNamed(named).mend,
        percent(last.valAccuracy, 0),
        percent(served.accuracy, 0),
        well ? 'yes' : 'no',
      ]);
    }
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
      return { right: true, words: `${score} of ${asked.length}: all are well, and it is proved.`, figures };
    }
    const hints = ill.map((patient) => `${patient}: ${faultNamed(patients[patient]).hint}`);
    return { right: false, words: `${score} of ${asked.length}. ${hints.join(' ')}`, figures };
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
