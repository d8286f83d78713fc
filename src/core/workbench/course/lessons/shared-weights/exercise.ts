import { generateDigits } from '../../../../dataset/builtin/digits.ts';
import { pictureAt } from '../../../../dataset/dataset.ts';
import { openExplainer } from '../../../../explain/session.ts';
import { resize } from '../../../../image/resize.ts';
import { parseShorthand } from '../../../../model/shorthand.ts';
import type { Exercise } from '../../lesson.ts';
import { placedOn } from '../../shift-test.ts';
import { untrained } from '../../untrained.ts';
import { withEngine } from '../../with-engine.ts';

const side = 32;
const distance = 2;
const mostPlaces = 300;
/** Sums of the same numbers in another order differ by less. */
const nothing = 1e-5;

const ends = { 'all places': 'flatten', 'the mean of each channel': 'gap' } as const;

export const exercise: Exercise = {
  task: 'Build a network whose answers do not change at all when a digit moves by two pixels, with any weights, even random ones. It has two convolutions, each followed by a pooling of some size (1: none). For speed the last map may have at most 300 places. Choose both poolings, and what the last layer looks at.',
  options: {
    first: { type: 'integer', minimum: 1, maximum: 4, default: 2, doc: 'First pooling: window and stride.' },
    second: { type: 'integer', minimum: 1, maximum: 4, default: 2, doc: 'Second pooling: window and stride.' },
    end: { type: 'choice', choices: Object.keys(ends), default: 'all places', doc: 'What the last layer looks at.' },
  },
  check: (host, answer) =>
    withEngine(host, async (engine) => {
      const pool = (size: number): string => (size === 1 ? '' : `, pool ${size}`);
      const [one, two] = [answer.first as number, answer.second as number];
      const end = ends[answer.end as keyof typeof ends];
      const shorthand = `conv 8 3 padding=same, relu${pool(one)}, conv 8 3 padding=same, relu${pool(two)}, ${end}, linear`;
      const explainer = openExplainer(engine, untrained(parseShorthand(shorthand), [side, side, 1], 1));
      const last = explainer.layers.filter(({ isMap }) => isMap).at(-1)!;
      const places = last.shape[0] * last.shape[1];
      const digit = resize(pictureAt(generateDigits({ train: 10, test: 1, seed: 1 }).train!, 7), 18, 18);
      const logitsAt = async (left: number): Promise<Float32Array> => {
        const prepared = explainer.prepare(placedOn(digit, side, 6, left));
        return (await explainer.activationsOf(prepared)).logits;
      };
      const [before, after] = [await logitsAt(6), await logitsAt(6 + distance)];
      const changes = before.map((value, i) => Math.abs(after[i] - value));
      const change = Math.max(...changes);
      const figures = [
        {
          kind: 'bars' as const,
          title: `How much each logit changes when the digit moves by ${distance} pixels`,
          unit: '',
          bars: [...changes].map((value, i) => ({ name: `class ${i}`, value })),
          words: `At most ${change.toPrecision(2)}. The last map has ${last.shape[0]} x ${last.shape[1]} = ${places} places, one for every ${one * two} pixels.`,
        },
      ];
      const wrong = (words: string) => ({ right: false, words, figures });
      if (end === 'flatten') {
        return wrong(
          'The last layer has a weight for every place, so it knows where the digit is: the map moves along, and other weights meet it. Let it look at something that has no place.',
        );
      }
      if (change > nothing) {
        return wrong(
          `The poolings take one place for every ${one * two} pixels. A move by ${distance} pixels falls between two places: a window holds other pixels than before. The steps of all layers, multiplied, must divide ${distance}.`,
        );
      }
      if (places > mostPlaces) {
        return wrong(`Nothing changes, but the last map has ${places} places: more than ${mostPlaces}. Pool a little.`);
      }
      return {
        right: true,
        words: `The map moves by a whole place, and its mean does not notice. With one place for every ${one * two} pixels a move by one pixel would not be so lucky.`,
        figures,
      };
    }),
  solution: { first: 2, second: 1, end: 'the mean of each channel' },
  mistakes: [
    { answer: { first: 2, second: 1, end: 'all places' }, hint: 'it knows where the digit is' },
    { answer: { first: 2, second: 2, end: 'the mean of each channel' }, hint: 'falls between two places' },
    { answer: { first: 1, second: 1, end: 'the mean of each channel' }, hint: 'Pool a little' },
  ],
};
