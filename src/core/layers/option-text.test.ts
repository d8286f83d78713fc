import { describe, expect, it } from 'vitest';
import { layers } from './index.ts';
import { readOption, writeOption } from './option-text.ts';

describe('options as text', () => {
  it('of every layer: each default comes back from its own text', () => {
    const defaults = layers.flatMap(({ type, options }) =>
      Object.entries(options).map(([name, option]) => ({ type, name, option })),
    );
    expect(defaults.length).toBeGreaterThan(50);
    for (const { type, name, option } of defaults.filter((one) => one.option.default !== undefined)) {
      expect(readOption(option, writeOption(option.default)), `${type}.${name}`).toEqual(option.default);
    }
  });

  it('takes sizes as people write them, and nothing out of range', () => {
    const size = { type: 'size', minimum: 1, doc: '' } as const;
    expect(readOption(size, '3')).toBe(3);
    expect(readOption(size, ' 3 x 1 ')).toEqual([3, 1]);
    expect(readOption(size, '3×3')).toBe(3);
    for (const wrong of ['', '0', '-1', '1.5', 'three', '3x', '0x3', '99999999999']) {
      expect(readOption(size, wrong), wrong).toBeUndefined();
    }
    expect(readOption({ type: 'padding', minimum: 0, doc: '' }, 'same')).toBe('same');
    expect(readOption({ type: 'padding', minimum: 0, doc: '' }, 'some')).toBeUndefined();
    expect(readOption({ type: 'choice', choices: ['a'], doc: '' }, 'b')).toBeUndefined();
    expect(readOption({ type: 'numbers', doc: '' }, '0.1/2')).toEqual([0.1, 2]);
    expect(readOption({ type: 'boolean', doc: '' }, 'false')).toBe(false);
  });
});
