import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test-data.ts';
import { quick, writeColours, writePool } from './colours.ts';
import { fovea } from './fovea.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = temporaryFolder();
const at = (...steps: string[]) => join(folder, ...steps);
const json = (...steps: string[]) => JSON.parse(readFileSync(at(...steps), 'utf8'));

beforeAll(async () => {
  await writeColours(at('photos'), ['blue', 'green', 'red'], 15);
  await writePool(at('pool'));
  // Decided before there was a project.
  await fovea(folder, ['data', 'fix', 'photos', '--exclude', 'red/0.png']);
  const made = await fovea(folder, ['project', 'new', 'leaves', '--data', 'photos', '--json']);
  if (made.code !== 0) throw new Error(made.stderr);
}, 60_000);

describe('a project', () => {
  it('refers to data where they are, and takes the fixes along that they had', () => {
    expect(json('leaves', 'project.json')).toMatchObject({
      format: 'fovea-project',
      version: 1,
      name: 'leaves',
      data: [{ name: 'photos', source: '../photos' }],
    });
    expect(readFileSync(at('leaves', 'photos.fixes.jsonl'), 'utf8')).toContain('red/0.png');
  });

  it('gives every command its data, fixes, split and runs', async () => {
    const cwd = at('leaves');
    const fixed = await fovea(cwd, ['data', 'fix', '--relabel', 'red/1.png=blue', '--json']);
    expect(fixed.json.fixes).toHaveLength(2);
    expect(readFileSync(at('photos.fixes.jsonl'), 'utf8')).not.toContain('relabel');
    const split = await fovea(cwd, ['data', 'split', '--json']);
    expect(split.json.images).toMatchObject({ train: 31, val: 7, test: 6 });
    expect(json('leaves', 'photos.split.json').data).toBe('project:photos');
    expect((await fovea(cwd, ['data', 'show', '--json'])).json.parts.train.count).toBe(44);
    expect((await fovea(cwd, ['data', 'doctor', 'project:photos', '--json'])).json.pictures).toBe(44);

    // From below, and by name.
    mkdirSync(at('leaves', 'notes', 'deep'), { recursive: true });
    const trained = await fovea(at('leaves', 'notes', 'deep'), ['train', ...quick]);
    expect(trained.stderr).toContain('Project leaves in ../..'.replaceAll('/', join('a', 'b')[1]));
    expect(trained.json).toMatchObject({ split: split.json.hash });
    expect(readdirSync(at('leaves', 'runs'))).toEqual(['photos-linear-1']);
    const { data } = json('leaves', 'runs', 'photos-linear-1', 'run.json');
    expect(data).toMatchObject({
      source: 'project:photos',
      images: { train: 31 },
      split: { file: './photos.split.json' },
    });
    expect(data.classNames).toEqual(['blue', 'green', 'red']);

    const tested = await fovea(cwd, ['test', 'photos-linear-1', '--json']);
    expect(tested.json).toMatchObject({ images: 6, look: { number: 1 }, split: split.json.hash });
    expect((await fovea(folder, ['runs', '--project', 'leaves', '--json'])).json.runs).toHaveLength(1);
    const again = await fovea(cwd, ['train', '--seed', '2', ...quick]);
    expect(again.json).toMatchObject({ run: join('runs', 'photos-linear-2') });
    const compared = await fovea(cwd, ['runs', 'compare', 'photos-linear-1', 'photos-linear-2', '--json']);
    expect(compared.json).toMatchObject({ runs: [{ seed: 1 }, { seed: 2 }] });
    rmSync(at('leaves', 'runs', 'photos-linear-2'), { recursive: true });
    const classified = await fovea(cwd, ['classify', 'photos-linear-1', join('..', 'pool'), '--json']);
    expect(classified.lines).toHaveLength(9);
    const shown = await fovea(cwd, ['project', 'show', '--json']);
    expect(shown.json).toMatchObject({
      runs: 1,
      data: [{ name: 'photos', there: true, fixes: 2, added: 0, split: split.json.hash }],
    });
    expect(readdirSync(cwd).sort()).toEqual([
      'notes',
      'photos.fixes.jsonl',
      'photos.split.json',
      'project.json',
      'runs',
    ]);
  });

  it('keeps what was added to its data to itself', async () => {
    const cwd = at('leaves');
    const words = ['label', 'photos-linear-1', join('..', 'pool'), '--accept-above', '0.3', '--json'];
    expect((await fovea(cwd, words)).json.accepted).toBe(9);
    const added = await fovea(cwd, ['data', 'add', 'photos', join('..', 'pool'), '--json']);
    expect(added.json).toMatchObject({ added: 9 });
    expect((await fovea(cwd, ['data', 'show', '--json'])).json.parts.train.count).toBe(53);
    expect((await fovea(folder, ['data', 'show', 'photos', '--json'])).json.parts.train.count).toBe(44);
    expect((await fovea(cwd, ['data', 'add', 'photos', '--undo'])).code).toBe(0);
  });

  it('means the same after it has moved, and says where data have gone', async () => {
    mkdirSync(at('shelf'));
    renameSync(at('leaves'), at('shelf', 'leaves'));
    const cwd = at('shelf', 'leaves');
    const lost = await fovea(cwd, ['train', '--resume', 'photos-linear-1', '--epochs', '16']);
    expect([lost.code, lost.stderr]).toEqual([1, expect.stringMatching(/photos/)]);
    expect((await fovea(cwd, ['project', 'show'])).stdout).toContain('npx fovea project add PATH --name photos');
    await fovea(cwd, ['project', 'add', join('..', '..', 'photos'), '--name', 'photos']);
    expect(json('shelf', 'leaves', 'project.json').data).toEqual([{ name: 'photos', source: '../../photos' }]);
    const moved = await fovea(cwd, ['train', '--resume', 'photos-linear-1', '--epochs', '16', '--json']);
    expect(moved.json.epochs).toHaveLength(16);
    renameSync(at('shelf', 'leaves'), at('leaves'));
    await fovea(at('leaves'), ['project', 'add', join('..', 'photos'), '--name', 'photos']);
    // From anywhere: the run knows its project by where it lies.
    const run = join('leaves', 'runs', 'photos-linear-1');
    expect((await fovea(folder, ['train', '--resume', run, '--epochs', '17', '--json'])).json.epochs).toHaveLength(17);
    expect((await fovea(folder, ['test', run, '--json'])).json.look.number).toBe(2);
  });

  it('asks which data are meant where there are several, and takes others by path', async () => {
    const cwd = at('leaves');
    await fovea(cwd, ['project', 'add', 'digits']);
    const unclear = await fovea(cwd, ['train']);
    expect([unclear.code, unclear.stderr]).toEqual([1, expect.stringContaining('There are: photos, digits')]);
    expect((await fovea(cwd, ['data', 'show', 'photo'])).stderr).toContain("Did you mean 'photos'?");
    await writeColours(at('leaves', 'mine'), ['a', 'b'], 4);
    expect((await fovea(cwd, ['data', 'show', 'mine', '--json'])).json.classNames).toEqual(['a', 'b']);
  });

  it('changes nothing outside, and minds no project.json of others', async () => {
    mkdirSync(at('other', 'in'), { recursive: true });
    writeFileSync(at('other', 'project.json'), '{"version": "1.0.0", "dependencies": {}}');
    const outside = await fovea(at('other', 'in'), ['train']);
    expect([outside.code, outside.stderr]).toEqual([2, expect.stringContaining('Expected data to train on')]);
    const shown = await fovea(at('other', 'in'), ['data', 'show']);
    expect([shown.code, shown.stderr]).toEqual([2, expect.stringContaining("Expected <data> for 'fovea data show'")]);
    expect((await fovea(at('other'), ['project', 'show'])).code).toBe(2);
    expect((await fovea(folder, ['project', 'new', 'leaves'])).stderr).toContain('which holds one');
    expect((await fovea(folder, ['project', 'new', 'x', '--data', 'nowhere'])).stderr).toContain('is not there');
    expect(existsSync(at('x'))).toBe(false);
  });

  it('refuses a file that is broken, newer or made to harm', async () => {
    for (const [name, text, message] of [
      ['cut', '{"format": "fovea-project", "ver', 'Expected JSON text'],
      ['newer', '{"format": "fovea-project", "version": 2}', 'written by a newer Fovea'],
      [
        'evil',
        JSON.stringify({ ...json('leaves', 'project.json'), data: [{ name: '../../x', source: 'digits' }] }),
        'a name that every system takes',
      ],
    ]) {
      mkdirSync(at(name));
      writeFileSync(at(name, 'project.json'), text);
      const { code, stderr } = await fovea(at(name), ['data', 'show']);
      expect([code, stderr]).toEqual([1, expect.stringContaining(message)]);
    }
  });
});

describe('two writers', () => {
  it.skipIf(process.platform === 'win32')(
    'of one project: the second is refused, and a lock left behind is told',
    async () => {
      cpSync(at('leaves'), at('twice'), { recursive: true });
      const cwd = at('twice');
      let second: Promise<Awaited<ReturnType<typeof fovea>>> | undefined;
      let resumed: typeof second;
      const words = ['train', 'photos', '--model', 'linear', '--size', '8', '--epochs', '100000', '--out', 'long'];
      await fovea(cwd, words, (text, kill) => {
        if (!text.includes('val loss') || second) return;
        second = fovea(cwd, ['data', 'fix', 'photos', '--exclude', 'red/2.png']);
        resumed = fovea(folder, ['train', '--resume', join('twice', 'long')]);
        void Promise.all([second, resumed]).finally(() => kill('SIGKILL'));
      });
      const refused = await second!;
      expect(refused.code).toBe(1);
      expect(refused.stderr).toMatch(
        /Expected no other writer for project 'leaves' but received process \d+, which is at 'fovea train' there/,
      );
      expect((await resumed!).stderr).toContain('no other writer');
      expect(existsSync(at('twice', 'project.lock'))).toBe(true);
      const after = await fovea(cwd, ['data', 'split', 'photos']);
      expect(after.code).toBe(0);
      expect(existsSync(at('twice', 'project.lock'))).toBe(false);
      const onward = await fovea(cwd, ['train', '--resume', 'long', '--epochs', '1', '--json']);
      expect(onward.stderr.replace(/\s+/g, ' ')).toMatch(
        /Took over a lock of run '.*long' that was left behind: process \d+ is no more/,
      );
    },
  );

  it.skipIf(process.platform === 'win32')('of one run outside of a project', async () => {
    let second: ReturnType<typeof fovea> | undefined;
    const words = ['train', 'photos', '--model', 'linear', '--size', '8', '--epochs', '100000', '--out', 'alone'];
    const first = await fovea(folder, words, (text, kill) => {
      if (!text.includes('val loss') || second) return;
      second = fovea(folder, ['train', '--resume', 'alone', '--json']);
      void second.finally(() => kill('SIGINT'));
    });
    expect((await second!).stderr).toMatch(/Expected no other writer for run 'alone'/);
    expect(first.stdout).toContain('everything is saved');
    expect(readdirSync(at('alone'))).not.toContain('run.lock');
  });

  it('of an --out that cannot be written: told before the data are read', async () => {
    writeFileSync(at('plain'), '');
    const { code, stderr } = await fovea(folder, ['train', 'nowhere', '--out', join('plain', 'run')]);
    expect([code, stderr]).toEqual([1, expect.stringContaining('Expected a folder that can be made')]);
    const split = await fovea(folder, ['data', 'split', 'photos', '--out', join('plain', 's.json')]);
    expect(split.stderr).toContain('Expected a folder that can be written in');
  });
});
