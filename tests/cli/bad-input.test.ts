import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test-data.ts';
import { type Finished, fovea, writeBars, writeIdx, writePhotos } from './fovea.ts';

// Each test starts the command several times.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const folder = temporaryFolder();
const at = (...names: string[]): string => join(folder, ...names);
const hash = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

/** One clear sentence on stderr, nothing of our own code in it, and the same as JSON. */
async function refused(args: readonly string[], message: RegExp, code = 1): Promise<Finished> {
  const result = await fovea(folder, [...args, '--json']);
  const lines = result.stderr.trimEnd().split('\n');
  expect(lines.at(-1)).toMatch(message);
  expect(result.json.error.message).toBe(lines.at(-1));
  expect(result.code).toBe(code);
  expect(result.stderr).not.toMatch(/\n\s+at |\.(ts|js):\d+|bug in Fovea|Error:/);
  return result;
}

const quick = ['--model', 'linear', '--epochs', '1'];

beforeAll(async () => {
  writeBars(at('bars'));
  await writePhotos(at('photos'));
  const { code, stderr } = await fovea(folder, [
    'train',
    'bars',
    '--model',
    'lenet5',
    '--epochs',
    '2',
    '--out',
    'good',
  ]);
  expect(stderr).toBe('');
  expect(code).toBe(0);
});

describe('data', () => {
  it('missing path', () => refused(['train', 'nowhere/at/all'], /nowhere\/at\/all.*Check the path/));

  it('no images', async () => {
    mkdirSync(at('empty'));
    await refused(['train', 'empty'], /Expected .*picture.*'.*empty'/);
    expect(existsSync(at('runs'))).toBe(false);
  });

  it('one class', async () => {
    mkdirSync(at('one', 'cat'), { recursive: true });
    writeFileSync(at('one', 'cat', 'a.png'), readFileSync(anyPicture()));
    await refused(['train', 'one', ...quick], /Expected .*(2|two).*class/);
  });

  it('an empty class', async () => {
    await writePhotos(at('hollow'));
    mkdirSync(at('hollow', 'train', 'aardvark'));
    await refused(['train', 'hollow', ...quick], /aardvark/);
  });

  it('image and label counts that differ', async () => {
    mkdirSync(at('counts'));
    writeIdx(at('counts'), 'train', 30, 29);
    await refused(['train', 'counts', ...quick], /30.*29|29.*30/);
  });

  it('truncated IDX', async () => {
    writeBars(at('short'));
    const file = at('short', 'train-images-idx3-ubyte');
    writeFileSync(file, readFileSync(file).subarray(0, 5000));
    await refused(['train', 'short', ...quick], /train-images-idx3-ubyte/);
  });

  it('wrong-magic IDX', async () => {
    writeBars(at('magic'));
    const file = at('magic', 'train-images-idx3-ubyte');
    const content = readFileSync(file);
    content.writeUInt32BE(0x12345678, 0);
    writeFileSync(file, content);
    await refused(['train', 'magic', ...quick], /train-images-idx3-ubyte/);
  });

  it('gzip that is none', async () => {
    writeBars(at('zip'));
    rmSync(at('zip', 'train-images-idx3-ubyte'));
    writeFileSync(at('zip', 'train-images-idx3-ubyte.gz'), 'no gzip at all');
    await refused(['train', 'zip', ...quick], /train-images-idx3-ubyte\.gz.*no gzip file either/);
  });

  it('a corrupt picture among good ones: named, counted, skipped; --strict stops', async () => {
    await writePhotos(at('spoilt'));
    const [name] = readdirSync(at('spoilt', 'train'));
    writeFileSync(at('spoilt', 'train', name, '1.png'), 'this is no picture');
    const lenient = await fovea(folder, ['train', 'spoilt', ...quick, '--out', 'lenient']);
    expect(lenient.code).toBe(0);
    expect(lenient.stdout).toContain('Skipped 1 file:');
    expect(lenient.stdout).toContain(`train/${name}/1.png`);
    await refused(['train', 'spoilt', ...quick, '--strict', '--out', 'strict'], new RegExp(`train/${name}/1\\.png`));
    expect(existsSync(at('strict'))).toBe(false);
  });

  it('a test part only', async () => {
    mkdirSync(at('test-only'));
    writeIdx(at('test-only'), 't10k', 30);
    await refused(['train', 'test-only', ...quick], /Expected training pictures .* but received none\. It holds no/);
  });

  it('escape sequences in names: told, never acted on', async () => {
    await writePhotos(at('evil'));
    const evil = 'a\u001b[31m\u202ered\nline';
    // Windows allows no such names.
    if (process.platform !== 'win32') {
      renameSync(at('evil', 'train', readdirSync(at('evil', 'train'))[0]), at('evil', 'train', evil));
      const shown = await fovea(folder, ['train', 'evil', ...quick, '--out', `evil-run ${evil}`]);
      expect(shown.code).toBe(0);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(shown.stdout + shown.stderr).not.toMatch(/[\u001b\u202e]|red\n/);
    }
    for (const args of [['train', evil], ['train', 'bars', '--model', evil], ['test', evil], [evil]]) {
      const { stderr, code } = await fovea(folder, args);
      expect(stderr).toContain('a\\u001b[31m');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
      expect(stderr).not.toMatch(/[\u001b\u202e]/);
      expect(code).toBeGreaterThan(0);
    }
  });

  it('no test part: never another part instead', async () => {
    writeBars(at('untested'), 60, 0);
    const trained = await fovea(folder, ['train', 'untested', ...quick, '--out', 'untested-run']);
    expect(trained.code).toBe(0);
    const told = trained.stdout.replace(/\s+/g, ' ');
    expect(told).toContain('npx fovea data split untested');
    expect(told).not.toContain('npx fovea test');
    await refused(['test', 'untested-run'], /Expected test pictures .* received none.*data split/);
  });

  it('a picture where a run is wanted', () =>
    refused(
      ['classify', anyPicture(), 'good'],
      /^Expected a run's folder or a model's file for '.*' but received a PNG picture\. The run comes first/,
    ));

  it('pictures that are none, to classify', async () => {
    writeFileSync(at('words.png'), 'words');
    await refused(['classify', 'good', 'words.png'], /No picture could be read: 'words\.png'/);
    const mixed = await fovea(folder, ['classify', 'good', anyPicture(), 'words.png', '--json']);
    expect(mixed.code).toBe(1);
    expect(JSON.parse(mixed.lines[0]).top[0].probability).toBeGreaterThan(0);
    expect(mixed.json.error).toBeTypeOf('string');
  });
});

describe('models', () => {
  it('pictures too small for the model', () =>
    refused(
      ['train', 'bars', '--model', 'lenet5', '--size', '8', '--epochs', '1'],
      /Expected pictures of at least 12x12 for model 'lenet5' but received .*8x8/,
    ));

  it('a run of other data: pictures that changed', async () => {
    await fovea(folder, ['train', 'bars', ...quick, '--out', 'moved']);
    const file = at('bars', 'train-images-idx3-ubyte');
    const before = readFileSync(file);
    const changed = Buffer.from(before);
    changed[20] ^= 1;
    writeFileSync(file, changed);
    await refused(['train', '--resume', 'moved', '--epochs', '2'], /are not those that the run 'moved' began with/);
    writeFileSync(file, before);
  });

  it('a loss that is not finite: names epoch, step and layer, and keeps the last good checkpoint', async () => {
    await fovea(folder, ['train', 'bars', '--model', 'lenet5', '--epochs', '1', '--optimizer', 'sgd', '--out', 'wild']);
    const file = at('wild', 'run.json');
    const description = JSON.parse(readFileSync(file, 'utf8'));
    description.recipe.learningRate = 1e30;
    writeFileSync(file, JSON.stringify(description));
    const kept = ['best', 'last', 'last.state'].map((name) => at('wild', `${name}.safetensors`));
    const before = kept.map(hash);
    await refused(
      ['train', '--resume', 'wild', '--epochs', '3'],
      /Expected a finite loss for epoch 2, step \d+ but received .*of layer '\w+'.*lower learning rate.*checkpoint of epoch 1 is kept in 'wild'/,
    );
    expect(kept.map(hash)).toEqual(before);
    expect(JSON.parse(readFileSync(file, 'utf8')).status).toBe('failed');
    expect((await fovea(folder, ['test', 'wild'])).code).toBe(0);
  });
});

describe('files', () => {
  it('a folder that cannot be written', async () => {
    writeFileSync(at('a-file'), '');
    await refused(
      ['train', 'bars', ...quick, '--out', join('a-file', 'run')],
      /Expected a folder that can be made for .*a-file.*file stands where a folder/,
    );
  });

  it('a checkpoint that cannot be written: what was there stays', async () => {
    mkdirSync(at('blocked', 'last.safetensors', 'in-the-way'), { recursive: true });
    const { stderr } = await refused(
      ['train', 'bars', ...quick, '--out', 'blocked'],
      /can be written for '.*last\.safetensors'/,
    );
    expect(stderr).not.toContain('is kept');
    expect(JSON.parse(readFileSync(at('blocked', 'run.json'), 'utf8')).epochsDone).toBe(0);
    expect(readdirSync(at('blocked')).filter((name) => name.includes('partial'))).toEqual([]);
    expect(JSON.parse(readFileSync(at('blocked', 'run.json'), 'utf8')).status).toBe('failed');
  });

  it('a folder that holds a run already', () =>
    refused(
      ['train', 'bars', ...quick, '--out', 'good'],
      /Expected a new folder for option 'out' but received 'good', which holds a run.*--resume good/,
    ));

  it('two runs that begin in one folder at the same moment: one of them gives way', async () => {
    const both = await Promise.all(
      ['1', '2'].map((seed) => fovea(folder, ['train', 'bars', ...quick, '--seed', seed, '--out', 'shared'])),
    );
    expect(both.map(({ code }) => code).sort()).toEqual([0, 1]);
    expect(both.find(({ code }) => code === 1)!.stderr).toMatch(
      /Expected (a new folder .*'shared', which holds a run|no other writer for run 'shared')/,
    );
  });

  it('runs of a folder that is not there', async () => {
    await refused(['runs', 'nowhere'], /Expected a folder of runs for 'nowhere' but received nothing there/);
    expect((await fovea(folder, ['runs', 'good', '--json'])).json.runs).toMatchObject([
      { run: 'good', status: 'finished' },
    ]);
  });

  it('no run', () =>
    refused(['test', 'photos'], /Expected the folder of a run for 'photos' but received a folder without run\.json/));

  it('a checkpoint cut short', async () => {
    const whole = readFileSync(at('good', 'best.safetensors'));
    for (const length of [0, 5, 200, whole.length - 7]) {
      writeFileSync(at('cut.safetensors'), whole.subarray(0, length));
      await refused(['test', 'cut.safetensors'], /cut\.safetensors/);
    }
    mkdirSync(at('cut-run'));
    for (const name of readdirSync(at('good'))) writeFileSync(at('cut-run', name), readFileSync(at('good', name)));
    const state = at('cut-run', 'last.state.safetensors');
    writeFileSync(state, readFileSync(state).subarray(0, 3000));
    await refused(['train', '--resume', 'cut-run', '--epochs', '4'], /last\.state\.safetensors/);
  });

  it('a checkpoint with an unknown layer', async () => {
    const text = readFileSync(at('good', 'best.safetensors'), 'latin1');
    writeFileSync(at('odd.safetensors'), Buffer.from(text.replaceAll('maxPool2d', 'foxPool2d'), 'latin1'));
    await refused(['classify', 'odd.safetensors', anyPicture()], /foxPool2d/);
  });

  it('a run description that is no JSON', async () => {
    mkdirSync(at('garbled'));
    writeFileSync(at('garbled', 'run.json'), '{"format": "fovea-r');
    await refused(['train', '--resume', 'garbled'], /Expected JSON text for file '.*run\.json'/);
  });
});

describe('the command line', () => {
  // All forms of it are tried in src/cli/program.test.ts, in one process.
  it('a wrong option is a usage error', () =>
    refused(
      ['train', 'bars', '--epoch', '3'],
      /Expected a known option for 'fovea train' but received '--epoch'\. Did you mean --epochs\?/,
      2,
    ));

  it('a recipe cannot be changed on the way', async () => {
    await refused(['train', '--resume', 'good', '--lr', '1'], /--lr cannot be given with --resume/, 2);
    await refused(['train', 'bars', '--resume', 'good'], /the data 'bars' cannot be given with --resume/, 2);
  });
});

function anyPicture(): string {
  const [name] = readdirSync(at('photos', 'test'));
  return at('photos', 'test', name, '12.png');
}
