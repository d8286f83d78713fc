import { describe, expect, it } from 'vitest';
import type { Bench } from './bench.tsx';
import { layOut, namedData } from './lay-out.ts';

const empty: Bench = { data: 'digits', model: undefined, run: undefined, augmentation: undefined, choices: {} };
const digits = { id: 'digits', kind: 'built-in', present: true } as const;
const photos = { id: 'given:photos', kind: 'given', present: true } as const;
const birds = { id: 'given:birds', kind: 'given', present: true } as const;

describe('layOut', () => {
  it('begins with the data that the studio was started with', () => {
    expect(layOut(empty, [digits, photos, birds], '', empty).data).toBe('given:photos');
  });

  it('leaves alone what was chosen after that, and what a person works at', () => {
    const chosen = { ...empty, run: 'digits-1' };
    expect(layOut(chosen, [digits, photos], namedData([photos]), empty)).toBe(chosen);
    const second = { ...empty, data: 'given:birds', model: 'resnet20' };
    expect(layOut(second, [digits, photos, birds], '', empty)).toBe(second);
    expect(layOut(chosen, [digits], '', empty)).toBe(chosen);
  });

  it('takes data away that are gone, with what was chosen for them', () => {
    const old = { ...empty, data: 'given:elsewhere', run: 'elsewhere-1', model: 'mlp' };
    expect(layOut(old, [digits], '', empty)).toEqual(empty);
    expect(layOut(old, [digits, photos], namedData([photos]), empty)).toEqual({ ...empty, data: 'given:photos' });
    const fetched = { id: 'named:mnist', kind: 'named', present: false } as const;
    expect(layOut({ ...empty, data: 'named:mnist' }, [digits, fetched], '', empty)).toEqual(empty);
  });
});
