import type { Exercise } from '../../lesson.ts';
import { lossCurves } from '../../watched-training.ts';
import { descend, descentEpochs, descentPictures } from './experiments.ts';

/** Val loss that has to be reached. */
export const goal = 0.6;
/** With fewer steps than this no usual rate comes far. */
const fewSteps = 60;
/** A momentum above this remembers longer than this training lasts. */
const longMemory = 0.95;

export const exercise: Exercise = {
  task: `Choose learning rate, batch size and momentum for plain gradient descent, so that a network that sees 600 digits for six epochs has a val loss below ${goal} at the end. The learning rate stays the same throughout. Use the finder, or go by feel: each answer shows you its curves.`,
  options: {
    learningRate: { type: 'number', minimum: 0.00001, maximum: 10, doc: 'How far a step goes against the gradient.' },
    batch: { type: 'integer', minimum: 8, maximum: 512, doc: 'Pictures a step.' },
    momentum: { type: 'number', minimum: 0, maximum: 0.99, doc: 'Share of the last step that a step keeps.' },
  },
  async check(host, answer) {
    const [learningRate, batch] = [answer.learningRate as number, answer.batch as number];
    const momentum = answer.momentum as number;
    const { history, findings, broke } = await descend(host, { learningRate, batch, momentum, seed: 1 });
    const last = history[history.length - 1];
    const figures = last
      ? [
          lossCurves(
            'Your training',
            history,
            `Val loss ${history[0].valLoss.toFixed(3)} after the first epoch, ${last.valLoss.toFixed(3)} after the last; guessing gives 2.303.`,
          ),
        ]
      : [];
    const wrong = (words: string) => ({ right: false, words, figures });
    if (last && !broke && last.valLoss < goal) {
      return { right: true, words: `Val loss ${last.valLoss.toFixed(3)} after six epochs: below ${goal}.`, figures };
    }
    const steps = descentEpochs * Math.ceil(descentPictures / batch);
    const isHigh = broke || findings.some((kind) => ['learning-rate-high', 'divergence', 'dead-units'].includes(kind));
    if (momentum > longMemory && (isHigh || learningRate / (1 - momentum) > 0.2)) {
      return wrong(
        `Momentum ${momentum} adds up some ${Math.round(1 / (1 - momentum))} steps of the same direction: they run past the goal. Try 0.9, or a far lower learning rate.`,
      );
    }
    if (isHigh) {
      return wrong('The first steps threw the network off, and it never came back: the learning rate is too high.');
    }
    if (steps < fewSteps) {
      return wrong(
        `With ${batch} pictures a step there are only ${steps} steps: too few to come far. Make the batch smaller.`,
      );
    }
    return wrong('The loss falls, but too slowly: the steps are too small. Raise the learning rate, or use momentum.');
  },
  solution: { learningRate: 0.05, batch: 8, momentum: 0 },
  mistakes: [
    { answer: { learningRate: 0.001, batch: 32, momentum: 0 }, hint: 'too slowly' },
    { answer: { learningRate: 1, batch: 32, momentum: 0 }, hint: 'too high' },
    { answer: { learningRate: 0.05, batch: 512, momentum: 0 }, hint: 'Make the batch smaller' },
    { answer: { learningRate: 0.05, batch: 32, momentum: 0.99 }, hint: 'run past the goal' },
  ],
};
