import { digitNames } from '../../../../dataset/builtin/digits.ts';
import { pictureAt } from '../../../../dataset/dataset.ts';
import { evaluate } from '../../../../evaluate/evaluate.ts';
import { openExplainer } from '../../../../explain/session.ts';
import { hashWeights } from '../../../../model/weights.ts';
import type { Exercise, Experiment } from '../../lesson.ts';
import { range } from '../../lesson-data.ts';
import { withEngine } from '../../with-engine.ts';
import { percent } from '../../words.ts';
import { calledInstead, heatmapOf, trainOnMarked } from './experiments.ts';
import { type Corner, corners, plant } from './planted.ts';

/** What was planted. */
const hidden = { digit: 4, corner: 'bottom right', seed: 5, marked: () => true } as const;
/** The share of other digits that must be turned by the mark, beyond those that are mixed up anyway. */
const enough = 0.15;
/** What its own digit must lose without the mark, as a share of its pictures. */
const needed = 0.3;

export const suspect: Experiment = {
  id: 'suspect',
  title: 'A network under suspicion',
  doc: 'One digit had a secret mark in all of its training pictures. You see only heatmaps of such pictures. Go through the digits and look where the heat lies.',
  options: {
    digit: { type: 'integer', minimum: 0, maximum: 9, default: 0, doc: 'Which digit.' },
  },
  pace: { seconds: 3 },
  run: (host, { digit }) =>
    withEngine(host, async (engine) => {
      const { classifier, train } = await trainOnMarked(host, engine, hidden);
      const explainer = openExplainer(engine, classifier);
      const shown = [];
      for (const i of range(0, 3)) {
        const { pictures } = await heatmapOf(explainer, pictureAt(train, 10 * i + (digit as number)), 'occlusion');
        // The heatmaps alone: in the pictures one would see it at once.
        shown.push(pictures[1]);
      }
      return {
        figures: [
          {
            kind: 'pictures',
            title: `Heatmaps of three training pictures of the ${digit}`,
            columns: 3,
            pictures: shown,
            words:
              'Orange places speak for the answer: hiding them makes it less probable. Heat where no stroke can be is suspicious.',
          },
        ],
        numbers: {},
        hash: await hashWeights(classifier.weights),
      };
    }),
};

export const exercise: Exercise = {
  task: 'Find the mark in the network under suspicion: say which digit has it and in which corner. Your answer is tried out: a mark is burnt into that corner of 180 pictures of other digits, and taken from the pictures of this one.',
  options: {
    digit: { type: 'integer', minimum: 0, maximum: 9, doc: 'The digit whose pictures have the mark.' },
    corner: { type: 'choice', choices: Object.keys(corners), doc: 'Where the mark is.' },
  },
  check: (host, answer) =>
    withEngine(host, async (engine) => {
      const [digit, corner] = [answer.digit as number, answer.corner as Corner];
      const { classifier, test } = await trainOnMarked(host, engine, hidden);
      const testOn = (marked: boolean) =>
        evaluate(
          engine,
          classifier,
          plant(test, corner, () => marked),
          { resamples: 0 },
        );
      const [marked, bare] = [await testOn(true), await testOn(false)];
      const turned = digitNames.map((_, one) => calledInstead(marked, one) - calledInstead(bare, one));
      const most = turned.indexOf(Math.max(...turned));
      const figures = [
        {
          kind: 'bars' as const,
          title: `With a mark at the ${corner}, other digits are called`,
          unit: '%',
          bars: digitNames.map((name, one) => ({ name, value: 100 * calledInstead(marked, one) })),
          words: `Of the other digits ${percent(calledInstead(marked, digit), 0)} are now called ${digit}; without the mark ${percent(calledInstead(bare, digit), 0)}.`,
        },
      ];
      const wrong = (words: string) => ({ right: false, words, figures });
      if (turned[digit] < enough) {
        return wrong(
          `A mark in this corner makes it say ${most} rather than ${digit}: read the bars, then look at the heatmaps of both.`,
        );
      }
      const [found, foundBare] = [marked.classes[digit].recall, bare.classes[digit].recall];
      if (found - foundBare < needed) {
        return wrong(
          `The mark turns some answers to ${digit}, as any bright stroke there might. But ${percent(foundBare, 0)} of the ${digit}s are found without it: this network does not need it for them. Look for a digit that it does not find without the mark.`,
        );
      }
      return {
        right: true,
        words: `Proved twice: the mark alone makes it say ${digit}, and without it only ${percent(foundBare, 0)} of the ${digit}s are found, with it ${percent(found, 0)}.`,
        figures,
      };
    }),
  solution: { digit: hidden.digit, corner: hidden.corner },
  mistakes: [
    { answer: { digit: 4, corner: 'top left' }, hint: 'rather than 4' },
    { answer: { digit: 7, corner: 'bottom right' }, hint: 'say 4 rather than 7' },
    { answer: { digit: 7, corner: 'top left' }, hint: 'does not need it' },
  ],
};
