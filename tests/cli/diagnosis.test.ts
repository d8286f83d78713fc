/** What a training tells at its end, when it stops by itself, and the experiment that it proposes. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test-data.ts';
import { type Finished, fovea, writeBars } from './fovea.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = temporaryFolder();
const settings = [
  '--model',
  'conv 6, relu, pool 2, flatten, linear 16, relu, linear',
  '--epochs',
  '3',
  '--batch',
  '16',
];
let bad: Finished;

beforeAll(async () => {
  writeBars(join(folder, 'bars'), 600, 60);
  bad = await fovea(folder, ['train', 'bars', ...settings, '--lr', '3', '--out', 'bad', '--json']);
});

it('names a learning rate that is too high, and keeps it in the run', async () => {
  const [finding] = bad.json.diagnosis;
  expect(finding).toMatchObject({ kind: 'learning-rate-high', evidence: { learningRate: 3 } });
  expect(finding.next).toMatchObject({ overrides: { learningRate: 0.3 } });
  expect(JSON.parse(readFileSync(join(folder, 'bad', 'diagnosis.json'), 'utf8')).diagnosis).toEqual(bad.json.diagnosis);
  const again = await fovea(folder, ['diagnose', 'bad', '--json']);
  expect(again.json).toMatchObject({ diagnosis: bad.json.diagnosis, missing: [] });
  const text = await fovea(folder, ['diagnose', 'bad']);
  expect(text.stdout).toContain('npx fovea train --like bad --set learningRate=0.3');
});

it('proposes a command that trains as that run did, but for what it says', async () => {
  const [finding] = bad.json.diagnosis;
  const { code, json } = await fovea(folder, [
    ...finding.next.command,
    '--set',
    'learningRate=0.005',
    '--out',
    'mended',
    '--json',
  ]);
  expect(code).toBe(0);
  const [before, after] = ['bad', 'mended'].map((run) =>
    JSON.parse(readFileSync(join(folder, run, 'run.json'), 'utf8')),
  );
  expect(after.recipe).toEqual({ ...before.recipe, learningRate: 0.005 });
  expect({ ...after.data, facts: 0 }).toEqual({ ...before.data, facts: 0 });
  expect(json.diagnosis.map(({ kind }: { kind: string }) => kind)).not.toContain('learning-rate-high');
  expect(json.best.valLoss).toBeLessThan(bad.json.best.valLoss);
});

it('records telemetry of layers and predictions', () => {
  const lines = readFileSync(join(folder, 'bad', 'telemetry.jsonl'), 'utf8')
    .trim()
    .split('\n');
  const records = lines.map((line) => JSON.parse(line));
  expect(records[0]).toMatchObject({ epoch: 1, step: 0 });
  expect(records[0].layers.map(({ type }: { type: string }) => type)).toContain('conv2d');
  expect(records.filter(({ val }) => val).map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
  const total = records.at(-1).val.predicted.reduce((sum: number, n: number) => sum + n, 0);
  expect(total).toBe(records.at(-1).val.images);
});

it('stops early, says so, and goes on with more patience', async () => {
  const early = ['--epochs', '60', '--patience', '2', '--lr', '0.03', '--out', 'early'];
  const stopped = await fovea(folder, ['train', 'bars', ...settings, ...early]);
  expect(stopped.code).toBe(0);
  const { status, epochsDone, best, recipe } = JSON.parse(readFileSync(join(folder, 'early', 'run.json'), 'utf8'));
  expect(status).toBe('stopped-early');
  expect(epochsDone).toBe(best.epoch + 2);
  expect(recipe).toMatchObject({ epochs: 60, patience: 2 });
  expect(stopped.stdout).toContain(`Stopped early after ${epochsDone} of 60 epochs`);
  expect(stopped.stdout).toContain(
    `The weights of epoch ${best.epoch} of ${epochsDone} are what test and classify use`,
  );
  const same = await fovea(folder, ['train', '--resume', 'early', '--json']);
  expect(same.json).toMatchObject({ alreadyFinished: true, status: 'stopped-early' });
  expect((await fovea(folder, ['reproduce', 'early', '--json'])).json).toMatchObject({
    same: true,
    epochs: epochsDone,
  });
  const on = await fovea(folder, [
    'train',
    '--resume',
    'early',
    '--patience',
    '4',
    '--epochs',
    `${epochsDone + 1}`,
    '--json',
  ]);
  expect(on.json.epochs).toHaveLength(epochsDone + 1);
});

it('refuses what does not go together, and leaves no folder', async () => {
  for (const [args, text] of [
    [['train', 'bars', '--like', 'bad'], "the data 'bars' cannot be given with --like"],
    [['train', '--like', 'bad', '--model', 'linear'], '--model cannot be given with --like'],
    [['train', '--like', 'nowhere', '--out', 'x'], "Expected the folder of a run for 'nowhere'"],
    [['train', '--like', 'bad', '--set', 'learningRate', '--out', 'x'], 'Expected FIELD=VALUE'],
    [['train', '--like', 'bad', '--set', 'speed=3', '--out', 'x'], 'Expected a field of the recipe'],
    [['train', '--like', 'bad', '--set', '__proto__.a=3', '--out', 'x'], 'Expected a field of the recipe'],
    [['train', 'bars', '--patience', '0', '--out', 'x'], 'Expected a whole number of at least 1 for --patience'],
    [['diagnose', 'bars'], "Expected the folder of a run for 'bars'"],
  ] as const) {
    const refused = await fovea(folder, args);
    expect(refused.code).toBeGreaterThan(0);
    expect(refused.stderr).toContain(text);
  }
  expect(existsSync(join(folder, 'x'))).toBe(false);
});
