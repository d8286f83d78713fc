import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test-data.ts';
import { fovea, writeBars } from './fovea.ts';

vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = temporaryFolder();
const elsewhere = temporaryFolder();
const train = (out: string, ...more: string[]) =>
  fovea(folder, ['train', 'bars', '--model', 'linear', '--batch', '64', '--out', join('runs', out), '--json', ...more]);

beforeAll(async () => {
  writeBars(join(folder, 'bars'), 400);
  // Good, good with another seed, bad with both seeds.
  await train('good-1', '--epochs', '3', '--lr', '0.01');
  await train('good-2', '--epochs', '3', '--lr', '0.01', '--seed', '2');
  await train('bad-1', '--epochs', '2', '--lr', '0.00001');
  await train('bad-2', '--epochs', '2', '--lr', '0.00001', '--seed', '2');
});

const names = (runs: readonly { run: string }[]): string[] => runs.map(({ run }) => run.split(/[\\/]/).at(-1)!);

it('lists, filters, sorts and cuts', async () => {
  const list = async (...args: string[]) => names((await fovea(folder, ['runs', '--json', ...args])).json.runs);
  expect(await list()).toEqual(['bad-1', 'bad-2', 'good-1', 'good-2']);
  const sorted = await list('--sort', 'valLoss');
  expect(sorted.slice(0, 2).sort()).toEqual(['good-1', 'good-2']);
  expect(await list('--sort', 'valLoss', '--limit', '1')).toEqual([sorted[0]]);
  expect(await list('--where', 'valAccuracy>=0.9, valLoss<5')).toEqual(['good-1', 'good-2']);
  expect(await list('--where', 'epochs<3', '--data', 'BARS', '--model', 'lin')).toEqual(['bad-1', 'bad-2']);
  expect(await list('--status', 'failed')).toEqual([]);
  const wrong = await fovea(folder, ['runs', '--where', 'accurcy>1']);
  expect(wrong.stderr).toContain('Expected a bound such as valAccuracy>0.9');
  const { stdout } = await fovea(folder, ['runs']);
  expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
  expect(stdout).toContain('good-2');
});

it('compares two models on the same val pictures', async () => {
  const { json, stderr, code } = await fovea(folder, ['runs', 'compare', 'runs/good-1', 'runs/bad-1', '--json']);
  expect(code).toBe(0);
  const [verdict] = json.verdicts;
  expect(verdict).toMatchObject({
    kind: 'mcnemar',
    first: ['A'],
    second: ['B'],
    images: json.runs[0].valImages,
    real: true,
  });
  // The pictures that only one has right are those by which the accuracies differ.
  const [a, b] = json.runs.map(({ best }: { best: { valAccuracy: number } }) => best.valAccuracy);
  expect((verdict.onlySecond - verdict.onlyFirst) / verdict.images).toBeCloseTo(b - a, 12);
  expect(json.differences).toContainEqual({ field: 'learningRate', values: [0.01, 0.00001] });
  expect(stderr).toContain('The difference is real: A is better');
});

it('takes seeds together, and says what it cannot know', async () => {
  const all = ['runs/good-1', 'runs/good-2', 'runs/bad-1', 'runs/bad-2'];
  const { json } = await fovea(folder, ['runs', 'compare', ...all, '--html', 'page.html', '--json']);
  expect(json.groups).toMatchObject([{ letters: ['A', 'B'] }, { letters: ['C', 'D'] }]);
  expect(json.verdicts).toMatchObject([{ kind: expect.stringMatching(/welch|nothing/), first: ['A', 'B'] }]);
  const page = readFileSync(join(folder, 'page.html'), 'utf8');
  expect(page.match(/<svg /g)!.length).toBe(8);
  expect(page).not.toMatch(/<script|https?:\/\/(?!www\.w3\.org)/);
  expect(page).toContain('val accuracy');

  const seeds = await fovea(folder, ['runs', 'compare', 'runs/good-1', 'runs/good-2', '--json']);
  expect(seeds.json.verdicts).toEqual([]);
  expect(seeds.stderr).toContain('differ by their seeds alone');
  // Another seed dealt out other val pictures.
  const other = await fovea(folder, ['runs', 'compare', 'runs/good-1', 'runs/bad-2', '--json']);
  expect(other.json.verdicts).toMatchObject([{ kind: 'nothing' }]);
  expect(other.stderr).toContain('they validated on different pictures');
  const one = await fovea(folder, ['runs', 'compare', 'runs/good-1']);
  expect(one.code).toBe(2);
});

it('shows a run with its recipe, its epochs and what they mean', async () => {
  const shown = await fovea(folder, ['runs', 'show', 'runs/good-1', '--json']);
  expect(shown.json).toMatchObject({ status: 'finished', recipe: { epochs: 3 }, epochs: [{ epoch: 1 }, {}, {}] });
  expect(shown.stderr).toMatch(/optimizer +adamw \(beta1 0\.9, /);
  expect(shown.stderr).toMatch(/epoch +loss +train loss +val loss/);
  expect(shown.stderr).toMatch(/ best$/m);
  expect(shown.stderr).toContain('npx fovea test runs/good-1');
  const missing = await fovea(folder, ['runs', 'show', 'runs/nowhere']);
  expect(missing.code).toBe(1);
  expect(missing.stderr).toContain('runs/nowhere');
});

it('exports for spreadsheets and TensorBoard', async () => {
  const csv = await fovea(folder, ['runs', 'export', 'runs/good-1', '--to', 'csv', '--out', 'm.csv', '--json']);
  expect(csv.json).toMatchObject({ epochs: 3, files: ['m.csv'] });
  const [head, ...lines] = readFileSync(join(folder, 'm.csv'), 'utf8').trimEnd().split('\r\n');
  const epochs = lines.map((line) =>
    Object.fromEntries(line.split(',').map((cell, i) => [head.split(',')[i], Number(cell)])),
  );
  const metrics = readFileSync(join(folder, 'runs/good-1/metrics.jsonl'), 'utf8').trimEnd().split('\n');
  expect(epochs).toEqual(metrics.map((line) => JSON.parse(line)));
  const board = await fovea(folder, [
    'runs',
    'export',
    'runs/good-1',
    '--to',
    'tensorboard',
    '--out',
    'logs',
    '--json',
  ]);
  const parts = board.json.files.map((file: string) => file.split(/[\\/]/)[1]);
  expect(parts).toEqual(['train', 'train-sample', 'val']);
  for (const file of board.json.files) {
    expect(file).toMatch(/events\.out\.tfevents\.\d+\.fovea$/);
    expect(readFileSync(join(folder, file)).includes('brain.Event:2')).toBe(true);
  }
  expect((await fovea(folder, ['runs', 'export', 'runs/good-1'])).code).toBe(2);
});

it('takes a run along with its pictures; tests/studio/contract.ts trains it further to the same bits', async () => {
  const taken = await fovea(folder, ['runs', 'take', 'runs/good-1', '--with-pictures', '--out', 'good.zip', '--json']);
  expect(taken.json).toMatchObject({ file: 'good.zip', pictures: 430 });
  const file = join(folder, 'good.zip');
  const brought = await fovea(elsewhere, ['runs', 'bring', file]);
  expect(brought.stdout).toContain(`${join('runs', 'good-1')}: its pictures are in ${join('data', 'bars')} now`);
  expect((await fovea(elsewhere, ['runs', 'bring', file, '--json'])).json).toMatchObject({ pictures: 'here' });
  const [here, there] = [folder, elsewhere].map((place) => readFileSync(join(place, 'runs/good-1/metrics.jsonl')));
  expect(there.equals(here)).toBe(true);
  const refused = await fovea(elsewhere, ['runs', 'bring', join(folder, 'bars'), '--json']);
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('Expected a run as one .zip file')]);
});
