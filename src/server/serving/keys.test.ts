import { expect, it } from 'vitest';
import { keyOf, readKeys } from './keys.ts';

const [one, two] = ['a'.repeat(16), 'b-longer-key-than-that'];

it('knows the keys of a file and no others', () => {
  const check = readKeys(`# for the class\n${one}\r\n\n  ${two}  \n`, 'keys.txt');
  expect([one, two].map(check)).toEqual([true, true]);
  expect(['', `${one}a`, one.slice(1), '# for the class', undefined].map(check)).toEqual(Array(5).fill(false));
});

it('refuses a file without keys, and short ones, without telling them', () => {
  expect(() => readKeys('# none\n', 'keys.txt')).toThrow("at least one key, one a line, for file 'keys.txt'");
  const short = (): unknown => readKeys(`${one}\nsecret`, 'keys.txt');
  expect(short).toThrow("Expected a key of at least 16 characters for line 2 of 'keys.txt' but received one of 6");
  expect(short).not.toThrow('secret');
});

it('finds the key of a request', () => {
  expect(keyOf({ authorization: `bearer  ${one}` })).toBe(one);
  expect(keyOf({ 'x-api-key': two })).toBe(two);
  expect(keyOf({ authorization: `Basic ${one}` })).toBeUndefined();
  expect(keyOf({})).toBeUndefined();
});
