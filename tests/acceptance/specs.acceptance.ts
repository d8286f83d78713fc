import { describe, expect, it } from 'vitest';
import { buildPreset, presets } from '../../src/core/model/presets/index.ts';
import { benchInput } from '../../src/core/workbench/bench/presets.ts';
import { checkFields } from '../property/check-fields.ts';

/** As many models by chance as were promised: 1,000 right ones, 5,000 broken ones. */
process.env.FOVEA_SPECS = '1000';
await import('../property/specs.test.ts');

describe('receptive fields of the presets, at the size they are made for and in more layers', () => {
  it.each(presets.map(({ name, minimumSize }) => [name, minimumSize] as const))('%s', (name, minimumSize) => {
    const [side, , channels] = benchInput(name);
    const size = Math.max(side, minimumSize, 96);
    const compared = checkFields(buildPreset(name, { input: [size, size, channels], classes: 10 }), 30);
    expect(compared).toBeGreaterThan(0);
  });
});
