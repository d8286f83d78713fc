import { expect, it } from 'vitest';
import type { Picture } from '../image/picture.ts';
import { disturbances } from './disturbances.ts';

const picture = (channels: 1 | 3): Picture => ({
  height: 12,
  width: 10,
  channels,
  data: Uint8Array.from({ length: 120 * channels }, (_, i) => (i * 37) % 256),
});

it.each(disturbances.filter(({ needsCodec }) => !needsCodec).map((one) => [one.name, one] as const))(
  '%s: nothing at the neutral level, more at others, the same each time, the original untouched',
  async (_, { change, levels, neutral }) => {
    for (const channels of [1, 3] as const) {
      const original = picture(channels);
      const before = original.data.slice();
      for (const level of levels) {
        const changed = await change(original, level, { index: 5 });
        expect(changed).toMatchObject({ height: 12, width: 10, channels });
        expect((await change(original, level, { index: 5 })).data).toEqual(changed.data);
        if (level === neutral) continue;
        expect(changed.data).not.toEqual(before);
      }
      expect(original.data).toEqual(before);
    }
  },
);

it('shifts by whole pixels and continues the edge', async () => {
  const shift = disturbances.find(({ name }) => name === 'shift')!;
  const { data } = await shift.change(picture(1), 3, { index: 0 });
  const before = picture(1).data;
  const rows = Array.from({ length: 12 }, (_, y) => [...data.subarray(10 * y, 10 * y + 10)]);
  const old = (y: number, x: number): number => before[10 * Math.min(11, Math.max(0, y)) + Math.min(9, Math.max(0, x))];
  const sides = [
    [0, -3],
    [0, 3],
    [-3, 0],
    [3, 0],
  ];
  const matches = sides.filter(([dy, dx]) =>
    rows.every((row, y) => row.every((value, x) => value === old(y + dy, x + dx))),
  );
  expect(matches.length).toBe(1);
});

it('covers the asked share', async () => {
  const occlusion = disturbances.find(({ name }) => name === 'occlusion')!;
  const blank: Picture = { height: 40, width: 40, channels: 3, data: new Uint8Array(4800) };
  const { data } = await occlusion.change(blank, 0.25, { index: 3 });
  expect(data.filter((value) => value === 128).length).toBe(20 * 20 * 3);
});
