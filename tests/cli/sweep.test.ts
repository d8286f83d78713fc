import { readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { createWorkbench } from '../../src/core/workbench/workbench.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { temporaryFolder } from '../test-data.ts';
import { fovea, writeBars } from './fovea.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = temporaryFolder();
writeBars(join(folder, 'bars'), 600);
interface Swept {
  id: string;
  values: Record<string, unknown>;
  mean: number;
  rung: number;
  trials: { run: string; epochs: number; status: string }[];
}
const stateOf = (run: string) => readFileSync(join(folder, run, 'best.safetensors'));

it('sweeps a grid with seeds; each run has the bits of a training by itself', async () => {
  const grid = ['--grid', 'lr=0.01,0.00001;optimizer.weightDecay=0,0.1', '--seeds', '2', '--jobs', '3'];
  const swept = await fovea(folder, [
    'sweep',
    'bars',
    '--model',
    'linear',
    '--epochs',
    '2',
    ...grid,
    '--out',
    'grid',
    '--html',
    'sweep.html',
    '--json',
  ]);
  expect(swept.stderr).toContain('Best: ');
  expect(swept.code).toBe(0);
  const settings: Swept[] = swept.json.settings;
  expect(settings).toHaveLength(4);
  expect(settings.map(({ mean }) => mean)).toEqual(settings.map(({ mean }) => mean).sort((a, b) => a - b));
  expect(settings[0].values.lr).toBe(0.01);
  expect(
    settings.every(({ trials }) => trials.length === 2 && trials.every(({ status }) => status === 'finished')),
  ).toBe(true);
  const recipe = JSON.parse(readFileSync(join(folder, 'grid', '002', 'run.json'), 'utf8')).recipe;
  expect(recipe).toMatchObject({ learningRate: 0.01, optimizer: { weightDecay: 0.1 }, seed: 1 });
  const alone = ['train', 'bars', '--model', 'linear', '--epochs', '2', '--lr', '0.01', '--weight-decay', '0.1'];
  await fovea(folder, [...alone, '--seed', '2', '--out', 'alone', '--json']);
  const reproduced = await fovea(folder, ['runs', 'compare', 'alone', join('grid', '002-s2'), '--json']);
  expect(reproduced.json.runs[0].best).toEqual({
    ...reproduced.json.runs[1].best,
    seconds: reproduced.json.runs[0].best.seconds,
  });
  const page = readFileSync(join(folder, 'sweep.html'), 'utf8');
  expect(page.match(/<svg /g)).toHaveLength(2);
  expect(page).not.toContain('<script');
});

it.skipIf(process.platform === 'win32')('goes on after a kill, and has the same results', async () => {
  const args = [
    'sweep',
    'bars',
    '--model',
    'linear',
    '--epochs',
    '3',
    '--random',
    'lr=0.0001..0.1;batch=8..64',
    '--trials',
    '5',
    '--seed',
    '4',
  ];
  const whole = await fovea(folder, [...args, '--out', 'whole', '--json']);
  let sent = false;
  await fovea(folder, [...args, '--out', 'killed', '--json'], (text, kill) => {
    if (!sent && text.includes('002')) {
      sent = true;
      kill('SIGKILL');
    }
  });
  expect(sent).toBe(true);
  const resumed = await fovea(folder, ['sweep', '--resume', 'killed', '--jobs', '1', '--json']);
  expect(resumed.code).toBe(0);
  const told = (settings: Swept[]) => settings.map(({ id, values, mean }) => ({ id, values, mean }));
  expect(told(resumed.json.settings)).toEqual(told(whole.json.settings));
  for (const id of readdirSync(join(folder, 'whole')).filter((name) => /^\d+$/.test(name))) {
    // All but the seconds, which stand in the origin: the weights are at the end.
    expect(
      stateOf(join('killed', id))
        .subarray(-400)
        .equals(stateOf(join('whole', id)).subarray(-400)),
      id,
    ).toBe(true);
  }
});

it('halves: few go on, and those are what they would be by themselves', async () => {
  const args = ['--grid', 'lr=0.00001,0.01,0.000001,0.0001', '--halving', '2', '--epochs', '4', '--out', 'halved'];
  const { json, code } = await fovea(folder, ['sweep', 'bars', '--model', 'linear', ...args, '--json']);
  expect(code).toBe(0);
  expect(json.rungs).toEqual([1, 2, 4]);
  const settings: Swept[] = json.settings;
  expect(settings.map(({ trials, rung }) => [trials[0].epochs, rung])).toEqual([
    [4, 3],
    [2, 2],
    [1, 1],
    [1, 1],
  ]);
  expect(settings[0].values.lr).toBe(0.01);
  const again = await fovea(folder, ['reproduce', settings[0].trials[0].run, '--json']);
  expect(again.json).toMatchObject({ same: true, epochs: 4 });
});

it('has a place in a project: by its data and split, moved, handed out, and counted as looks', async () => {
  const workbench = createWorkbench(nodeAdapters);
  const [home, zip, away] = ['leaves', 'leaves.zip', 'away'].map((name) => join(folder, name));
  await workbench.createProject({ folder: home, data: [join(folder, 'bars')] });
  const { hash } = await workbench.splitData({ project: home });
  const args = ['--model', 'linear', '--epochs', '2', '--grid', 'lr=0.01,0.001', '--halving', '2', '--json'];
  const swept = await fovea(home, ['sweep', ...args]);
  expect([swept.code, swept.json.sweep]).toEqual([0, join('sweeps', 'bars-1')]);
  expect(swept.stderr).toContain('Project leaves');
  expect(JSON.parse(readFileSync(join(home, 'sweeps', 'bars-1', 'sweep.json'), 'utf8'))).toMatchObject({
    data: 'project:bars',
    base: { split: './bars.split.json' },
  });
  const best = join(home, 'sweeps', 'bars-1', swept.json.settings[0].id);
  const description = JSON.parse(readFileSync(join(best, 'run.json'), 'utf8'));
  expect(description.data).toMatchObject({ source: 'project:bars', split: { hash } });

  const alone = await workbench.train({ project: home, model: 'linear', epochs: 1 });
  expect((await workbench.test({ run: best })).look.number).toBe(1);
  expect((await workbench.test({ run: alone.run })).look.number).toBe(2);
  expect((await workbench.test({ run: best })).look.number).toBe(3);

  const exported = await workbench.exportProject({ project: home, file: zip, withRuns: true, withData: true });
  expect(exported.runs).toBe(3);
  renameSync(home, join(folder, 'gone'));
  const opened = await workbench.openProjectFile({ file: zip, folder: away });
  expect([opened.runs, opened.ignored]).toEqual([3, []]);
  rmSync(join(away, 'sweeps', 'bars-1', '002'), { recursive: true });
  // By name, from elsewhere: what is missing is trained, to the same numbers.
  const again = await workbench.sweep({ resume: 'bars-1', project: away });
  expect(again.sweep).toBe(join(away, 'sweeps', 'bars-1'));
  expect(again.settings.map(({ id, mean }) => [id, mean])).toEqual(
    swept.json.settings.map(({ id, mean }: Swept) => [id, mean]),
  );
});

it('tells runs that fail, and mistakes before anything is trained', async () => {
  const { json, code } = await fovea(folder, [
    'sweep',
    'bars',
    '--model',
    'linear',
    '--epochs',
    '1',
    '--grid',
    'loss.labelSmoothing=0,7',
    '--out',
    'failing',
    '--json',
  ]);
  expect(code).toBe(0);
  expect(json.settings.map(({ trials }: Swept) => trials[0].status)).toEqual(['finished', 'failed']);
  const wrong = await fovea(folder, ['sweep', 'bars', '--grid', 'lr=0.1..1', '--json']);
  expect(wrong.code).toBe(1);
  expect(wrong.json.error.message).toContain('received a range');
  const none = await fovea(folder, ['sweep', 'bars']);
  expect(none.code).toBe(2);
  const unknown = await fovea(folder, ['sweep', 'bars', '--grid', 'lernrate=1', '--json']);
  expect(unknown.code).toBe(1);
  expect(unknown.json.error.message).toContain('a field of the recipe');
});

it('finds a learning rate that trains better than one far below', async () => {
  const found = await fovea(folder, ['lr-find', 'bars', '--model', 'lenet5', '--batch', '16', '--json']);
  expect(found.code).toBe(0);
  const { suggestion, lowest, points, smoothed } = found.json;
  expect(points.length).toBe(smoothed.length);
  expect(suggestion).toBeGreaterThan(1e-5);
  expect(suggestion).toBeLessThan(lowest);
  expect(found.stderr).toContain('Suggestion: ');
  expect(readdirSync(folder)).not.toContain('runs');
  const line = 'conv 4 3, relu, flatten, linear';
  const own = await fovea(folder, ['lr-find', 'bars', '--model', line, '--batch', '16', '--steps', '60']);
  expect(own.stdout + own.stderr).toContain(`--model '${line}' --lr `);
  const lossWith = async (lr: number) =>
    (
      await fovea(folder, [
        'train',
        'bars',
        '--model',
        'lenet5',
        '--batch',
        '16',
        '--epochs',
        '1',
        '--lr',
        String(lr),
        '--out',
        `lr-${lr}`,
        '--json',
      ])
    ).json.best.valLoss;
  expect(await lossWith(suggestion)).toBeLessThan(await lossWith(suggestion / 30));
});
