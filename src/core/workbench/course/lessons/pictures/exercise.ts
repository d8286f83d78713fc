import { examine } from '../../../../dataset/doctor/index.ts';
import { applyFixes } from '../../../../dataset/fixes.ts';
import type { Exercise } from '../../lesson.ts';
import { type Fault, faults, numberOf, plantedSet, twins } from './planted.ts';

const all = Object.keys(faults) as Fault[];
const list = (numbers: readonly number[]): string => numbers.join(', ');

export const exercise: Exercise = {
  task: 'All five faults are planted. Give the numbers of the files that must go, so that the doctor is content and no sound picture is lost. Where a picture is there twice, look which of the two should stay.',
  options: {
    remove: { type: 'numbers', minimum: 1, maximum: 60, doc: 'Numbers of files, such as 12, 40.' },
  },
  async check(_host, { remove }) {
    const { survey, pictures } = await plantedSet(all);
    const gone = new Set(remove as readonly number[]);
    const fixes = survey.facts.flatMap(({ origin }) =>
      gone.has(numberOf(origin)) ? [{ fix: 'exclude' as const, file: origin }] : [],
    );
    const fixed = applyFixes({ classNames: survey.classNames, pictures: survey.facts }, fixes);
    const findings = examine({ ...survey, classNames: fixed.classNames, facts: fixed.pictures });
    const left = [...new Set(findings.flatMap(({ files }) => files.map(numberOf)))];
    const figures = [
      {
        kind: 'table' as const,
        title: 'What the doctor says of your set',
        columns: ['how bad', 'files', 'what'],
        rows: findings.map(({ severity, files, evidence }) => [severity, list(files.map(numberOf)), evidence]),
        words: `${fixed.pictures.length} of 60 files are left, with ${findings.length} findings.`,
      },
      ...(left.length === 0
        ? []
        : [
            {
              kind: 'pictures' as const,
              title: 'Look again',
              columns: 4,
              pictures: left.map((number) => ({ picture: pictures.get(number)!, caption: `file ${number}` })),
              words: `Files ${list(left)} are still in question.`,
            },
          ]),
    ];
    const wrong = (words: string) => ({ right: false, words, figures });
    const lost = all.filter((fault) => gone.has(faults[fault].file) && gone.has(twins[fault] ?? 0));
    if (lost.length > 0) {
      const pairs = lost.map((fault) => `${twins[fault]} and ${faults[fault].file}`);
      return wrong(`You took both files of a pair (${pairs.join('; ')}): one of the two is sound and should stay.`);
    }
    if (gone.has(twins.leak!)) {
      return wrong(
        'You took the test picture of the leak. Take its copy from the training pictures: test pictures are few, and a test that changes cannot be compared with earlier ones.',
      );
    }
    if (gone.has(twins['wrong label']!)) {
      return wrong(
        'You kept the wrong label: files 9 and 20 show the same picture, as a two and as a three. Look at it and keep the one whose folder is true.',
      );
    }
    const blamed = new Set(all.map((fault) => faults[fault].file as number).concat(twins.copy!));
    const sound = [...gone].filter((number) => !blamed.has(number));
    if (sound.length > 0) {
      return wrong(
        `You took sound pictures too: ${list(sound)}. The doctor does not blame them; pictures are precious.`,
      );
    }
    if (findings.length > 0) {
      const leak = findings.some(({ kind }) => kind === 'split-leak');
      return wrong(
        leak
          ? 'A leak is left: a training picture stands in the test too, so the test would reward remembering.'
          : `Not yet clean: ${findings[0].evidence} ${findings[0].advice}`,
      );
    }
    return {
      right: true,
      words:
        'The set is clean: 55 files, none twice, none blank, each readable, and the test is one of pictures never seen.',
      figures,
    };
  },
  solution: { remove: [5, 20, 30, 34, 43] },
  mistakes: [
    { answer: { remove: [5, 20, 30, 34] }, hint: 'A leak is left' },
    { answer: { remove: [2, 5, 9, 20, 30, 34, 43, 59] }, hint: 'both files of a pair' },
    { answer: { remove: [5, 9, 30, 34, 43] }, hint: 'kept the wrong label' },
    { answer: { remove: [5, 20, 30, 34, 59] }, hint: 'test picture of the leak' },
    { answer: { remove: [5, 20, 43] }, hint: 'Not yet clean' },
    { answer: { remove: [5, 7, 20, 30, 34, 43] }, hint: 'sound pictures too' },
  ],
};
