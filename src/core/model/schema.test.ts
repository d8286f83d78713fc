import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { layers } from '../layers/index.ts';
import { buildPreset, presets } from './presets/index.ts';
import { modelSchema } from './schema.ts';
import { parseShorthand } from './shorthand.ts';
import { parseModelDraft } from './spec.ts';

const schema = z.fromJSONSchema(modelSchema() as Parameters<typeof z.fromJSONSchema>[0]);
const fits = (value: unknown): boolean => schema.safeParse(value).success;
const accepted = (value: unknown): boolean => {
  try {
    parseModelDraft(value);
    return true;
  } catch {
    return false;
  }
};

describe('modelSchema', () => {
  it('takes all presets and drafts', () => {
    for (const preset of presets) {
      expect(fits(JSON.parse(JSON.stringify(buildPreset(preset, { input: [64, 64, 3], classes: 7 }))))).toBe(true);
    }
    expect(fits(parseShorthand('residual(conv 3 same), flatten, linear'))).toBe(true);
  });

  it('has every layer of the list with all its options', () => {
    const text = JSON.stringify(modelSchema());
    for (const { type, options } of layers) {
      expect(text).toContain(`"const":"${type}"`);
      for (const { doc } of Object.values(options)) expect(text).toContain(JSON.stringify(doc).slice(1, -1));
    }
  });

  const head = [
    { id: 'a', type: 'flatten' },
    { id: 'b', type: 'linear' },
  ];
  const model = (first: object) => ({ format: 'fovea-model', version: 1, layers: [first, ...head] });
  it.each([
    model({ id: 'c', type: 'conv2d', channels: 3 }),
    model({ id: 'c', type: 'conv2d', channels: 0, kernelSize: 3 }),
    model({ id: 'c', type: 'conv2d', channels: 3, kernelSize: [3, 3, 3] }),
    model({ id: 'c', type: 'conv2d', channels: 3, kernelSize: 3, padding: 'full' }),
    model({ id: 'c', type: 'conv2d', channels: 3e9, kernelSize: 3 }),
    model({ id: 'c', type: 'dropout', rate: 1 }),
    model({ id: 'c', type: 'relu', channels: 3 }),
    model({ id: 'c c', type: 'relu' }),
    model({ id: 'c', type: 'conv3d' }),
    model({ type: 'relu' }),
    model({ id: 'c', type: 'add', inputs: ['input'] }),
    { ...model({ id: 'c', type: 'relu' }), version: 2 },
    { ...model({ id: 'c', type: 'relu' }), extra: 1 },
  ])('refuses, as the reader does: %j', (value) => {
    expect(fits(value)).toBe(false);
    expect(accepted(value)).toBe(false);
  });
});
