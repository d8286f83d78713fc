import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildPreset, presets } from '../../src/core/model/presets/index.ts';
import { parseShorthand } from '../../src/core/model/shorthand.ts';
import { adapt } from '../../src/core/model/spec.ts';
import { summarize } from '../../src/core/model/summary.ts';
import { checkFields } from '../property/check-fields.ts';
import { anySpec } from '../property/specs.ts';

describe('receptive fields are where the gradient goes', () => {
  it.each(presets.map(({ name, minimumSize }) => [name, minimumSize] as const))('%s', (name, minimumSize) => {
    const side = Math.max(40, minimumSize);
    expect(checkFields(buildPreset(name, { input: [side, side + 3, 3], classes: 4 }), 5)).toBeGreaterThan(0);
  });

  it('models by chance', () => {
    fc.assert(
      fc.property(anySpec, (spec) => {
        checkFields(spec, 4);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what a field tells', () => {
  const field = (line: string, id: string, input = [40, 40, 3]) =>
    summarize(adapt(parseShorthand(line), { input, classes: 2 })).layers.find((layer) => layer.id === id)!
      .receptiveField;

  it('has its size, stride and middle', () => {
    expect(field('conv 4 7 stride=2 padding=3, pool 3 stride=2 padding=1, gap, linear', 'maxpool1')).toMatchObject({
      size: [11, 11],
      stride: [4, 4],
      centre: [0, 0],
      clipped: false,
    });
    expect(field('conv 4 4, gap, linear', 'conv1').centre).toEqual([1.5, 1.5]);
  });

  it('says where edges cut it off', () => {
    expect(field('conv 4 11 same, conv 4 11 same, gap, linear', 'conv2', [12, 40, 3])).toMatchObject({
      size: [21, 21],
      visible: { rows: [0, 11], columns: [9, 29] },
      clipped: true,
    });
  });

  it('keeps to the map where one number scales all of it', () => {
    const line = 'conv 4, multiply( | gap, linear 4, sigmoid), gn 2, conv 4, gap, linear';
    expect(field(line, 'multiply1')).toMatchObject({ size: [3, 3], whole: false, gated: true });
    expect(field(line, 'conv2')).toMatchObject({ size: [5, 5], whole: false, gated: true });
    expect(field(line, 'fc2')).toMatchObject({ size: [40, 40], whole: true });
  });
});
