import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { placeInWorkspace } from './memory.ts';

const lifetime = fc
  .record({ bytes: fc.integer({ min: 1, max: 5000 }), a: fc.nat(40), b: fc.nat(40) })
  .map(({ bytes, a, b }) => ({ name: '', bytes, from: Math.min(a, b), to: Math.max(a, b) }));

describe('placeInWorkspace', () => {
  it('never lets two values that live at the same time overlap, aligns all, and counts the whole', () => {
    fc.assert(
      fc.property(fc.array(lifetime, { maxLength: 60 }), (lifetimes) => {
        const { offsets, bytes } = placeInWorkspace(lifetimes);
        lifetimes.forEach((a, i) => {
          expect(offsets[i] % 64).toBe(0);
          expect(offsets[i] + a.bytes).toBeLessThanOrEqual(bytes);
          lifetimes.forEach((b, j) => {
            if (i >= j || a.from > b.to || b.from > a.to) return;
            expect(offsets[i] + a.bytes <= offsets[j] || offsets[j] + b.bytes <= offsets[i]).toBe(true);
          });
        });
      }),
    );
  });

  it('reuses what is free: a chain needs room for two, not for all', () => {
    const chain = Array.from({ length: 20 }, (_, i) => ({ name: `${i}`, bytes: 640, from: i, to: i + 1 }));
    expect(placeInWorkspace(chain).bytes).toBe(1280);
  });
});
