import { describe, expect, it } from 'vitest';
import type { StudioEvent } from './job-control.ts';
import { createProgressReader } from './job-progress.ts';

const begin = { kind: 'begin', epochs: 2, stepsPerEpoch: 10 } as StudioEvent;
const step = (epoch: number, at: number) => ({ kind: 'step', epoch, step: at }) as StudioEvent;

describe('the progress of a job', () => {
  it('is not that of reading any more when training begins', () => {
    let now = 0;
    const reader = createProgressReader(() => now);
    reader.see({ kind: 'reading', done: 200, total: 200 });
    expect(reader.now).toMatchObject({ what: 'Reading pictures', done: 200, total: 200, unit: 'pictures' });
    reader.see(begin);
    expect(reader.now).toBeUndefined();
    reader.see(step(1, 1));
    expect(reader.now).toMatchObject({ done: 1, total: 20, unit: 'steps', secondsLeft: undefined });
    now = 4000;
    reader.see(step(1, 5));
    expect(reader.now).toMatchObject({ done: 5, total: 20, secondsLeft: 15 });
    reader.see(step(2, 1));
    expect(reader.now?.done).toBe(11);
  });
});
