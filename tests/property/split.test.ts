import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { balancedEpoch } from '../../src/core/dataset/batches.ts';
import { createDataset, type DataSource, type Part, parts } from '../../src/core/dataset/dataset.ts';
import { straddling } from '../../src/core/dataset/leak-gate.ts';
import { type SplitPicture, splitPictures } from '../../src/core/dataset/split.ts';
import { applySplit, type SplitFile } from '../../src/core/dataset/split-file.ts';

/** Shares of val and test, together below 1. */
const shares = fc
  .tuple(fc.double({ min: 0, max: 0.6, noNaN: true }), fc.double({ min: 0, max: 0.39, noNaN: true }))
  .map(([val, test]) => ({ val, test }));

const single = fc.record({
  label: fc.integer({ min: 0, max: 3 }),
  hash: fc.integer({ min: 0, max: 2 ** 32 - 1 }).map((n) => n.toString(16).padStart(32, '0')),
});
const singles = fc.uniqueArray(single, { selector: ({ hash }) => hash, minLength: 1, maxLength: 150 });

const grouped = fc.array(
  fc.record({
    label: fc.integer({ min: 0, max: 2 }),
    // Few values, so that pictures are equal now and then.
    hash: fc.integer({ min: 0, max: 60 }).map((n) => n.toString(16).padStart(32, '0')),
    group: fc.option(
      fc.integer({ min: 0, max: 8 }).map((n) => `g${n}`),
      { nil: undefined },
    ),
  }),
  { minLength: 2, maxLength: 80 },
);

const countIn = (places: readonly Part[], part: Part, which: (i: number) => boolean): number =>
  places.filter((place, i) => place === part && which(i)).length;

function expectShares(
  pictures: readonly SplitPicture[],
  places: readonly Part[],
  wanted: { val: number; test: number },
): void {
  const of = { train: 1 - wanted.val - wanted.test, ...wanted };
  for (const label of new Set(pictures.map((one) => one.label))) {
    const all = pictures.filter((one) => one.label === label).length;
    for (const part of parts) {
      const there = countIn(places, part, (i) => pictures[i].label === label);
      expect(Math.abs(there - all * of[part])).toBeLessThanOrEqual(1 + 1e-9);
    }
  }
}

describe('splits', () => {
  it('give every picture one part, each class its shares within one picture, whatever the order', () => {
    fc.assert(
      fc.property(singles, shares, fc.nat(), (pictures, wanted, seed) => {
        const places = splitPictures(pictures, { shares: wanted, seed });
        expect(places).toHaveLength(pictures.length);
        expect(places.every((place) => parts.includes(place))).toBe(true);
        expectShares(pictures, places, wanted);
        const turned = splitPictures([...pictures].reverse(), { shares: wanted, seed }).reverse();
        expect(turned).toEqual(places);
        for (const label of new Set(pictures.map((one) => one.label))) {
          expect(countIn(places, 'train', (i) => pictures[i].label === label)).toBeGreaterThan(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('move nothing when pictures are added again and again, and keep their shares', () => {
    fc.assert(
      fc.property(singles, shares, fc.nat(), fc.integer({ min: 1, max: 40 }), (pictures, wanted, seed, step) => {
        let placed: SplitPicture[] = [];
        for (let from = 0; from < pictures.length; from += step) {
          const all = [...placed, ...pictures.slice(from, from + step)];
          const places = splitPictures(all, { shares: wanted, seed });
          placed.forEach(({ part }, i) => {
            expect(places[i]).toBe(part);
          });
          expectShares(all, places, wanted);
          placed = all.map((one, i) => ({ ...one, part: places[i] }));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('keep groups, equal pictures and copies whole, so that nothing straddles', () => {
    const pairs = fc.array(fc.tuple(fc.nat(79), fc.nat(79)), { maxLength: 12 });
    fc.assert(
      fc.property(grouped, pairs, shares, fc.nat(), (pictures, copies, wanted, seed) => {
        const together = copies.filter((pair) => pair.every((i) => i < pictures.length));
        const places = splitPictures(pictures, { shares: wanted, seed, together });
        for (const key of ['hash', 'group'] as const) {
          for (const value of new Set(pictures.map((one) => one[key]))) {
            if (value === undefined) continue;
            expect(new Set(places.filter((_, i) => pictures[i][key] === value)).size).toBe(1);
          }
        }
        const groups = together.map((members) => ({ kind: 'near' as const, members }));
        expect(straddling(groups, (i) => places[i])).toEqual([]);
        expect(places.includes('train')).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('recorded, keep groups and equal pictures whole when pictures are relabelled, taken out and split again', () => {
    fc.assert(
      fc.property(
        grouped,
        fc.array(fc.nat(2), { minLength: 80, maxLength: 80 }),
        fc.nat(79),
        (pictures, labels, gone) => {
          const wanted = { val: 0.2, test: 0.2 };
          const places = splitPictures(pictures, { shares: wanted, seed: 1 });
          const entries = pictures.map(({ label, hash, group }, i) => ({
            ...{ origin: `${i}`, hash, class: `${label}`, part: places[i] },
            ...(group === undefined ? {} : { group }),
          }));
          const split = { pictures: entries, data: 'd', seed: 1, shares: wanted, hash: '' } as unknown as SplitFile;
          // Less than half: more is another set, which is refused.
          const few = Math.floor((pictures.length - 1) / 2);
          const now = pictures.map(({ label }, i) => (i < few ? labels[i] : label));
          const left = now.map((_, i) => i).filter((i) => i !== gone && places[i] !== undefined);
          if (!left.some((i) => places[i] === 'train')) return;
          const all = createDataset({
            ...{ name: 'd', classNames: ['0', '1', '2'], height: 1, width: 1, channels: 1 as const },
            ...{ pixels: Uint8Array.from(left), labels: Int32Array.from(left, (i) => now[i]) },
            origins: left.map(String),
          });
          const opened = { name: 'd', train: all, notes: [], skipped: [] } as unknown as DataSource;
          const { source } = applySplit(opened, split, 's.json');
          for (const part of parts)
            expect(source[part]?.origins ?? []).toEqual(left.filter((i) => places[i] === part).map(String));
          const again = left.map((i) => ({ ...pictures[i], label: now[i], part: places[i] }));
          expect(splitPictures(again, { shares: wanted, seed: 1 })).toEqual(left.map((i) => places[i]));
        },
      ),
      { numRuns: 200 },
    );
  });

  it('groups of a few pictures stay near the wanted shares', () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({ min: 1, max: 5 }), (seed, size) => {
        const pictures = Array.from({ length: 400 }, (_, i) => ({
          label: i % 2,
          hash: (Math.imul(i + 1, 0x9e3779b1) >>> 0).toString(16).padStart(32, '0'),
          group: `g${Math.floor(i / (2 * size))}`,
        }));
        const places = splitPictures(pictures, { shares: { val: 0.2, test: 0.1 }, seed });
        for (const label of [0, 1]) {
          const which = (i: number): boolean => pictures[i].label === label;
          expect(Math.abs(countIn(places, 'val', which) - 40)).toBeLessThanOrEqual(size);
          expect(Math.abs(countIn(places, 'test', which) - 20)).toBeLessThanOrEqual(size);
        }
      }),
      { numRuns: 50 },
    );
  });
});

describe('balanced epochs', () => {
  it('have as many visits as pictures, each class and each of its pictures equally often within one', () => {
    const labels = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 1, maxLength: 120 });
    fc.assert(
      fc.property(labels, fc.nat(), fc.integer({ min: 1, max: 9 }), (list, seed, epoch) => {
        const { order } = balancedEpoch(Int32Array.from(list), seed, epoch);
        expect(order).toHaveLength(list.length);
        const times = list.map((_, i) => order.filter((picture) => picture === i).length);
        const sums = [...new Set(list)].map((label) => {
          const own = times.filter((_, i) => list[i] === label);
          expect(Math.max(...own) - Math.min(...own)).toBeLessThanOrEqual(1);
          return own.reduce((sum, n) => sum + n, 0);
        });
        expect(Math.max(...sums) - Math.min(...sums)).toBeLessThanOrEqual(1);
      }),
    );
  });
});
