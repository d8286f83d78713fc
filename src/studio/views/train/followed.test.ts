import { describe, expect, it } from 'vitest';
import type { StudioEvent } from '../../../core/workbench/studio/job-control.ts';
import { follow, unfollowed } from './followed.ts';

const record = (epoch: number, valLoss: number) => ({
  epoch,
  loss: valLoss,
  valLoss,
  accuracy: 0.5,
  valAccuracy: 0.5,
  learningRate: 0.001,
  seconds: 1,
});
const step = (epoch: number, at: number): StudioEvent => ({
  kind: 'step',
  epoch,
  step: at,
  loss: 1 / (epoch + at),
  accuracy: 0.5,
  learningRate: 0.001,
  imagesPerSecond: 1000,
});
const begin = {
  kind: 'begin',
  epochs: 3,
  stepsPerEpoch: 10,
  trainImages: 100,
  valImages: 10,
  parameters: 7,
} as unknown as StudioEvent;

describe('a training that is followed', () => {
  it('comes to the same state in one piece or event by event', () => {
    const events: StudioEvent[] = [
      begin,
      step(1, 5),
      step(1, 10),
      { kind: 'validate', epoch: 1, done: 5, images: 10 },
      { kind: 'epoch', record: record(1, 0.5), best: true },
      { kind: 'paused', paused: true },
      step(2, 5),
      { kind: 'epoch', record: record(2, 0.7), best: false },
    ];
    const whole = follow(unfollowed, events);
    expect(events.reduce((state, event) => follow(state, [event]), unfollowed)).toEqual(whole);
    expect(whole.steps.x).toEqual([0.5, 1, 1.5]);
    expect(whole.best?.epoch).toBe(1);
    expect(whole.paused).toBe(true);
    expect(whole.doing).toBeUndefined();
  });

  it('counts an epoch once that was told of again after a resume', () => {
    const told = [1, 2, 2, 3].map(
      (epoch): StudioEvent => ({ kind: 'epoch', record: record(epoch, 1 / epoch), best: true }),
    );
    expect(follow(unfollowed, told).records.map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  });

  it('keeps a bounded number of steps, the newest among them', () => {
    const many = Array.from({ length: 9000 }, (_, i) => step(1, i + 1));
    const { x } = follow(follow(unfollowed, [begin]), many).steps;
    expect(x.length).toBeLessThanOrEqual(9000);
    let state = follow(unfollowed, [begin]);
    for (const event of many) state = follow(state, [event]);
    expect(state.steps.x.length).toBeLessThanOrEqual(2000);
    expect(state.steps.x.at(-1)).toBe(900);
  });
});
