import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createDataset, subset } from './dataset.ts';
import { hashDataset } from './hash.ts';
import { copyPixels, heldBytes, joinPixels, memoryPixels, selectPixels } from './pixels.ts';

describe('pixels', () => {
  const bytes = Uint8Array.from({ length: 12 }, (_, i) => i);
  const pixels = memoryPixels(bytes, 3);

  it('are selected and joined without being copied', () => {
    const some = selectPixels(pixels, [3, 0, 3]);
    expect([...copyPixels(some)]).toEqual([9, 10, 11, 0, 1, 2, 9, 10, 11]);
    const joined = joinPixels([some, memoryPixels(Uint8Array.of(50, 51, 52), 3), selectPixels(some, [1])]);
    expect([joined.count, ...copyPixels(joined)]).toEqual([5, 9, 10, 11, 0, 1, 2, 9, 10, 11, 50, 51, 52, 0, 1, 2]);
    expect(joined.at(1).buffer).toBe(bytes.buffer);
    expect([heldBytes([pixels, some]), heldBytes([pixels, joined])]).toEqual([12, 15]);
  });

  it('know hashes only where all of them do', () => {
    const hashed = { ...pixels, hashAt: (i: number) => `hash ${i}` };
    expect(selectPixels(hashed, [2, 1]).hashAt?.(0)).toBe('hash 2');
    expect(joinPixels([selectPixels(hashed, [2]), hashed]).hashAt?.(1)).toBe('hash 0');
    expect(joinPixels([hashed, pixels]).hashAt).toBeUndefined();
  });

  it('have to fill their array', () => {
    expect(() => memoryPixels(bytes, 5)).toThrow(/5 bytes in 12/);
  });
});

describe('the hash of a data set', () => {
  it('goes over pieces of 64 MiB, wherever pictures begin', async () => {
    // 1000x1000x3: no piece ends where a picture does.
    const [count, size] = [24, 3_000_000];
    const all = new Uint8Array(count * size);
    for (let i = 0; i < all.length; i += 997) all[i] = i % 251;
    const dataset = createDataset({
      ...{ name: 'large', classNames: ['a', 'b'], height: 1000, width: 1000, channels: 3 },
      pixels: all,
      labels: Int32Array.from({ length: count }, (_, i) => i % 2),
    });
    const sha256 = (...parts: Uint8Array[]): Buffer =>
      parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
    const text = Buffer.from('fovea-dataset-1 24x1000x1000x3\n["a","b"]\n');
    const [first, second] = [sha256(all.subarray(0, 1 << 26)), sha256(all.subarray(1 << 26))];
    const labels = sha256(Buffer.from(dataset.labels.buffer));
    const expected = `sha256:${sha256(text, first, second, labels).toString('hex')}`;
    expect(await hashDataset(dataset)).toBe(expected);
    const order = Array.from({ length: count }, (_, i) => count - 1 - i);
    expect(await hashDataset(subset(subset(dataset, order), order))).toBe(expected);
  });
});
