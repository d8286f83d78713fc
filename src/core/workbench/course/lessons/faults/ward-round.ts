import type { Experiment } from '../../lesson.ts';
import { type Attempt, addAttempts, countProved, scoreFigure } from '../../score.ts';
import { nothing } from './experiments.ts';
import { faultNames, patientNames } from './faults.ts';
import { visit } from './visit.ts';

/** All ten at once: what is named is mended and trained anew, and the engine says which were it. */
export const wardRound: Experiment = {
  id: 'round',
  title: 'The ward round',
  doc: 'Name a fault for as many of the ten as you dare. Each is mended and trained anew; it counts if the run then is well. The score is kept.',
  options: Object.fromEntries(
    patientNames.map((patient) => [
      patient,
      {
        type: 'choice' as const,
        choices: [nothing, ...faultNames],
        default: nothing,
        doc: `The fault of patient ${patient}.`,
      },
    ]),
  ),
  pace: { seconds: 4 },
  async run(host, options) {
    const named = patientNames.filter((patient) => options[patient] !== nothing);
    const attempts: Attempt[] = [];
    let hash: string | undefined;
    for (const patient of named) {
      const { attempt, run, well } = await visit(host, patient, options[patient] as string);
      attempts.push(attempt);
      if (well) hash = run.hash;
    }
    const score = addAttempts({}, attempts);
    return {
      figures: [scoreFigure('patient', patientNames, score)],
      numbers: { named: named.length, proved: countProved(patientNames, score) },
      ...(hash === undefined ? {} : { hash }),
      attempts,
    };
  },
};
