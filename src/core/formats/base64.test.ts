import { expect, it } from 'vitest';
import { fromBase64, toBase64 } from './base64.ts';

it.each([0, 1, 2, 3, 4, 24575, 24576, 24577, 49152, 100001])('%i bytes, as Node writes them, and back', (length) => {
  const bytes = Uint8Array.from({ length }, (_, i) => (i * 7919) >>> 3);
  const text = toBase64(bytes);
  expect(text).toBe(Buffer.from(bytes).toString('base64'));
  expect(fromBase64(text)).toEqual(bytes);
});

it.each(['a', '*bcd', 'ab=c'])('%s is refused', (text) => {
  expect(() => fromBase64(text)).toThrow();
});
