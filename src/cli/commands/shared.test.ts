import { expect, it } from 'vitest';
import { shellWord } from './shared.ts';

it('writes paths so that pasting them runs nothing', () => {
  expect(shellWord('runs/a-1', false)).toBe('runs/a-1');
  expect(shellWord('my run/$(touch x)`y`', false)).toBe("'my run/$(touch x)`y`'");
  expect(shellWord("it's", false)).toBe(`'it'\\''s'`);
  expect(shellWord('a\\b', false)).toBe(`'a\\b'`);
  expect(shellWord('C:\\my runs\\a', true)).toBe('"C:\\my runs\\a"');
  expect(shellWord('runs\\a-1', true)).toBe('runs\\a-1');
});
