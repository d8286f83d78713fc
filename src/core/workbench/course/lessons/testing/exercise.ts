import { subset } from '../../../../dataset/dataset.ts';
import { type Evaluation, evaluate } from '../../../../evaluate/evaluate.ts';
import type { Exercise } from '../../lesson.ts';
import { digitParts, joined, range } from '../../lesson-data.ts';
import { trainInLesson } from '../../train-in-lesson.ts';
import { withEngine } from '../../with-engine.ts';
import { percent, percentRange } from '../../words.ts';
import { freshDigits } from './experiments.ts';

/** To each side of the accuracy. */
const asked = 0.04;
const candidates = 5;

export const exercise: Exercise = {
  task: 'Plan a test. Five networks are trained from five seeds; one is chosen and tested, and some of the test pictures have copies among the training pictures. Say by which pictures the one is chosen, what becomes of the copies, and how many test pictures you ask for, so that the figure is honest and its interval reaches at most 4 points to each side. Test pictures are dear: ask for no more than 1,000.',
  options: {
    chooseBy: { type: 'choice', choices: ['train', 'val', 'test'], doc: 'The best on these pictures is chosen.' },
    copies: {
      type: 'choice',
      choices: ['keep', 'remove'],
      doc: 'What becomes of training pictures that are in the test, too.',
    },
    testPictures: { type: 'integer', minimum: 50, maximum: 3000, doc: 'How many test pictures.' },
  },
  check: (host, { chooseBy, copies, testPictures }) =>
    withEngine(host, async (engine) => {
      const count = testPictures as number;
      if (count > 1000) {
        return {
          right: false,
          words: 'More than are needed: test pictures are dear, and 1,000 were the most.',
          figures: [],
        };
      }
      const { train, val, test } = digitParts({ train: 100, val: 200, test: count });
      const seen = copies === 'keep' ? joined(train, subset(test, range(0, Math.floor(count / 2)))) : train;
      const trained = [];
      for (const seed of range(1, candidates + 1)) {
        const { last } = await trainInLesson(host, engine, {
          data: { train: seen, val },
          model: 'flatten, linear',
          epochs: 4,
          seed,
          name: `network ${seed} of ${candidates}`,
        });
        trained.push(last);
      }
      const judge = { train: seen, val, test }[chooseBy as 'train' | 'val' | 'test'];
      const judged: Evaluation[] = [];
      for (const one of trained) judged.push(await evaluate(engine, one, judge, { resamples: 0 }));
      const best = Math.max(...judged.map(({ accuracy }) => accuracy));
      const chosen = trained[judged.findIndex(({ accuracy }) => accuracy === best)];
      const tested = await evaluate(engine, chosen, test, { resamples: 0 });
      const fresh = await evaluate(engine, chosen, freshDigits(1000), { resamples: 0 });
      const reach = (tested.interval[1] - tested.interval[0]) / 2;
      const figures = [
        {
          kind: 'bars' as const,
          title: 'What your test says, and what is true',
          unit: '%',
          bars: [
            {
              name: 'your test',
              value: 100 * tested.accuracy,
              interval: [100 * tested.interval[0], 100 * tested.interval[1]] as const,
            },
            { name: '1,000 new pictures', value: 100 * fresh.accuracy },
          ],
          words: `Your test says ${percent(tested.accuracy)} (${percentRange(tested.interval)}); on new pictures it is ${percent(fresh.accuracy)}.`,
        },
      ];
      const wrong = (words: string) => ({ right: false, words, figures });
      if (copies === 'keep') {
        return wrong(
          'Half of the test pictures had been learnt from: your test asks what the network remembers, and new pictures do worse. Remove the copies.',
        );
      }
      if (chooseBy === 'test') {
        return wrong(
          'You looked at the test pictures five times and kept the best look: its figure is partly luck. Choose by other pictures.',
        );
      }
      if (chooseBy === 'train') {
        return wrong('On pictures that they learnt from, the one that learnt most by heart wins. Choose by others.');
      }
      if (reach > asked) {
        return wrong(
          `Too few pictures: the interval reaches ${(100 * reach).toFixed(1)} points to each side. Four times as many halve it.`,
        );
      }
      return {
        right: true,
        words: `An honest figure: ${percent(tested.accuracy)}, ${(100 * reach).toFixed(1)} points to each side, looked at once.`,
        figures,
      };
    }),
  solution: { chooseBy: 'val', copies: 'remove', testPictures: 800 },
  mistakes: [
    { answer: { chooseBy: 'test', copies: 'remove', testPictures: 800 }, hint: 'looked at the test pictures' },
    { answer: { chooseBy: 'val', copies: 'keep', testPictures: 800 }, hint: 'Remove the copies' },
    { answer: { chooseBy: 'val', copies: 'remove', testPictures: 100 }, hint: 'Too few' },
    { answer: { chooseBy: 'train', copies: 'remove', testPictures: 800 }, hint: 'by heart' },
    { answer: { chooseBy: 'val', copies: 'remove', testPictures: 2000 }, hint: 'dear' },
  ],
};
