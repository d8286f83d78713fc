import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FoveaError } from '../../errors.ts';
import { buffersOf, decodeFrame, encodeFrame, needsFrame } from './frame.ts';

const values = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.string(),
    fc.double(),
    fc.boolean(),
    fc.constant(null),
    fc.uint8Array(),
    fc.float32Array(),
    fc.int32Array(),
    fc.array(tie('value'), { maxLength: 4 }),
    // `__proto__` is no key that a plain object can have after JSON.
    fc.dictionary(
      fc.oneof(fc.constant('$'), fc.string()).filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 4 },
    ),
  ),
})).value;

describe('frames', () => {
  it('bring back what went in', () => {
    fc.assert(
      fc.property(values, (value) => {
        const same = noMinusZero(value);
        expect(decodeFrame(encodeFrame(same))).toEqual(same);
      }),
      { numRuns: 300 },
    );
  });

  it('begin anywhere in memory', () => {
    const frame = encodeFrame({ numbers: Float64Array.of(1.5, -2), bytes: Uint8Array.of(1, 2, 3) });
    for (let shift = 1; shift < 9; shift++) {
      const moved = new Uint8Array(frame.length + shift);
      moved.set(frame, shift);
      expect(decodeFrame(moved.subarray(shift))).toEqual({
        numbers: Float64Array.of(1.5, -2),
        bytes: Uint8Array.of(1, 2, 3),
      });
    }
  });

  it('that are damaged are refused, whatever is in them', () => {
    const frame = encodeFrame({ pixels: new Uint8Array(100), more: Float32Array.of(1, 2), text: 'x'.repeat(50) });
    fc.assert(
      fc.property(fc.nat(frame.length - 1), fc.integer({ min: 0, max: 255 }), fc.nat(frame.length), (at, byte, end) => {
        const broken = frame.slice(0, end);
        if (at < broken.length) broken[at] = byte;
        try {
          decodeFrame(broken);
        } catch (error) {
          expect(error).toBeInstanceOf(FoveaError);
        }
      }),
      { numRuns: 2000 },
    );
  });

  it('are needed for arrays and numbers that JSON does not know', () => {
    expect([{ a: [1, 'b', null] }, { a: [new Uint8Array(1)] }, [Number.NaN], { $: 1 }].map(needsFrame)).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });

  it('tell each memory once', () => {
    const bytes = new Uint8Array(8);
    expect(buffersOf({ a: bytes, b: [bytes.subarray(2), new Float32Array(1)] }).size).toBe(2);
  });
});

/** JSON knows no minus zero. */
function noMinusZero(value: unknown): unknown {
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return value.map(noMinusZero);
  if (ArrayBuffer.isView(value) || typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, noMinusZero(inner)]));
}
