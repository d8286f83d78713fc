import { describe, expect, it } from 'vitest';
import { RandomStream } from '../random.ts';
import { coarsePairs } from './coarse-pairs.ts';
import { createDataset, type Dataset } from './dataset.ts';
import { gateLeaks, leakNote } from './leak-gate.ts';
import { nearCopies } from './near-copies.ts';
import { splitOff } from './split.ts';

const side = 32;

/** A picture of waves of its own, as grey levels. */
function wavy(number: number): Float64Array {
  const random = new RandomStream(7, 'sample', number);
  const waves = Array.from({ length: 6 }, () => [random.uniform() * 6, random.uniform() * 6, random.uniform() * 7, 25]);
  return Float64Array.from({ length: side * side }, (_, i) => {
    const [x, y] = [(i % side) / side, Math.floor(i / side) / side];
    return waves.reduce((sum, [u, v, phase, height]) => sum + height * Math.sin(6.28 * (u * x + v * y) + phase), 128);
  });
}

/** As encoding again leaves it: noise of single pixels; and `lighter` by some grey levels. */
function again(grey: Float64Array, noise: number, lighter: number): Uint8Array {
  const random = new RandomStream(8, 'sample', noise);
  return Uint8Array.from(grey, (level) =>
    Math.max(0, Math.min(255, Math.round(level + lighter + noise * 3.4 * (random.uniform() - 0.5)))),
  );
}

function setOf(name: string, pictures: readonly Uint8Array[], origins: readonly string[]): Dataset {
  const pixels = new Uint8Array(pictures.length * side * side);
  for (const [i, picture] of pictures.entries()) pixels.set(picture, i * side * side);
  const labels = Int32Array.from(pictures, (_, i) => i % 2);
  return createDataset({
    name,
    classNames: ['a', 'b'],
    height: side,
    width: side,
    channels: 1,
    pixels,
    labels,
    origins,
  });
}

const originals = Array.from({ length: 40 }, (_, i) => wavy(i));
const numbered = (count: number, letter: string): string[] => Array.from({ length: count }, (_, i) => `${letter}${i}`);

describe('nearCopies', () => {
  const plain = originals.map((one) => again(one, 0, 0));

  it('finds pictures that were encoded again or made lighter, across sets, and no others', () => {
    const copies = [
      again(originals[3], 4, 0),
      again(originals[5], 2, 6),
      again(wavy(99), 4, 0),
      again(originals[3], 1, 0),
    ];
    const { groups } = nearCopies([setOf('train', plain, numbered(40, 't')), setOf('test', copies, numbered(4, 'x'))]);
    expect(groups).toEqual([
      [3, 40, 43],
      [5, 41],
    ]);
  });

  it('calls flat pictures no copies of each other', () => {
    const flat = Array.from({ length: 4 }, (_, i) => new Uint8Array(side * side).fill(50 * i));
    expect(nearCopies([setOf('train', flat, numbered(4, 't'))]).groups).toEqual([]);
  });

  it('gates what lies in a stricter part, and keeps what is alike on one side of validation', () => {
    const copies = [again(originals[0], 4, 0), again(originals[1], 4, 0)];
    const train = setOf('train', [...plain, ...copies], numbered(42, 't'));
    const test = setOf('test', [again(originals[1], 3, 2), again(wavy(98), 0, 0)], numbered(2, 'x'));
    const source = { name: 'made', notes: [], skipped: [], train, test };
    const gated = gateLeaks(source);
    expect(gated.leaks.map(({ origin, copy, kind }) => [origin, copy, kind])).toEqual([
      ['t1', 'x0', 'near'],
      ['t41', 'x0', 'near'],
    ]);
    expect(leakNote(gated.leaks, false)).toContain('2 pictures have copies (2 of them near copies)');
    expect(gated.alike).toEqual([[0, 39]]);
    expect(gateLeaks(source, true).source).toBe(source);
    for (let seed = 0; seed < 8; seed++) {
      const { taken } = splitOff(gated.source.train!, 0.3, seed, gated.alike);
      expect(taken.origins!.includes('t0')).toBe(taken.origins!.includes('t40'));
      expect(splitOff(gated.source.train!, 0.3, seed).taken.origins).toEqual(taken.origins);
    }
  });
});

describe('pictures that are nothing but noise', () => {
  it('are given up on, and that is told', () => {
    const random = new RandomStream(3, 'sample');
    const noise = Array.from({ length: 800 }, () =>
      Uint8Array.from({ length: side * side }, () => 124 + Math.floor(random.uniform() * 8)),
    );
    const origins = noise.map((_, i) => `${i}.png`);
    const source = { name: 'noise', train: setOf('noise', noise, origins), notes: [], skipped: [] };
    const { complete, source: same } = gateLeaks(source);
    expect(complete).toBe(false);
    expect(same).toBe(source);
  });
});

describe('coarsePairs', () => {
  it('finds the pairs that comparing all finds', () => {
    // Weak waves on one ground, so that many are near the limits.
    const pictures = Array.from({ length: 200 }, (_, i) =>
      Uint8Array.from(wavy(i % 60), (level) => Math.round(128 + (level - 128) * (0.03 + 0.0005 * i))),
    );
    const found: string[] = [];
    coarsePairs(
      pictures.length,
      (i) => pictures[i],
      (a, b) => found.push(`${a} ${b}`) > 0,
    );
    const expected: string[] = [];
    const meansOf = pictures.map((picture) => {
      const means = new Float64Array(64);
      picture.forEach((level, i) => {
        means[Math.floor(i / 128) * 8 + Math.floor((i % 32) / 4)] += level / 16;
      });
      const mean = means.reduce((sum, one) => sum + one, 0) / 64;
      return means.map((one) => one - mean);
    });
    for (let b = 0; b < pictures.length; b++) {
      for (let a = 0; a < b; a++) {
        const differences = meansOf[a].map((one, i) => Math.abs(one - meansOf[b][i]));
        const mean = differences.reduce((sum, one) => sum + one * one, 0) / 64;
        if (mean <= 2.5 * 2.5 && Math.max(...differences) <= 8) expected.push(`${a} ${b}`);
      }
    }
    expect(expected.length).toBeGreaterThan(500);
    expect(expected.length).toBeLessThan(19_000);
    expect(found.sort()).toEqual(expected.sort());
  });
});
