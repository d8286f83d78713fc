import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { Storage } from '../../src/core/workbench/storage.ts';
import { createWorkbench } from '../../src/core/workbench/workbench.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { temporaryFolder } from '../test-data.ts';
import { colourPng, trainColours, writeColours, writePool } from './colours.ts';
import { fovea } from './fovea.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = temporaryFolder();
const at = (...steps: string[]) => join(folder, ...steps);
// Names that some system or shell takes for something else.
const classes = process.platform === 'win32' ? ['=red', '-green', 'blue'] : ['con', 'a:b\n', '=1+1'];

/** All files below a folder, with slashes, sorted. */
const tree = (name: string): string[] =>
  (readdirSync(at(name), { recursive: true }) as string[])
    .filter((file) => statSync(at(name, file)).isFile())
    .map((file) => file.split(sep).join('/'))
    .sort();

beforeAll(async () => {
  await writeColours(at('data'), classes);
  await trainColours(folder, 'data', 'run');
  await writePool(at('pool'), 2);
  // The same name for another picture, and for the same one.
  mkdirSync(at('pool', 'more'));
  writeFileSync(at('pool', 'more', '0-0.png'), await colourPng(0, 999));
  writeFileSync(at('pool', 'more', '1-0.png'), readFileSync(at('pool', '1-0.png')));
  writeFileSync(at('pool', 'broken.png'), 'no picture');
}, 60_000);

describe('classify --sort-into', () => {
  it('copies into safe class folders, keeps both of one name, and says what went where', async () => {
    const before = tree('pool');
    const done = await fovea(folder, ['classify', 'run', 'pool', '--sort-into', 'out', '--csv', 'o.csv', '--json']);
    // A file that cannot be read.
    expect(done.code).toBe(1);
    expect(tree('pool')).toEqual(before);
    const made = tree('out');
    expect(made).toHaveLength(7);
    for (const name of new Set(made.map((file) => file.split('/')[0]))) {
      expect(['_con', 'a_b_', '=1+1', '=red', '_green', 'blue']).toContain(name);
    }
    expect(made.filter((file) => /\/0-0(-[0-9a-f]{8})?\.png$/.test(file))).toHaveLength(2);
    expect(made.filter((file) => file.endsWith('/1-0.png'))).toHaveLength(1);
    expect(done.json.files).toHaveLength(9);
    expect(done.json.folders.map((one: { copied: number; there: number }) => [one.copied, one.there]).sort()).toEqual([
      [2, 0],
      [2, 1],
      [3, 0],
    ]);
    expect(done.json.interrupted).toBe(false);
    for (const file of done.json.files) if (file.copied) expect(existsSync(at(file.to))).toBe(true);
    const csv = readFileSync(at('o.csv'), 'utf8');
    expect(csv.split('\r\n')[0]).toBe(
      'file,class 1,probability 1,class 2,probability 2,class 3,probability 3,copied to,error',
    );
    expect(csv).toContain("'=");
    expect(csv).not.toMatch(/,=/);
  });

  it('copies nothing twice and overwrites nothing', async () => {
    const before = tree('out');
    const mine = join(before[0].split('/')[0], 'mine.txt');
    writeFileSync(at('out', mine), 'mine');
    writeFileSync(at('out', before[0]), 'changed by me');
    const again = await fovea(folder, ['classify', 'run', 'pool', '--sort-into', 'out']);
    expect(again.stdout).toMatch(/Copied 1 picture into out, 7 lay there before\. The originals are where they were\./);
    expect(readFileSync(at('out', before[0]), 'utf8')).toBe('changed by me');
    expect(readFileSync(at('out', mine), 'utf8')).toBe('mine');
    expect(tree('out')).toHaveLength(before.length + 2);
  });

  it('sends what it is not sure of to a folder of its own', async () => {
    const all = await fovea(folder, [
      ...['classify', 'run', 'pool', '--sort-into', 'sure', '--min-probability', '0.9999999', '--json'],
    ]);
    expect(all.json.folders.map((one: { folder: string }) => one.folder)).toEqual([join('sure', '_uncertain')]);
    const none = await fovea(folder, ['classify', 'run', 'pool', '--min-probability', '0.5']);
    expect([none.code, none.stderr]).toEqual([2, expect.stringContaining('Expected --sort-into')]);
  });

  it('refuses a file, and a place that cannot be written, before it works', async () => {
    writeFileSync(at('plain'), '');
    for (const into of ['plain', join('plain', 'x')]) {
      const { code, stderr } = await fovea(folder, ['classify', 'run', 'pool', '--sort-into', into]);
      expect([code, stderr]).toEqual([1, expect.stringMatching(/'plain|is a file, not a folder/)]);
    }
  });

  it('tells of an interruption, and goes on after it', async () => {
    await writePool(at('many'), 12);
    const stop = new AbortController();
    let copies = 0;
    const storage: Storage = {
      ...nodeAdapters.storage,
      async create(path, content) {
        if (++copies === 20) stop.abort();
        return nodeAdapters.storage.create(path, content);
      },
    };
    const request = { run: at('run'), paths: [at('many')], into: at('part'), threads: 1 };
    const { signal } = stop;
    const stopped = await createWorkbench({ ...nodeAdapters, storage }).sort(request, { signal });
    expect(stopped).toMatchObject({ interrupted: true, files: { length: 20 } });
    expect(tree('part')).toHaveLength(20);
    const { interrupted, folders } = await createWorkbench(nodeAdapters).sort(request);
    expect(interrupted).toBe(false);
    expect([folders.reduce((sum, one) => sum + one.there, 0), tree('part').length]).toEqual([20, 36]);
  });
});
