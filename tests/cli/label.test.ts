import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { createWorkbench } from '../../src/core/workbench/workbench.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { temporaryFolder } from '../test-data.ts';
import { quick, trainColours, writeColours, writePool } from './colours.ts';
import { fovea } from './fovea.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = temporaryFolder();
const at = (...steps: string[]) => join(folder, ...steps);
const linesOf = (file: string) =>
  readFileSync(at(file), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  await writeColours(at('data'), ['blue', 'green', 'red']);
  await trainColours(folder, 'data', 'run');
  await writePool(at('pool'));
  mkdirSync(at('pool', 'sub'));
  writeFileSync(at('pool', 'sub', 'copy.png'), readFileSync(at('pool', '0-0.png')));
  writeFileSync(at('pool', '=1+1 \u001b[2J.png'), 'no picture');
}, 60_000);

describe('fovea label', () => {
  it('lists suggestions least certain first, and writes nothing', async () => {
    const { code, json } = await fovea(folder, ['label', 'run', 'pool', '--json']);
    expect(code).toBe(0);
    expect(json).toMatchObject({ order: 'margin', pictures: 9, copies: 1, standing: { labels: 0 } });
    const margins = json.suggestions.map((one: { margin: number }) => one.margin);
    expect(margins).toEqual([...margins].sort((a, b) => a - b));
    const [{ top, margin }] = json.suggestions;
    expect(margin).toBeCloseTo(top[0].probability - top[1].probability);
    expect(json.skipped).toHaveLength(1);
    expect(existsSync(at('pool.labels.jsonl'))).toBe(false);
    const { stdout } = await fovea(folder, ['label', 'run', 'pool']);
    expect(stdout).toContain('Least certain first');
    expect(stdout).not.toContain('\u001b[2J');
  });

  it('takes decisions from a table, refuses wrong ones whole, and takes them back', async () => {
    writeFileSync(at('d.csv'), 'file,class,exclude\n0-0.png,blue,\n"1-0.png",green,\n2-0.png,,yes\n2-1.png,,\n');
    const before = readdirSync(at('pool')).sort();
    const done = await fovea(folder, ['label', 'run', 'pool', '--decisions', 'd.csv', '--json']);
    expect(done.json).toMatchObject({ decided: 3, standing: { labels: 2, machine: 0, excluded: 1 } });
    expect(done.json.suggestions).toHaveLength(6);
    expect(readdirSync(at('pool')).sort()).toEqual(before);
    const [head, first] = linesOf('pool.labels.jsonl');
    expect(head).toEqual({ format: 'fovea-labels', version: 1 });
    expect(first).toMatchObject({ label: 'class', class: 'blue', file: '0-0.png', by: 'person', run: 'run' });
    expect(first.hash).toMatch(/^[0-9a-f]{64}$/);

    for (const [row, message] of [
      ['0-0.png,cat', "Expected one of the classes blue, green, red for line 3 of 'bad.csv' but received 'cat'"],
      ['../../etc/passwd,blue', 'Expected a picture of the pool for line 3'],
    ]) {
      writeFileSync(at('bad.csv'), `file,class\n1-1.png,green\n${row}\n`);
      const bad = await fovea(folder, ['label', 'run', 'pool', '--decisions', 'bad.csv']);
      expect([bad.code, bad.stderr]).toEqual([1, expect.stringContaining(message)]);
    }
    expect(linesOf('pool.labels.jsonl')).toHaveLength(4);
    const undone = await fovea(folder, ['label', 'run', 'pool', '--undo']);
    expect(undone.stdout).toContain('Taken back: 3 labels made at once. 0 labels in');
    expect((await fovea(folder, ['label', 'run', 'pool', '--undo'])).stderr).toContain(
      'There is no label to take back',
    );
  });

  it('takes the word of the model and says that nobody looked', async () => {
    await fovea(folder, ['label', 'run', 'pool', '--decisions', 'd.csv', '--json']);
    const { stdout } = await fovea(folder, ['label', 'run', 'pool', '--accept-above', '0.2']);
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'for 6 pictures of probability 0.2 and more. These are machine labels: nobody looked at them',
    );
    expect(linesOf('pool.labels.jsonl').filter(({ by }) => by === 'machine')).toHaveLength(6);
  });

  it('keeps labels when the pool is renamed', async () => {
    renameSync(at('pool'), at('renamed'));
    const { json, stderr } = await fovea(folder, ['label', 'run', 'renamed', '--json']);
    expect(stderr).toContain('Took over the labels of');
    expect(json).toMatchObject({ standing: { labels: 8, machine: 6, excluded: 1 }, suggestions: [] });
    renameSync(at('renamed'), at('pool'));
  });

  it('lets one writer in at a time', async () => {
    const { label } = createWorkbench(nodeAdapters);
    const request = { run: at('run'), pool: at('pool'), threads: 1 };
    const open = await label(request);
    const second = await fovea(folder, ['label', 'run', 'pool', '--accept-above', '0.5']);
    expect(second.code).toBe(1);
    expect(second.stderr).toContain(`but received process ${process.pid}, which is at 'fovea label' there since`);
    // Looking is allowed.
    expect((await fovea(folder, ['label', 'run', 'pool', '--json'])).code).toBe(0);
    await open.close();
    expect(readdirSync(folder).filter((name) => name.includes('.lock'))).toEqual([]);
  });
});

describe('fovea data add', () => {
  const shown = async (data = 'data') => (await fovea(folder, ['data', 'show', data, '--json'])).json;

  it('lets labelled pictures count to the data, which training sees', async () => {
    const before = await shown();
    const added = await fovea(folder, ['data', 'add', 'data', 'pool', '--json']);
    expect(added.json).toMatchObject({ added: 8, changed: 0, removed: 0, pictures: 8, byMachine: 6 });
    const after = await shown();
    expect(after.parts.train.count).toBe(before.parts.train.count + 8);
    expect(after.notes.join()).toContain(
      "Added 8 labelled pictures of the pool './pool' to train, 6 of them with labels that a model gave",
    );
    const trained = await fovea(folder, ['train', 'data', '--out', 'more', ...quick]);
    const { data, why } = JSON.parse(readFileSync(at('more', 'run.json'), 'utf8'));
    expect(data.images.train + data.images.val).toBe(before.parts.train.count + 8);
    expect(why.join()).toContain('Added 8 labelled pictures');
    expect(trained.code).toBe(0);
    expect((await fovea(folder, ['data', 'add', 'data', 'pool', '--json'])).json).toMatchObject({
      added: 0,
      pictures: 8,
    });
  });

  it('finds them by content wherever they lie in the pool, and says what is missing', async () => {
    renameSync(at('pool', '1-0.png'), at('pool', 'sub', 'other name.png'));
    expect((await shown()).parts.train.count).toBe(44);
    renameSync(at('pool'), at('away'));
    const lost = await shown();
    expect(lost.parts.train.count).toBe(36);
    expect(lost.notes.join()).toContain("Left out 8 added pictures that are not in the pool './pool'");
    // The pool under its new name takes its place.
    await fovea(folder, ['label', 'run', 'away', '--decisions', 'd.csv', '--json']);
    renameSync(at('away'), at('pool'));
  });

  it('obeys fixes that name them or rename their class, and takes back', async () => {
    const fix = (...words: string[]) => fovea(folder, ['data', 'fix', 'data', ...words]);
    expect((await fix('--exclude', 'added/pool/1-1.png')).code).toBe(0);
    expect((await fix('--rename', 'blue=azure')).code).toBe(0);
    const { parts, classNames } = await shown();
    expect(classNames).toContain('azure');
    expect(parts.train.count).toBe(43);
    await fovea(folder, ['data', 'add', 'data', '--undo']);
    expect((await shown()).parts.train.count).toBe(36);
  });

  it('refuses what is no pool, and arrays', async () => {
    const refused = async (words: string[]) => (await fovea(folder, ['data', 'add', ...words])).stderr;
    expect(await refused(['data', 'data'])).toContain('Label it: fovea label RUN data');
    expect(await refused(['digits', 'pool'])).toContain('Built-in sets take none');
    expect(await refused(['data'])).toContain('Expected a pool or --undo');
  });
});
