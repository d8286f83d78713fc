import { parseShorthand } from '../../../../model/shorthand.ts';
import type { Exercise } from '../../lesson.ts';
import { digitParts, lossCurves, trainWatched } from '../../watched-training.ts';
import { withEngine } from '../../with-engine.ts';

/** Epochs that may be trained after the best one for nothing. */
const waste = 9;
/** So many are surely enough: val loss has long turned. */
const wholeLength = 24;

export const exercise: Exercise = {
  task: `A small network learns from 200 digits and is validated on only 60, so its val loss has bumps. Set \`epochs\` and \`patience\` so that it finds the lowest val loss of its first ${wholeLength} epochs, and stops at most ${waste} epochs after it. Then read the curve: after which epoch are the weights the ones to keep? Begin with any answer: you will see the curve of your training.`,
  options: {
    epochs: { type: 'integer', minimum: 1, maximum: wholeLength, doc: 'Epochs at most.' },
    patience: { type: 'integer', minimum: 1, maximum: 24, doc: 'Epochs to wait for a lower val loss.' },
    keep: { type: 'integer', minimum: 1, maximum: wholeLength, doc: 'The epoch whose weights you would keep.' },
  },
  async check(host, answer) {
    const [epochs, patience, keep] = [answer.epochs as number, answer.patience as number, answer.keep as number];
    return withEngine(host, async (engine) => {
      const parts = digitParts({ train: 200, val: 60 });
      const settings = {
        model: parseShorthand('conv 8 5, relu, pool 2, flatten, linear'),
        batch: 16,
        learningRate: 0.004,
        schedule: { type: 'constant' },
        seed: 2,
      } as const;
      const { trained } = await trainWatched(host, engine, parts, { ...settings, epochs, patience });
      const whole = await trainWatched(host, engine, parts, { ...settings, epochs: wholeLength });
      const [best, lowest] = [trained.best!, whole.trained.best!];
      const last = trained.history[trained.history.length - 1];
      const figures = [
        lossCurves(
          'Your training',
          trained.history,
          `It ended after epoch ${last.epoch}. Val loss was lowest after epoch ${best.epoch}: ${best.valLoss.toFixed(3)}; after the last epoch it was ${last.valLoss.toFixed(3)}.`,
        ),
      ];
      const wrong = (words: string) => ({ right: false, words, figures });
      if (best.valLoss > lowest.valLoss) {
        return trained.status === 'stopped-early'
          ? wrong(
              `It gave up at a bump: with patience ${patience} it stopped after epoch ${last.epoch}, but val loss would have come lower later. Wait longer.`,
            )
          : wrong(
              `It ran out of epochs: all ${epochs} were over before val loss was at its lowest. Allow more, and leave stopping to patience.`,
            );
      }
      if (last.epoch - best.epoch > waste) {
        return wrong(
          `It found the lowest val loss, but trained ${last.epoch - best.epoch} more epochs for nothing. Less patience would do.`,
        );
      }
      if (keep === last.epoch && keep !== best.epoch) {
        return wrong(
          'The last weights are not the best: patience means that val loss has been higher ever since. Look for the mark on the curve.',
        );
      }
      if (keep !== best.epoch) return wrong(`Look at val loss alone: after epoch ${keep} it is not at its lowest.`);
      return {
        right: true,
        words: `Val loss was lowest after epoch ${best.epoch}, and it stopped after epoch ${last.epoch}: that is what it keeps by itself.`,
        figures,
      };
    });
  },
  solution: { epochs: 24, patience: 6, keep: 11 },
  mistakes: [
    { answer: { epochs: 24, patience: 1, keep: 5 }, hint: 'gave up at a bump' },
    { answer: { epochs: 8, patience: 8, keep: 5 }, hint: 'ran out of epochs' },
    { answer: { epochs: 24, patience: 24, keep: 11 }, hint: 'for nothing' },
    { answer: { epochs: 24, patience: 6, keep: 17 }, hint: 'last weights are not the best' },
  ],
};
