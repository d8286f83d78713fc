import { describe, expect, it } from 'vitest';
import { listSettings, parseDimensions, rungsOf, type SweepPlan } from './sweep-plan.ts';
import { requestOf } from './sweep-request.ts';

const plan = (more: Partial<SweepPlan>): SweepPlan => ({
  ...{ method: 'grid', dimensions: [], seeds: 1, seed: 1, metric: 'valLoss' },
  ...more,
});

describe('the plan of a sweep', () => {
  it('reads fields with values and ranges', () => {
    expect(parseDimensions('lr=0.1, 0.01; model=lenet5,mlp;augment=flip,crop:4|none')).toEqual([
      { field: 'lr', values: [0.1, 0.01] },
      { field: 'model', values: ['lenet5', 'mlp'] },
      { field: 'augment', values: ['flip,crop:4', 'none'] },
    ]);
    expect(parseDimensions('lr=1e-4..0.1;batch=16..64;x=linear:0..0.5')).toEqual([
      { field: 'lr', range: { low: 1e-4, high: 0.1, whole: false } },
      { field: 'batch', range: { low: 16, high: 64, whole: true } },
      { field: 'x', range: { low: 0, high: 0.5, whole: false, scale: 'linear' } },
    ]);
    expect(parseDimensions('optimizer={"type":"sgd","momentum":0.9},adam')).toEqual([
      { field: 'optimizer', values: [{ type: 'sgd', momentum: 0.9 }, 'adam'] },
    ]);
    expect(() => parseDimensions('lr')).toThrow(/fields and values such as/);
  });

  it('lists a grid in its order, and refuses ranges in it', () => {
    const settings = listSettings(plan({ dimensions: parseDimensions('lr=1,2;batch=8,16') }));
    expect(settings.map(({ values }) => Object.values(values))).toEqual([
      [1, 8],
      [1, 16],
      [2, 8],
      [2, 16],
    ]);
    expect(settings.map(({ id }) => id)).toEqual(['001', '002', '003', '004']);
    expect(() => listSettings(plan({ dimensions: parseDimensions('lr=1..2') }))).toThrow(/received a range/);
    expect(() => listSettings(plan({ dimensions: parseDimensions('lr=1;lr=2') }))).toThrow(/each field once/);
  });

  it('draws by seed, evenly over the logarithm, and the same ones in a longer sweep', () => {
    const dimensions = parseDimensions('lr=0.0001..0.1;batch=1..4;model=a,b');
    const draw = (trials: number, seed = 1) => listSettings(plan({ method: 'random', dimensions, trials, seed }));
    const many = draw(3000);
    expect(many.slice(0, 5).map(({ values }) => values)).toEqual(draw(5).map(({ values }) => values));
    expect(draw(5, 2)).not.toEqual(draw(5));
    const rates = many.map(({ values }) => values.lr as number);
    expect(Math.min(...rates)).toBeGreaterThanOrEqual(0.0001);
    expect(Math.max(...rates)).toBeLessThanOrEqual(0.1);
    // A third of them in each of three powers of ten.
    for (const power of [-4, -3, -2]) {
      const within = rates.filter((value) => value >= 10 ** power && value < 10 ** (power + 1)).length;
      expect(within / 3000).toBeGreaterThan(0.29);
      expect(within / 3000).toBeLessThan(0.38);
    }
    expect(new Set(many.map(({ values }) => values.batch))).toEqual(new Set([1, 2, 3, 4]));
  });

  it('cuts epochs into rungs', () => {
    expect(rungsOf(9, 9, { halving: 3 })).toEqual([1, 3, 9]);
    expect(rungsOf(4, 8, { halving: 2 })).toEqual([2, 4, 8]);
    expect(rungsOf(27, 4, { halving: 3 })).toEqual([1, 4]);
    expect(rungsOf(1, 4, { halving: 3 })).toEqual([4]);
    expect(rungsOf(5, 7, {})).toEqual([7]);
  });

  it('sends fields to choices or to the recipe', () => {
    const values = { lr: 0.1, augment: 'none', schedule: 'constant', size: '8x12', 'optimizer.momentum': 0.5 };
    expect(requestOf({ id: '001', values })).toEqual({
      learningRate: 0.1,
      augmentation: {},
      schedule: { type: 'constant' },
      size: { height: 8, width: 12 },
      overrides: { 'optimizer.momentum': 0.5 },
    });
    expect(() => requestOf({ id: '001', values: { seed: 3 } })).toThrow(/--seeds/);
  });
});
