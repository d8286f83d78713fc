import { expect, it } from 'vitest';
import { endingOf } from './early-stopping.ts';
import type { EpochRecord } from './history.ts';

const history = (...losses: number[]): EpochRecord[] =>
  losses.map((valLoss, i) => ({
    ...{ epoch: i + 1, loss: 1, valLoss, accuracy: 0, valAccuracy: 0 },
    ...{ learningRate: 1, seconds: 1 },
  }));

it('goes on while val loss falls within patience', () => {
  const recipe = { epochs: 10, patience: 2 };
  expect(endingOf(recipe, [])).toBeUndefined();
  expect(endingOf(recipe, history(3, 2, 1))).toBeUndefined();
  expect(endingOf(recipe, history(3, 1, 2))).toBeUndefined();
  expect(endingOf(recipe, history(3, 1, 2, 0.9))).toBeUndefined();
});

it('stops after so many epochs without a lower val loss, equal ones counted', () => {
  expect(endingOf({ epochs: 10, patience: 2 }, history(3, 1, 2, 2))).toBe('stopped-early');
  expect(endingOf({ epochs: 10, patience: 1 }, history(1, 1))).toBe('stopped-early');
});

it('calls a training that is through finished, whatever its patience', () => {
  expect(endingOf({ epochs: 4, patience: 2 }, history(3, 1, 2, 2))).toBe('finished');
  expect(endingOf({ epochs: 4 }, history(1, 2, 3))).toBeUndefined();
});
