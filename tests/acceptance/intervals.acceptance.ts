import { describe, expect, it } from 'vitest';
import { bootstrapIntervals } from '../../src/core/evaluate/bootstrap.ts';
import { wilsonInterval } from '../../src/core/evaluate/interval.ts';
import { measure } from '../../src/core/evaluate/measures.ts';
import { probabilitiesOf } from '../../src/core/evaluate/probabilities.ts';
import { RandomStream } from '../../src/core/random.ts';

const classes = 4;

/** Answers in a world in which the truth is known: four classes of unequal size, answers that are too sure. */
function world(seed: number, n: number) {
  const random = new RandomStream(seed, 'sample', n);
  const labels = Int32Array.from({ length: n }, () => {
    const u = random.uniform();
    return u < 0.4 ? 0 : u < 0.7 ? 1 : u < 0.9 ? 2 : 3;
  });
  const logits = new Float32Array(n * classes);
  labels.forEach((label, i) => {
    for (let c = 0; c < classes; c++) {
      const noise = random.uniform() + random.uniform() + random.uniform() + random.uniform() - 2;
      logits[i * classes + c] = 4 * noise + (c === label ? 2 : 0);
    }
  });
  return { labels, probabilities: probabilitiesOf(logits, classes), classes };
}

describe('95 % intervals', () => {
  it('hold the truth 95 times in 100', () => {
    const truth = measure(world(1e6, 1_000_000));
    const worlds = 1000;
    const n = 1000;
    const held = new Map<string, number>();
    const count = (name: string, [low, high]: readonly [number, number], value: number) =>
      held.set(name, (held.get(name) ?? 0) + (low <= value && value <= high ? 1 : 0));
    for (let w = 0; w < worlds; w++) {
      const answers = world(w, n);
      const { measures, intervals } = bootstrapIntervals(answers, { resamples: 400 });
      for (const [name, interval] of Object.entries(intervals)) count(name, interval, truth[name as 'accuracy']!);
      count('accuracy (Wilson)', wilsonInterval(Math.round(measures.accuracy! * n), n), truth.accuracy!);
    }
    for (const [name, times] of held) console.info(`${name}: ${((100 * times) / worlds).toFixed(1)} %`);
    for (const [name, times] of held) {
      expect(times / worlds, name).toBeGreaterThan(0.95 - 0.015 - 0.014);
      expect(times / worlds, name).toBeLessThan(0.95 + 0.015 + 0.014);
    }
  }, 900_000);
});
