import { describe, expect, it } from 'vitest';
import { buildModel } from '../model/build.ts';
import { buildPreset } from '../model/presets/index.ts';
import { compilePlan } from './compile.ts';

function workOfPreset(name: string, capacity: number, regions = true) {
  const spec = buildPreset(name, { input: name === 'mnist-cnn' ? [28, 28, 1] : [32, 32, 3], classes: 10 });
  const model = buildModel(spec, { training: false, inputType: 'float32' });
  return compilePlan(model.graph, { capacity, outputs: [model.logits], regions }).work;
}

describe('work of a plan', () => {
  it('is a convolution network’s multiply-adds and a fraction more', () => {
    const macs = 26 * 26 * 32 * 9 + 100 * 64 * 32 * 9 + 1600 * 128 + 1280;
    const total = workOfPreset('mnist-cnn', 8).total(8);
    expect(total).toBeGreaterThan(8 * macs);
    expect(total).toBeLessThan(8 * macs * 1.25);
  });

  it('is one thread’s in all, and never less than its part of it', () => {
    for (const work of [workOfPreset('mnist-cnn', 128), workOfPreset('resnet20', 1)]) {
      expect(work.longestShare(1, 1)).toBeCloseTo(work.total(1), 0);
      for (const threads of [2, 3, 7]) expect(work.longestShare(1, threads)).toBeGreaterThan(work.total(1) / threads);
    }
  });

  it('of one block of a region is all done by one thread, of many blocks is shared', () => {
    const work = workOfPreset('resnet20', 128);
    expect(work.total(1) - work.longestShare(1, 2)).toBeLessThan(0.05 * work.total(1));
    expect(work.longestShare(128, 2)).toBeLessThan(0.55 * work.total(128));
  });
});
