import { describe, expect, it } from 'vitest';
import { memoryStorage } from '../../../tests/memory-storage.ts';
import { readClassWeights } from './class-weights.ts';
import { looksFile, readLooks, recordLook } from './looks.ts';

const look = (run: string, test = 'sha256:1') => ({ at: '2026-01-02T03:04:05Z', run, test, images: 9, accuracy: 0.5 });

describe('recordLook', () => {
  it('counts looks at the same pictures, by any run of a folder or its model file', async () => {
    const files = new Map([
      ['runs/a/run.json', '{}'],
      ['runs/a/best.safetensors', ''],
      ['runs/b/run.json', '{}'],
    ]);
    const storage = memoryStorage(files);
    const numbers: number[] = [];
    for (const one of [look('runs/a'), look('runs/b'), look('runs/a', 'other'), look('runs/a/best.safetensors')]) {
      numbers.push((await recordLook(storage, one)).look.number);
    }
    expect(numbers).toEqual([1, 2, 1, 3]);
    expect((await readLooks(storage, `runs/a/${looksFile}`)).map(({ number }) => number)).toEqual([1, 1, 3]);
    expect(await readLooks(storage, `runs/${looksFile}`)).toHaveLength(4);
    expect((await readLooks(storage, `runs/${looksFile}`))[0]).toEqual({ number: 1, ...look('runs/a') });
    // Removing one of both lists does not begin anew.
    files.delete(`runs/${looksFile}`);
    expect((await recordLook(storage, look('runs/a'))).look.number).toBe(4);
  });

  it('counts looks of a model file by itself in its folder, and passes over lines that are cut', async () => {
    const files = new Map([['models/best.safetensors', '']]);
    const storage = memoryStorage(files);
    await recordLook(storage, look('models/best.safetensors'));
    files.set(`models/${looksFile}`, `${files.get(`models/${looksFile}`)}{"number": 7, "te`);
    expect((await recordLook(storage, look('models/best.safetensors'))).look.number).toBe(2);
  });

  it('says why it could not be written down', async () => {
    const storage = memoryStorage(new Map([['runs/a/run.json', '{}']]), false);
    const { look: seen, problem } = await recordLook(storage, look('runs/a'));
    expect(seen.number).toBe(1);
    expect(problem).toMatch(/received no permission/);
  });
});

describe('readClassWeights', () => {
  const read = (text: string): Promise<number[]> =>
    readClassWeights(memoryStorage(new Map([['w.json', text]])), 'w.json', ['cat', 'dog']);

  it('takes names or a list', async () => {
    expect(await read('{"dog": 2.5}')).toEqual([1, 2.5]);
    expect(await read('[1, 0]')).toEqual([1, 0]);
  });

  it.each([
    ['{"cta": 2}', /Did you mean 'cat'/],
    ['{"cat": -1}', /a number of at least 0 for 'cat' of the class weights in 'w\.json' but received -1/],
    ['{"cat": "2"}', /a number of at least 0/],
    ['cat: 2', /JSON such as/],
    ['null', /JSON such as/],
  ])('refuses %s', async (text, message) => {
    await expect(read(text)).rejects.toThrow(message);
  });
});
