import { describe, expect, it } from 'vitest';
import { createBatcher, GivenUp } from './batcher.ts';

/** A run that ends when told. */
function manualRun() {
  const runs: { items: readonly number[]; end(): void; fail(error: Error): void }[] = [];
  const run = (items: readonly number[]): Promise<number[]> =>
    new Promise((resolve, reject) => {
      runs.push({ items, end: () => resolve(items.map((i) => 10 * i)), fail: reject });
    });
  return { runs, run };
}
const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe('createBatcher', () => {
  it('runs a lone item at once and gathers what comes meanwhile', async () => {
    const { runs, run } = manualRun();
    const batcher = createBatcher({ run, maxBatch: 3, maxWait: 1000 });
    const first = batcher.add(1);
    expect(runs.map(({ items }) => items)).toEqual([[1]]);
    const others = [2, 3, 4, 5].map((i) => batcher.add(i));
    expect(batcher.waiting).toBe(4);
    runs[0].end();
    expect(await first).toBe(10);
    await turn();
    expect(runs[1].items).toEqual([2, 3, 4]);
    runs[1].end();
    await turn();
    expect(runs[2].items).toEqual([5]);
    runs[2].end();
    expect(await Promise.all(others)).toEqual([20, 30, 40, 50]);
  });

  it('waits for what is announced, no longer than maxWait', async () => {
    const { runs, run } = manualRun();
    const batcher = createBatcher({ run, maxBatch: 8, maxWait: 20 });
    const arrived = batcher.announce();
    const begin = performance.now();
    void batcher.add(1);
    expect(runs).toHaveLength(0);
    void batcher.add(2);
    arrived();
    expect(runs[0].items).toEqual([1, 2]);
    runs[0].end();
    await batcher.idle();
    batcher.announce();
    void batcher.add(3);
    expect(runs).toHaveLength(1);
    while (runs.length === 1 && performance.now() - begin < 5000) await turn();
    expect(runs[1].items).toEqual([3]);
  });

  it('tells a failed run to all in it, and goes on', async () => {
    const { runs, run } = manualRun();
    const batcher = createBatcher({ run, maxBatch: 2, maxWait: 0 });
    const one = batcher.add(1).catch((error: Error) => error.message);
    const next = batcher.add(2);
    runs[0].fail(new Error('a thread died'));
    expect(await one).toBe('a thread died');
    await turn();
    runs[1].end();
    expect(await next).toBe(20);
  });

  it('lets go of what is given up while it waits, and of nothing that runs', async () => {
    const { runs, run } = manualRun();
    const batcher = createBatcher({ run, maxBatch: 1, maxWait: 0 });
    const [running, waiting] = [new AbortController(), new AbortController()];
    const first = batcher.add(1, running.signal);
    const second = batcher.add(2, waiting.signal);
    running.abort();
    waiting.abort();
    await expect(second).rejects.toThrow(GivenUp);
    await expect(batcher.add(3, AbortSignal.abort())).rejects.toThrow(GivenUp);
    runs[0].end();
    expect(await first).toBe(10);
    await batcher.idle();
    expect(runs).toHaveLength(1);
  });
});
