import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test-data.ts';
import { fovea, writeBars } from './fovea.ts';

const folder = temporaryFolder();
const data = writeBars(join(folder, 'bars'));
const recipeOf = (run: string) => JSON.parse(readFileSync(join(folder, run, 'run.json'), 'utf8')).recipe;

describe('fovea recipe', () => {
  it('lists and shows', async () => {
    const list = await fovea(folder, ['recipe', 'list', '--json']);
    expect(list.json.map(({ name }: { name: string }) => name)).toEqual(['quick', 'standard', 'best']);
    const settings = await fovea(folder, ['recipe', 'show', 'best']);
    expect(settings.stdout).toContain('small colour pictures');
    const shown = await fovea(folder, ['recipe', 'show', 'standard', data, '--json', '--clip-norm', '2']);
    expect(shown.json).toMatchObject({
      kind: 'grey',
      recipe: { name: 'standard', modelName: 'vgg6-bn', optimizer: { type: 'muon' }, clip: { norm: 2 } },
    });
    const wrong = await fovea(folder, ['recipe', 'show', 'standart']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('quick, standard, best');
  });
});

describe('fovea train', () => {
  it('takes a named recipe, prints its values with reasons, and trains what recipe show said', async () => {
    const args = [data, '--epochs', '1', '--recipe', 'standard'];
    const { stdout, code } = await fovea(folder, ['train', ...args, '--out', 'named']);
    expect(code).toBe(0);
    expect(stdout).toContain('Recipe standard for small grey pictures');
    expect(stdout).toContain('Muon');
    const shown = await fovea(folder, ['recipe', 'show', 'standard', data, '--json', '--set', 'epochs=1']);
    const { schedule: _, ...recipe } = recipeOf('named');
    expect(shown.json.recipe).toMatchObject(recipe);
  });

  it('lets every field be said', async () => {
    const args = [
      ...['--model', 'vgg6-bn', '--epochs', '2', '--batch', '50', '--optimizer', 'lion:beta1=0.8'],
      ...['--schedule', 'step:size=1ep:factor=0.5', '--warmup', '2', '--label-smoothing', '0.1'],
      ...['--clip-norm', '1', '--clip-value', '0.5', '--average', 'swa:from=2', '--dropout', '0.1'],
      ...['--set', 'optimizer.beta2=0.95', '--test-time-augmentation', 'mirror'],
    ];
    const { json, code } = await fovea(folder, ['train', data, ...args, '--out', 'all', '--json']);
    expect(code).toBe(0);
    expect(json.epochs).toHaveLength(2);
    expect(recipeOf('all')).toMatchObject({
      optimizer: { type: 'lion', beta1: 0.8, beta2: 0.95 },
      schedule: { type: 'step', size: 3, factor: 0.5, warmupSteps: 2 },
      loss: { type: 'softmaxCrossEntropy', labelSmoothing: 0.1 },
      clip: { norm: 1, value: 0.5 },
      average: { type: 'swa', from: 2 },
      testTimeAugmentation: 'mirror',
    });
    const again = await fovea(folder, ['reproduce', 'all', '--json']);
    expect(again.json.same).toBe(true);
    const tested = await fovea(folder, ['test', 'all']);
    expect(tested.stdout.replace(/\s+/g, ' ')).toContain('the mean over a picture and its mirror image');
    const exported = await fovea(folder, ['export', 'all', '--out', 'all.onnx']);
    expect(exported.code, exported.stderr).toBe(0);
    expect((exported.stdout + exported.stderr).replace(/\s+/g, ' ')).toContain(
      'The export holds the network: what runs it averages',
    );
  });

  it.each([
    [['--optimizer', 'sgd:momentun=1'], "Did you mean 'momentum'"],
    [['--schedule', 'cosin'], "Did you mean 'cosine'"],
    [['--average', 'ema:2ep'], 'a number from 0 to 1'],
    [['--warmup', '-1'], 'a number of at least 0'],
    [['--set', 'optimizer.eps'], 'FIELD=VALUE'],
    [['--recipe', 'quik'], "Did you mean 'quick'"],
    [['--test-time-augmentation', 'miror'], "Did you mean 'mirror'"],
  ])('refuses %j as a wrong command line', async (args, message) => {
    const { code, stderr } = await fovea(folder, ['train', data, ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

it('fovea sweep takes recipes and the new fields', async () => {
  const grid = 'recipe=quick,standard;average=none,ema:0.9;clip-norm=0.5';
  const { json, code } = await fovea(folder, [
    'sweep',
    data,
    '--grid',
    grid,
    '--epochs',
    '1',
    '--out',
    'sweep',
    '--json',
  ]);
  expect(code).toBe(0);
  expect(json.settings).toHaveLength(4);
  const recipes = ['001', '002', '003', '004'].map((id) => recipeOf(join('sweep', id)));
  expect(recipes.map(({ name, average, clip }) => [name, average?.type, clip.norm])).toEqual([
    ['quick', undefined, 0.5],
    ['quick', 'ema', 0.5],
    ['standard', undefined, 0.5],
    ['standard', 'ema', 0.5],
  ]);
});
