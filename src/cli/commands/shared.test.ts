import { expect, it } from 'vitest';
import { fromHere, shellWord } from './shared.ts';

it('writes paths so that pasting them runs nothing', () => {
  expect(shellWord('runs/a-1', false)).toBe('runs/a-1');
  expect(shellWord('my run/$(touch x)`y`', false)).toBe("'my run/$(touch x)`y`'");
  expect(shellWord("it's", false)).toBe(`'it'\\''s'`);
  expect(shellWord('a\\b', false)).toBe(`'a\\b'`);
  expect(shellWord('C:\\my runs\\a', true)).toBe('"C:\\my runs\\a"');
  expect(shellWord('runs\\a-1', true)).toBe('runs\\a-1');
});

it('names paths as one would type them here, and leaves others whole', () => {
  expect(fromHere('/home/a/photos', '/home/a', '/')).toBe('photos');
  expect(fromHere('/home/a/sets/photos', '/home/a/', '/')).toBe('sets/photos');
  expect(fromHere('/home/ab', '/home/a', '/')).toBe('/home/ab');
  expect(fromHere('/home/a', '/home/a', '/')).toBe('/home/a');
  expect(fromHere('digits', '/home/a', '/')).toBe('digits');
  expect(fromHere('C:\\a\\photos', 'C:\\a', '\\')).toBe('photos');
});
