import { describe, expect, it } from 'vitest';
import { fitPicture } from './fit.ts';
import type { Picture } from './picture.ts';

/** 4 high, 8 wide: left half 0 … and each column its own value. */
const columns: Picture = {
  width: 8,
  height: 4,
  channels: 1,
  data: Uint8Array.from({ length: 32 }, (_, i) => 10 * ((i % 8) + 1)),
};

describe('fitPicture', () => {
  it('crop keeps the centre at its size when the height fits already', () => {
    expect([...fitPicture(columns, 4, 4, 'crop').data.subarray(0, 4)]).toEqual([30, 40, 50, 60]);
  });
  it('pad keeps all of it and leaves black above and below', () => {
    const { data } = fitPicture(columns, 8, 8, 'pad');
    expect([...data.subarray(0, 16)]).toEqual(new Array(16).fill(0));
    expect([...data.subarray(16, 24)]).toEqual([10, 20, 30, 40, 50, 60, 70, 80]);
    expect([...data.subarray(48)]).toEqual(new Array(16).fill(0));
  });
  it('stretch uses all columns', () => {
    const { data } = fitPicture(columns, 4, 4, 'stretch');
    expect(data[0]).toBeLessThan(data[1]);
    expect(data.length).toBe(16);
  });
  it('never makes a side of 0 from a sliver', () => {
    const sliver: Picture = { width: 2000, height: 1, channels: 1, data: new Uint8Array(2000).fill(9) };
    for (const mode of ['stretch', 'crop', 'pad'] as const) {
      const fitted = fitPicture(sliver, 28, 28, mode);
      expect([fitted.width, fitted.height, fitted.data.length]).toEqual([28, 28, 784]);
      expect(Math.max(...fitted.data)).toBe(9);
    }
  });
  it('names the modes when it is none', () => {
    expect(() => fitPicture(columns, 4, 4, 'squash' as never)).toThrow(
      "Expected one of stretch, crop, pad for option 'fit' but received 'squash'",
    );
  });
});
