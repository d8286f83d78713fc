import { describe, expect, it } from 'vitest';
import { buildModel } from './build.ts';
import { withDropout } from './dropout.ts';
import { buildPreset, presets } from './presets/index.ts';

const built = (spec: Parameters<typeof buildModel>[0]) => buildModel(spec, { training: true, inputType: 'float32' });

describe('withDropout', () => {
  it('sets the rate of layers that are there', () => {
    const spec = buildPreset('mnist-cnn', { input: [28, 28, 1], classes: 10 });
    const rates = withDropout(spec, 0.3)
      .layers.filter(({ type }) => type === 'dropout')
      .map(({ rate }) => rate);
    expect(rates.length).toBeGreaterThan(0);
    expect(new Set(rates)).toEqual(new Set([0.3]));
  });

  it('puts one before the head of every other preset, and leaves its parameters as they are', () => {
    for (const preset of presets) {
      const side = Math.max(32, preset.minimumSize);
      const spec = buildPreset(preset, { input: [side, side, 3], classes: 5 });
      if (spec.layers.some(({ type }) => type === 'dropout')) continue;
      const dropped = withDropout(spec, 0.25);
      expect(dropped.layers, preset.name).toHaveLength(spec.layers.length + 1);
      const names = (of: typeof spec) => built(of).parameters.map(({ name, fileShape }) => [name, ...fileShape]);
      expect(names(dropped), preset.name).toEqual(names(spec));
      expect(
        built(dropped).graph.nodes.some(({ op }) => op.name === 'dropout'),
        preset.name,
      ).toBe(true);
    }
  });

  it('refuses what is no rate', () => {
    const spec = buildPreset('linear', { input: [8, 8, 1], classes: 2 });
    for (const rate of [-0.1, 1, Number.NaN]) expect(() => withDropout(spec, rate)).toThrow("option 'dropout'");
    expect(withDropout(spec, 0)).toBe(spec);
  });
});
