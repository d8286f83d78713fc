import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test-data.ts';
import { quick, writeColours, writePool } from './colours.ts';
import { fovea } from './fovea.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = temporaryFolder();
const at = (...steps: string[]) => join(folder, ...steps);
const json = (...steps: string[]) => JSON.parse(readFileSync(at(...steps), 'utf8'));

beforeAll(async () => {
  await writeColours(at('photos'), ['blue', 'green', 'red'], 10);
  await writePool(at('pool'));
  writeFileSync(at('secret.png'), 'mine');
  if (process.platform !== 'win32') symlinkSync(at('secret.png'), at('photos', 'red', 'link.png'));
  const words = [
    ['project', 'new', 'leaves', '--data', 'photos', 'digits'],
    ['data', 'fix', 'photos', '--exclude', 'red/0.png', '--project', 'leaves'],
    ['data', 'split', 'photos', '--project', 'leaves'],
    ['train', 'photos', '--project', 'leaves', ...quick],
    ['label', 'photos-linear-1', 'pool', '--project', 'leaves', '--accept-above', '0.2'],
    ['data', 'add', 'photos', 'pool', '--project', 'leaves'],
  ];
  for (const line of words) {
    const { code, stderr } = await fovea(folder, line);
    if (code !== 0) throw new Error(stderr);
  }
}, 120_000);

describe('a project as one file', () => {
  it('goes to another place whole, with data and runs', async () => {
    const out = await fovea(folder, [
      ...['project', 'export', 'all.zip', '--with-data', '--with-runs', '--project', 'leaves', '--json'],
    ]);
    expect(out.json).toMatchObject({ runs: 1, data: ['photos'] });
    if (process.platform !== 'win32') expect(out.json.notes.join()).toContain('a link out of the folder');
    expect((await fovea(folder, ['project', 'export', 'all.zip', '--project', 'leaves'])).stderr).toContain('already');

    const away = at('away');
    mkdirSync(away);
    const opened = await fovea(away, ['project', 'open', at('all.zip'), 'mine', '--json']);
    expect(opened.json).toMatchObject({
      name: 'leaves',
      runs: 1,
      data: ['photos', 'digits'],
      missing: [],
      ignored: [],
    });
    expect(opened.json.decisions).toEqual(['photos.added.jsonl', 'photos.fixes.jsonl', 'photos.split.json']);
    expect(json('away', 'mine', 'project.json').data).toEqual([
      { name: 'photos', source: './data/photos' },
      { name: 'digits', source: 'digits' },
    ]);
    expect(readdirSync(away)).toEqual(['mine']);
    expect(existsSync(join(away, 'mine', 'data', 'photos', 'red', 'link.png'))).toBe(false);
    const cwd = join(away, 'mine');
    const tested = await fovea(cwd, ['test', 'photos-linear-1', '--json']);
    expect(tested.json.split).toBe(json('leaves', 'photos.split.json').hash);
    const shown = await fovea(cwd, ['data', 'show', 'photos', '--json']);
    expect(shown.json.parts.train.count).toBe(29 + 9);
    // The same pictures: the run goes on, which compares their hashes.
    const onward = await fovea(cwd, ['train', '--resume', 'photos-linear-1', '--epochs', '16', '--json']);
    expect(onward.json.epochs).toHaveLength(16);
  });

  it('goes without data and runs, and asks for the data where it is opened', async () => {
    const out = await fovea(folder, ['project', 'export', 'small.zip', '--project', 'leaves', '--json']);
    expect(out.json).toMatchObject({ files: 3, runs: 0, data: [] });
    expect(readFileSync(at('small.zip')).includes(Buffer.from(folder))).toBe(false);
    const opened = await fovea(folder, ['project', 'open', 'small.zip', 'small']);
    expect(opened.stdout).toContain('npx fovea project add PATH --name photos --project small');
    expect((await fovea(at('small'), ['train', 'photos'])).stderr).toMatch(
      /The data 'photos' of this project are not there|photos/,
    );
    await fovea(folder, ['project', 'add', 'photos', '--name', 'photos', '--project', 'small']);
    expect((await fovea(at('small'), ['train', 'photos', ...quick])).json.split).toBe(
      json('leaves', 'photos.split.json').hash,
    );
  });

  it('writes the same file twice', async () => {
    await fovea(folder, ['project', 'export', 'again.zip', '--project', 'leaves']);
    expect(readFileSync(at('again.zip')).equals(readFileSync(at('small.zip')))).toBe(true);
  });
});

const project = (data: object[] = []): string =>
  JSON.stringify({ format: 'fovea-project', version: 1, fovea: '0.1.0', name: 'evil\u001b[2J', created: 'now', data });

/** Opens a zip file of these members. */
async function openZip(members: Record<string, string>) {
  const bytes = Object.fromEntries(Object.entries(members).map(([name, text]) => [name, strToU8(text)]));
  writeFileSync(at('evil.zip'), zipSync(bytes));
  rmSync(at('evil'), { recursive: true, force: true });
  return fovea(folder, ['project', 'open', 'evil.zip', 'evil', '--json']);
}

describe('a project file made to harm', () => {
  it('writes nothing beside its folder and nothing that is no part of a project', async () => {
    const before = readdirSync(folder).length;
    const {
      code,
      json: opened,
      stderr,
    } = await openZip({
      'project.json': project(),
      '../out.json': 'x',
      '/abs.json': 'x',
      'data/../../out2': 'x',
      'data\\..\\..\\out3': 'x',
      'C:\\out4': 'x',
      '.bashrc': 'x',
      'node_modules/fovea/index.js': 'x',
      'runs/a/run.json': '{}',
      'runs/a/evil.sh': 'x',
      'sweeps/a/evil.sh': 'x',
      'sweeps/a/001/evil/run.json': '{}',
      'runs/con/run.json': '{}',
      'data/a/nul.txt': 'x',
      'data/a/x.png': 'x',
      'data/a/X.png': 'y',
      'project.lock': 'x',
      'data/a/project.json': '{}',
      'pools/a/b.added.jsonl': 'x',
      'a.fixes.jsonl': '{"format":"fovea-fixes","version":1}\n',
    });
    expect([code, stderr]).toEqual([0, expect.not.stringContaining('\u001b[2J')]);
    expect(opened.ignored).toHaveLength(16);
    expect((readdirSync(at('evil'), { recursive: true }) as string[]).sort()).toEqual([
      'a.fixes.jsonl',
      'data',
      join('data', 'a'),
      join('data', 'a', 'x.png'),
      'project.json',
      'runs',
      join('runs', 'a'),
      join('runs', 'a', 'run.json'),
    ]);
    expect(readdirSync(folder).length).toBeLessThanOrEqual(before + 2);
  });

  it('refers to nothing of this machine', async () => {
    const sources = ['/etc', '../photos', '\\\\host\\share', '//host/share', './data/x', './runs', 'digits'];
    const line = (pool: string) =>
      JSON.stringify({
        add: 'picture',
        hash: 'a'.repeat(64),
        file: 'x.png',
        pool,
        class: 'a',
        by: 'person',
        batch: 1,
        at: '',
      });
    const { json: opened } = await openZip({
      'project.json': project(sources.map((source, i) => ({ name: `d${i}`, source }))),
      'data/x/a/1.png': 'x',
      'd4.added.jsonl': [
        '{"format":"fovea-added","version":1}',
        ...['/etc', '../pool', './pools/../../x', './pools/p'].map(line),
      ].join('\n'),
    });
    expect(opened.missing).toEqual(['d0', 'd1', 'd2', 'd3', 'd5']);
    const kept = readFileSync(at('evil', 'd4.added.jsonl'), 'utf8');
    expect(kept).not.toMatch(/etc|\.\.\//);
  });

  it('is refused whole where it is a bomb, no project, or too much', async () => {
    const bomb = await openZip({ 'project.json': project(), 'data/a/b.png': '0'.repeat(40e6) });
    expect(bomb.json.ignored[0].reason).toContain('would unpack to');
    expect(existsSync(at('evil', 'data'))).toBe(false);
    for (const [members, message] of [
      [{ 'readme.txt': 'x' }, 'without project.json'],
      [{ 'project.json': '{"name": "npm"}' }, 'Expected a project of Fovea'],
      [{ 'project.json': project([{ name: '..', source: 'digits' }]) }, 'a name that every system takes'],
      [{ 'project.json': project(), 'x.added.jsonl': 'no lines' }, 'a line of JSON'],
    ] as const) {
      const { code, stderr } = await openZip(members);
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
      expect(existsSync(at('evil'))).toBe(false);
    }
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
    writeFileSync(at('no.zip'), 'PK\u0003\u0004 cut short');
    expect((await fovea(folder, ['project', 'open', 'no.zip', 'x'])).code).toBe(1);
    const small = await fovea(folder, ['project', 'open', 'all.zip', 'x', '--limit', '0.00001']);
    expect([small.code, small.stderr]).toEqual([1, expect.stringContaining('unpacked bytes')]);
    expect((await fovea(folder, ['project', 'open', 'all.zip', 'photos'])).stderr).toContain('holds something');
    expect(existsSync(at('x'))).toBe(false);
  });
});
