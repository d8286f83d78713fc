import { numberOption } from '../layers/options.ts';
import { cosineBetween } from './cosine.ts';
import type { Schedule } from './schedule.ts';

const linearBetween = (start: number, end: number, fraction: number): number => start + (end - start) * fraction;

/** Smith and Topin 2018 ("super-convergence"), in two phases as PyTorch's OneCycleLR. */
export const oneCycle = {
  name: 'oneCycle',
  doc: 'Rises to the learning rate that you ask for, then falls far below where it began: for short trainings.',
  options: {
    rise: { type: 'number', default: 0.3, minimum: 0, maximum: 1, doc: 'Fraction of the training in which it rises.' },
    startDivisor: { type: 'number', default: 25, minimum: 1, doc: 'It begins at the learning rate divided by this.' },
    endDivisor: { type: 'number', default: 10000, minimum: 1, doc: 'It ends at its beginning divided by this.' },
    shape: { type: 'choice', choices: ['cosine', 'linear'], default: 'cosine', doc: 'The curve of rise and fall.' },
  },
  rate({ step, totalSteps, learningRate, options }) {
    const between = options.shape === 'cosine' ? cosineBetween : linearBetween;
    const start = learningRate / numberOption(options, 'startDivisor');
    const end = start / numberOption(options, 'endDivisor');
    const last = Math.max(1, totalSteps - 1);
    const peak = Math.max(0, numberOption(options, 'rise') * totalSteps - 1);
    const at = Math.min(step, last);
    if (at <= peak && peak > 0) return between(start, learningRate, at / peak);
    return between(learningRate, end, (at - peak) / Math.max(1, last - peak));
  },
} as const satisfies Schedule;
