import { describe, expect, it } from 'vitest';
import type { Initialization } from '../layers/layer.ts';
import type { Shape } from '../shape.ts';
import { initialValues } from './initialize.ts';

const start = (initialization: Initialization, fileShape: Shape = [100, 101], seed = 1) =>
  initialValues({ name: 'a.weight', fileShape, initialization }, seed);
const moment = (values: Float32Array, power: number): number =>
  values.reduce((sum, v) => sum + v ** power, 0) / values.length;

describe('normal', () => {
  const values = start({ kind: 'normal', deviation: 0.02 });
  const n = values.length;

  it('has the deviation that it says, and the moments of a normal distribution', () => {
    expect(Math.abs(moment(values, 1))).toBeLessThan((4 * 0.02) / Math.sqrt(n));
    expect(Math.abs(Math.sqrt(moment(values, 2)) / 0.02 - 1)).toBeLessThan(4 / Math.sqrt(2 * n));
    // Skewness 0 and kurtosis 3, with deviations √(6/n) and √(24/n).
    expect(Math.abs(moment(values, 3) / 0.02 ** 3)).toBeLessThan(4 * Math.sqrt(6 / n));
    expect(Math.abs(moment(values, 4) / 0.02 ** 4 - 3)).toBeLessThan(4 * Math.sqrt(24 / n));
  });

  it('depends on the seed', () => {
    expect(start({ kind: 'normal', deviation: 0.02 })).toEqual(values);
    expect(start({ kind: 'normal', deviation: 0.02 }, [100, 101], 2)).not.toEqual(values);
  });

  it('takes the numbers that kaiming normal takes', () => {
    expect(start({ kind: 'kaimingNormal', fan: 50 })).toEqual(start({ kind: 'normal', deviation: 0.2 }));
  });
});

describe('dirac', () => {
  const fileShape = [6, 4, 3, 3];
  const identity = start({ kind: 'dirac', groups: 1, fanIn: 36 }, fileShape);
  const filter = (values: Float32Array, i: number, size: number) => [...values.subarray(i * size, (i + 1) * size)];

  it('passes on one channel in each of the first filters', () => {
    for (let i = 0; i < 4; i++) {
      const expected = Array(36).fill(0);
      expected[9 * i + 4] = 1;
      expect(filter(identity, i, 36)).toEqual(expected);
    }
  });

  it("starts the others by PyTorch's default, whatever the first are", () => {
    const usual = start({ kind: 'kaimingUniform', slope: Math.sqrt(5), fanIn: 36 }, fileShape);
    expect(identity.subarray(4 * 36)).toEqual(usual.subarray(4 * 36));
  });

  it('does so in each group, and at the middle of an even window as PyTorch does', () => {
    const grouped = start({ kind: 'dirac', groups: 2, fanIn: 8 }, [4, 2, 2, 2]);
    for (let i = 0; i < 4; i++) {
      const expected = Array(8).fill(0);
      expected[4 * (i % 2) + 3] = 1;
      expect(filter(grouped, i, 8)).toEqual(expected);
    }
  });
});

describe('whitening', () => {
  it("starts by PyTorch's default until there are pictures", () => {
    const usual = start({ kind: 'kaimingUniform', slope: Math.sqrt(5), fanIn: 25 });
    expect(start({ kind: 'whitening', fanIn: 25 })).toEqual(usual);
  });
});
