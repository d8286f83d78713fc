import { describe, expect, it } from 'vitest';
import { RandomStream } from '../random.ts';
import { findLabelErrors } from './confident-learning.ts';

describe('confident learning', () => {
  it('counts a picture for the likeliest class that reaches its threshold, and doubts by odds', () => {
    // Thresholds: class 0 (0.9 + 0.04) / 2, class 1 (0.6 + 0.8) / 2.
    const { thresholds, joint, suspects } = findLabelErrors(
      [0.9, 0.1, 0.04, 0.96, 0.4, 0.6, 0.2, 0.8],
      [0, 0, 1, 1],
      2,
    );
    expect(thresholds[0]).toBeCloseTo(0.47, 12);
    expect(thresholds[1]).toBeCloseTo(0.7, 12);
    expect(joint).toEqual([
      [1, 1],
      [0, 1],
    ]);
    expect(suspects).toEqual([{ picture: 1, label: 0, suggested: 1, probability: 0.96, ofLabel: 0.04 }]);
  });

  it('finds changed labels under a model that errs', () => {
    const random = new RandomStream(1, 'sample', 5000);
    const labels: number[] = [];
    const probabilities: number[] = [];
    const changed = new Set<number>();
    for (let i = 0; i < 5000; i++) {
      const truth = random.below(4);
      const sure = random.uniform() < 0.9 ? 0.9 + 0.1 * random.uniform() : 0.2 + 0.2 * random.uniform();
      for (let c = 0; c < 4; c++) probabilities.push(c === truth ? sure : (1 - sure) / 3);
      const flip = random.uniform() < 0.05;
      labels.push(flip ? (truth + 1 + random.below(3)) % 4 : truth);
      if (flip) changed.add(i);
    }
    const { suspects, estimate } = findLabelErrors(probabilities, labels, 4);
    const hits = suspects.filter(({ picture }) => changed.has(picture)).length;
    expect(hits / suspects.length).toBeGreaterThan(0.95);
    expect(hits / changed.size).toBeGreaterThan(0.5);
    expect(estimate).toBeGreaterThan(0.02);
    expect(estimate).toBeLessThan(0.08);
  });

  it('puts the strongest odds first, and bears a label of probability 0', () => {
    const { suspects } = findLabelErrors([0.96, 0.04, 1, 0, 0.99, 0.01, 0.1, 0.9], [1, 1, 1, 1], 2);
    expect(suspects.map(({ picture }) => picture)).toEqual([1, 2, 0]);
  });

  it('bears a class without pictures', () => {
    expect(findLabelErrors([0.6, 0.1, 0.3, 0.7, 0.2, 0.1], [0, 0], 3).suspects).toEqual([]);
  });
});
