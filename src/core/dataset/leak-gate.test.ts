import { describe, expect, it } from 'vitest';
import { createDataset, type DataSource, type Dataset, type Part } from './dataset.ts';
import { gateLeaks, leakNote, straddling } from './leak-gate.ts';

const part = (name: string, values: number[], origins?: string[]): Dataset =>
  createDataset({
    name,
    classNames: ['a', 'b'],
    height: 1,
    width: 2,
    channels: 1,
    pixels: Uint8Array.from(values.flatMap((value) => [value, value])),
    labels: Int32Array.from(values, (value) => value % 2),
    origins,
  });

const source = (datasets: Partial<Record<Part, Dataset>>): DataSource => ({
  name: 'made',
  notes: [],
  skipped: [],
  ...datasets,
});

describe('gateLeaks', () => {
  const leaky = source({
    train: part('train', [1, 2, 3, 4, 2], ['t1', 't2', 't3', 't4', 't5']),
    val: part('val', [3, 9], ['v1', 'v2']),
    test: part('test', [2, 9, 8, 8]),
  });

  it('lists what lies in a stricter part too, and takes it out', () => {
    const { source: gated, leaks } = gateLeaks(leaky);
    expect(leaks).toEqual([
      { kind: 'exact', origin: 't2', part: 'train', copy: 'test/0', copyPart: 'test' },
      { kind: 'exact', origin: 't3', part: 'train', copy: 'v1', copyPart: 'val' },
      { kind: 'exact', origin: 't5', part: 'train', copy: 'test/0', copyPart: 'test' },
      { kind: 'exact', origin: 'v2', part: 'val', copy: 'test/1', copyPart: 'test' },
    ]);
    expect(gated.train!.origins).toEqual(['t1', 't4']);
    expect([...gated.train!.labels]).toEqual([1, 0]);
    expect(gated.val!.origins).toEqual(['v1']);
    expect(gated.test).toBe(leaky.test);
    expect(leakNote(leaks, false)).toBe(
      "Leak: 4 pictures have copies in a part that judges them, such as 't2' as 'test/0' in test. The copy there wins, they are left out.",
    );
  });

  it('leaves all where it is when asked to, and when nothing leaks', () => {
    const kept = gateLeaks(leaky, true);
    expect(kept.source).toBe(leaky);
    expect(kept.leaks).toHaveLength(4);
    const clean = source({ train: part('train', [1, 1, 2]), test: part('test', [3, 3]) });
    expect(gateLeaks(clean)).toEqual({ source: clean, leaks: [], alike: [], complete: true });
    expect(leakNote([], false)).toBeUndefined();
  });

  it('lets a val part go that is all in test, but not the training', () => {
    const train = part('train', [1, 2]);
    expect(gateLeaks(source({ train, val: part('val', [5]), test: part('test', [5]) })).source.val).toBeUndefined();
    expect(() => gateLeaks(source({ train, test: part('test', [2, 1]) }))).toThrow(/Every training picture of 'made'/);
  });
});

describe('straddling', () => {
  it('names the first copy in the strictest part, and the surer kind', () => {
    const parts: (Part | undefined)[] = ['train', 'val', 'test', 'train', undefined, 'test'];
    const groups = [
      { kind: 'near', members: [0, 1, 2, 5] },
      { kind: 'exact', members: [0, 1] },
      { kind: 'exact', members: [3, 4] },
    ] as const;
    expect(straddling(groups, (i) => parts[i])).toEqual([
      { index: 0, copy: 1, kind: 'exact' },
      { index: 1, copy: 2, kind: 'near' },
    ]);
  });
});
