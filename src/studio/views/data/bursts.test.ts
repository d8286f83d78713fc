import { describe, expect, it } from 'vitest';
import { filesOf } from './bursts.ts';

const taken = (bursts: readonly number[]) =>
  bursts.map((burst) => ({ blob: new Blob(['x'], { type: 'image/jpeg' }), burst, url: '' }));

describe('what the webcam took', () => {
  it('is a folder with a folder a class, the burst in each name', () => {
    const files = filesOf('hands', [
      { name: 'open', pictures: taken([1, 1, 3]) },
      { name: 'shut', pictures: taken([2]) },
      { name: 'none', pictures: [] },
    ]);
    expect(files.map(({ path }) => path)).toEqual([
      'hands/open/burst-1-0001.jpg',
      'hands/open/burst-1-0002.jpg',
      'hands/open/burst-3-0003.jpg',
      'hands/shut/burst-2-0001.jpg',
    ]);
    expect(files[0].file.type).toBe('image/jpeg');
  });

  it('makes no folders of what a person calls a class', () => {
    const [file] = filesOf('../a', [{ name: 'b/../c\\d', pictures: taken([1]) }]);
    expect(file.path).toBe('-a/b-..-c-d/burst-1-0001.jpg');
  });
});
