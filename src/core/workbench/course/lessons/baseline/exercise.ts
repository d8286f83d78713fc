import { lossCurves } from '../../history-figure.ts';
import type { Exercise } from '../../lesson.ts';
import { settings, trainPerceptron } from './experiments.ts';

/** It knows its pictures by heart when the loss on them is nearly nothing … */
const byHeart = 0.05;
/** … and overfits when the loss on others has risen by so much above its lowest. */
const risen = 1.06;

export const exercise: Exercise = {
  task: 'Make a network overfit, so that you will know it when you see it. Choose hidden units, pictures and epochs such that at the end the training loss is below 0.05, and the validation loss at least 6 % above the lowest that it had.',
  options: {
    hidden: { ...settings.hidden, default: 16 },
    pictures: { ...settings.pictures, default: 1000 },
    epochs: { ...settings.epochs, default: 5 },
  },
  async check(host, answer) {
    const { hidden, pictures, epochs } = answer as Readonly<Record<'hidden' | 'pictures' | 'epochs', number>>;
    const { history, best } = await trainPerceptron(host, { hidden, pictures, epochs, seed: 1 });
    const { trainLoss, valLoss } = history[history.length - 1];
    const figures = [lossCurves(history, 'Your network')];
    const wrong = (words: string) => ({ right: false, words, figures });
    const loss = trainLoss!.toFixed(3);
    if (trainLoss! >= byHeart) {
      return hidden < 16
        ? wrong(
            `The training loss is still ${loss}: ${hidden} hidden units are too few to learn the pictures by heart. That is underfitting; give it more units.`,
          )
        : wrong(`The training loss is still ${loss}: it is on its way. Let it train longer.`);
    }
    const rise = valLoss / best!.valLoss;
    if (rise < risen) {
      return wrong(
        `It knows its pictures (training loss ${loss}), but the validation loss is only ${(100 * (rise - 1)).toFixed(0)} % above its lowest. With ${pictures} pictures there is too much to learn that is true of others as well: take fewer.`,
      );
    }
    return {
      right: true,
      words: `It overfits: the training loss is ${loss}, and the validation loss is ${(100 * (rise - 1)).toFixed(0)} % above its lowest, which it had at epoch ${best!.epoch}. Stopping there would have been better.`,
      figures,
    };
  },
  solution: { hidden: 128, pictures: 200, epochs: 40 },
  mistakes: [
    { answer: { hidden: 128, pictures: 200, epochs: 5 }, hint: 'train longer' },
    { answer: { hidden: 2, pictures: 200, epochs: 40 }, hint: 'too few to learn the pictures by heart' },
    { answer: { hidden: 64, pictures: 2000, epochs: 20 }, hint: 'take fewer' },
  ],
};
