import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { figure } from './words.ts';

export const unnormalisedInput: Check = {
  kind: 'unnormalised-input',
  doc: 'numbers that enter the model are far from mean 0 and deviation 1',
  examine({ facts, names = { run: 'RUN', data: 'DATA' } }) {
    if (!facts) return undefined;
    const { mean, deviation } = facts.input;
    if (Math.abs(mean) <= 2 && deviation <= 4 && deviation >= 0.1) return undefined;
    const flat = deviation < 1e-6;
    return {
      severity: flat ? 'problem' : 'warning',
      since: 1,
      evidence: { mean, deviation },
      words: flat
        ? say`All pixels that enter the model are alike: there is nothing to learn from.`
        : say`What enters the model has mean ${figure(mean)} and deviation ${figure(deviation)}, where initial weights and learning rates are made for 0 and 1: the first steps are too large in some directions and too small in others.`,
      next: {
        words: say`Train on the same pictures with their own mean and deviation, as Fovea does by itself; the first epoch should go faster.`,
        command: ['train', names.data],
      },
    };
  },
};
