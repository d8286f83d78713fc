import { parseShorthand } from '../../../../model/shorthand.ts';
import type { CourseHost, Exercise } from '../../lesson.ts';
import { digitParts, lossCurves, trainWatched, type WatchedTraining } from '../../watched-training.ts';
import { withEngine } from '../../with-engine.ts';

/** What has to be reached. */
const goal = { valLoss: 0.5, gap: 0.2 };

interface Knobs {
  readonly weightDecay: number;
  readonly dropout: number;
  readonly shift: number;
}

/** The training whose gap is to be closed. */
export const trainWith = (host: CourseHost, { weightDecay, dropout, shift }: Knobs): Promise<WatchedTraining> =>
  withEngine(host, (engine) =>
    trainWatched(host, engine, digitParts({ train: 500, val: 500 }), {
      model: parseShorthand('conv 8 5, relu, pool 2, flatten, linear 32, relu, linear'),
      epochs: 12,
      weightDecay,
      dropout,
      augmentation: shift > 0 ? { crop: shift } : {},
      seed: 1,
    }),
  );

export const exercise: Exercise = {
  task: `A small network sees 500 digits twelve times. With everything off it ends at a val loss of about 0.5, some 0.4 above its train loss. Turn the knobs until the gap is below ${goal.gap} *and* val loss is below ${goal.valLoss}.`,
  options: {
    weightDecay: { type: 'number', minimum: 0, maximum: 100, doc: 'How strongly weights are pulled to zero.' },
    dropout: { type: 'number', minimum: 0, maximum: 0.9, doc: 'Share of units that each step leaves out.' },
    shift: { type: 'integer', minimum: 0, maximum: 10, doc: 'Pixels by which a picture is shifted at most.' },
  },
  async check(host, answer) {
    const knobs = answer as unknown as Knobs;
    const { trained } = await trainWith(host, knobs);
    const { history } = trained;
    const last = history[history.length - 1];
    const trainLoss = last.trainLoss ?? last.loss;
    const gap = last.valLoss - trainLoss;
    const figures = [
      lossCurves(
        'Your training',
        history,
        `Train loss ends at ${trainLoss.toFixed(3)}, val loss at ${last.valLoss.toFixed(3)}: a gap of ${gap.toFixed(3)}.`,
      ),
    ];
    const wrong = (words: string) => ({ right: false, words, figures });
    if (gap < goal.gap && last.valLoss < goal.valLoss) {
      return {
        right: true,
        words: `A gap of ${gap.toFixed(2)} with a val loss of ${last.valLoss.toFixed(3)}: it learns digits now, rather than these pictures.`,
        figures,
      };
    }
    if (last.valLoss < goal.valLoss + 0.1) {
      return wrong(
        knobs.shift === 0 && knobs.dropout === 0
          ? 'It learns its pictures by heart as before. Which knob gives it other pictures each time?'
          : 'The right direction, but the gap is still too wide. Turn the knob a little further.',
      );
    }
    // The gap closed from the wrong side: now the strongest knob is to be named.
    if (knobs.shift > 4) {
      return wrong(
        `Shifts of ${knobs.shift} pixels push parts of the digits out of the picture: now even training is hard. A change must leave what the picture shows.`,
      );
    }
    if (knobs.dropout >= 0.3) {
      return wrong(
        'This network has no units to spare: what dropout leaves of it is too small, so val loss rose. Dropout suits large networks.',
      );
    }
    return wrong(
      'The gap closed because train loss rose: weights are pulled to zero faster than they can learn. Less weight decay.',
    );
  },
  solution: { weightDecay: 0.01, dropout: 0, shift: 2 },
  mistakes: [
    { answer: { weightDecay: 0.01, dropout: 0, shift: 0 }, hint: 'by heart as before' },
    { answer: { weightDecay: 10, dropout: 0, shift: 0 }, hint: 'Less weight decay' },
    { answer: { weightDecay: 0.01, dropout: 0.5, shift: 0 }, hint: 'no units to spare' },
    { answer: { weightDecay: 0.01, dropout: 0, shift: 8 }, hint: 'out of the picture' },
  ],
};
