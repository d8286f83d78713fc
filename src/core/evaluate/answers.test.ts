import { describe, expect, it } from 'vitest';
import { answersOf } from './answers.ts';
import { listErrors } from './errors.ts';
import { compareAnswers } from './paired.ts';
import { sliceAccuracy } from './slices.ts';

/** Logits whose softmax is known: a margin of `sure` for the answer. */
const logitsOf = (answers: readonly (readonly [answer: number, sure: number])[]): Float32Array =>
  Float32Array.from(answers.flatMap(([answer, sure]) => [0, 1, 2].map((c) => (c === answer ? sure : 0))));

const labels = Int32Array.of(0, 0, 1, 1, 2, 2);
const answered = answersOf(
  logitsOf([
    [0, 2],
    [1, 3],
    [1, 1],
    [0, 1],
    [0, 5],
    [2, 1],
  ]),
  labels,
  3,
);

describe('errors', () => {
  it('come the worst first, with their names and in the cells of the confusion matrix', () => {
    const { count, surestMistakes, highestLosses, confused } = listErrors(answered, (i) => `p${i}`);
    expect(count).toBe(3);
    expect(surestMistakes.map(({ origin, label, predicted }) => [origin, label, predicted])).toEqual([
      ['p4', 2, 0],
      ['p1', 0, 1],
      ['p3', 1, 0],
    ]);
    expect(highestLosses.map(({ picture }) => picture).slice(0, 3)).toEqual([4, 1, 3]);
    expect(highestLosses[0].loss).toBeCloseTo(-Math.log(highestLosses[0].truth), 12);
    expect(confused.map(({ label, predicted, count: times, share }) => [label, predicted, times, share])).toEqual([
      [0, 1, 1, 0.5],
      [1, 0, 1, 0.5],
      [2, 0, 1, 0.5],
    ]);
  });
});

describe('two models on the same pictures', () => {
  it('differ where only one is right, the surest wrong answer first', () => {
    const other = answersOf(
      logitsOf([
        [0, 1],
        [0, 1],
        [0, 4],
        [1, 1],
        [0, 1],
        [1, 2],
      ]),
      labels,
      3,
    );
    const found = compareAnswers(answered, other);
    expect(found).toMatchObject({
      onlyFirst: 2,
      onlySecond: 2,
      both: 1,
      neither: 1,
      difference: 0,
      midP: expect.any(Number),
    });
    expect(found.onlyFirstPictures).toEqual([2, 5]);
    expect(found.onlySecondPictures).toEqual([1, 3]);
  });
});

describe('slices', () => {
  const right = Array.from({ length: 400 }, (_, i) => (i < 100 ? i % 2 : 1));

  it('are quarters of numbers and words, the surely worst first, equal numbers together', () => {
    const found = sliceAccuracy(right, [
      { name: 'brightness', values: right.map((_, i) => i) },
      { name: 'camera', values: right.map((_, i) => (i < 5 ? 'rare' : i % 2 === 0 ? 'a' : 'b')) },
    ]);
    expect(found[0]).toMatchObject({ by: 'brightness', value: '0 to 99', images: 100, accuracy: 0.5, real: true });
    expect(found.map(({ by, value }) => `${by} ${value}`)).not.toContain('camera rare');
    expect(found.filter(({ by }) => by === 'brightness').length).toBe(4);
    expect(found[0].difference).toBeCloseTo(-0.5, 12);
    const tied = sliceAccuracy(right, [{ name: 'x', values: right.map((_, i) => (i < 390 ? 1 : i)) }]);
    expect(tied.map(({ images }) => images).sort((a, b) => b - a)).toEqual([390, 10]);
  });

  it('are not called worse by chance', () => {
    const alike = right.map((_, i) => (i % 10 === 0 ? 0 : 1));
    const found = sliceAccuracy(alike, [{ name: 'n', values: alike.map((_, i) => (i * 7919) % 400) }]);
    expect(found.every(({ real }) => !real)).toBe(true);
  });
});
