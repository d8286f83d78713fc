import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test-data.ts';
import { fovea, writeBars, writePhotos } from './fovea.ts';

// Each test starts the command several times.
vi.setConfig({ testTimeout: 60_000 });

const folder = temporaryFolder();
writeBars(join(folder, 'bars'));

const learnt = (epochs: { seconds: number }[]) => epochs.map(({ seconds: _, ...rest }) => rest);

describe('from data to classified pictures', () => {
  it('trains, tests, classifies and lists, with the promised JSON', async () => {
    await writePhotos(join(folder, 'photos'));
    const trained = await fovea(folder, [
      'train',
      'photos',
      '--epochs',
      '3',
      '--model',
      'vgg6-bn',
      '--size',
      '16',
      '--json',
      '--seed',
      '3',
    ]);
    expect(trained.stderr).toContain('Training');
    expect(trained.code).toBe(0);
    expect(trained.stdout.trimEnd().split('\n')).toHaveLength(1);
    const { run, epochs, best, weights, imagesPerSecond } = trained.json;
    expect(run).toBe(join('runs', 'photos-vgg6-bn-1'));
    expect(epochs.map((one: { epoch: number }) => one.epoch)).toEqual([1, 2, 3]);
    expect(Object.keys(epochs[0]).sort()).toEqual([
      'accuracy',
      'epoch',
      'learningRate',
      'loss',
      'seconds',
      'trainAccuracy',
      'trainLoss',
      'valAccuracy',
      'valLoss',
    ]);
    expect(best.valLoss).toBe(Math.min(...epochs.map((one: { valLoss: number }) => one.valLoss)));
    expect(weights).toMatch(/^sha256:[0-9a-f]{64}$/);
    expect(imagesPerSecond).toBeGreaterThan(0);
    expect(readdirSync(join(folder, run)).sort()).toEqual([
      'best.safetensors',
      'diagnosis.json',
      'last.safetensors',
      'last.state.safetensors',
      'metrics.jsonl',
      'run.json',
      'telemetry.jsonl',
    ]);
    const lines = readFileSync(join(folder, run, 'metrics.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines.map((line) => JSON.parse(line))).toEqual(epochs);
    expect(JSON.parse(readFileSync(join(folder, run, 'run.json'), 'utf8'))).toMatchObject({
      status: 'finished',
      recipe: { seed: 3, epochs: 3, modelName: 'vgg6-bn', augmentation: { flip: true } },
    });

    const tested = await fovea(folder, ['test', run, '--json']);
    expect(tested.code).toBe(0);
    expect(tested.json).toMatchObject({ images: 9, classes: [{ support: 3 }, { support: 3 }, { support: 3 }] });
    expect(tested.json.accuracy).toBeGreaterThanOrEqual(0);
    expect(tested.json.loss).toBeGreaterThan(0);

    const [first] = readdirSync(join(folder, 'photos', 'test'));
    const file = join('photos', 'test', first, '12.png');
    const classified = await fovea(folder, [
      'classify',
      run,
      file,
      'photos/test',
      '--top',
      '2',
      '--csv',
      'out.csv',
      '--json',
    ]);
    expect(classified.code).toBe(0);
    const files = classified.lines.map((line) => JSON.parse(line));
    expect(files).toHaveLength(10);
    expect(files[0].file).toBe(file);
    expect(files[0].top).toHaveLength(2);
    expect(files[0].top[0].probability).toBeGreaterThanOrEqual(files[0].top[1].probability);
    expect(readFileSync(join(folder, 'out.csv'), 'utf8').split('\r\n')).toHaveLength(12);

    // The model file alone does the same.
    const alone = await fovea(folder, ['classify', join(run, 'best.safetensors'), file, '--top', '2', '--json']);
    expect(alone.json).toEqual(files[0]);

    const runs = await fovea(folder, ['runs', '--json']);
    expect(runs.json.runs).toMatchObject([{ run, status: 'finished', model: 'vgg6-bn', epochs: 3, of: 3 }]);
  });

  it('chooses by itself and says why', async () => {
    const { stdout, code } = await fovea(folder, ['train', 'bars', '--epochs', '2', '--out', 'chosen']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/Model mnist-cnn: small grey pictures/);
    expect(stdout).toMatch(/Input size 12x12/);
    expect(stdout).toMatch(/epoch +loss +val loss +accuracy/);
    expect(stdout).toContain('┤');
    expect(stdout).toContain('npx fovea test chosen');
    expect(existsSync(join(folder, 'chosen', 'best.safetensors'))).toBe(true);
  });

  it('shows data and models', async () => {
    const data = await fovea(folder, ['data', 'show', 'bars', '--json']);
    expect(data.json).toMatchObject({
      kind: 'idx',
      parts: { train: { count: 150, classCounts: [50, 50, 50] }, test: { count: 30 } },
    });
    const models = await fovea(folder, ['model', 'list', '--json']);
    expect(models.json.models.map(({ name }: { name: string }) => name)).toContain('resnet20');
    const model = await fovea(folder, [
      'model',
      'show',
      'mnist-cnn',
      '--input',
      '28x28x1',
      '--classes',
      '10',
      '--json',
    ]);
    expect(model.json.parameters).toBe(225034);
    const help = await fovea(folder, ['train', '--help']);
    expect(help.code).toBe(0);
    expect(help.stdout).toContain('Examples:');
  });
});

describe('the same bits', () => {
  const recipe = ['--model', 'lenet5', '--epochs', '40', '--batch', '16', '--seed', '9', '--json'];
  const whole = fovea(folder, ['train', 'bars', ...recipe, '--out', 'whole']);

  it.skipIf(process.platform === 'win32')('after Ctrl-C and --resume', async () => {
    let sent = false;
    const stopped = await fovea(folder, ['train', 'bars', ...recipe, '--out', 'stopped'], (text, kill) => {
      if (!sent && text.includes('2/40')) {
        sent = true;
        kill('SIGINT');
      }
    });
    expect(stopped.code).toBe(1);
    expect(stopped.json).toMatchObject({
      run: 'stopped',
      interrupted: true,
      resume: 'npx fovea train --resume stopped',
    });
    expect(stopped.json.epochs.length).toBeLessThan(40);
    expect(stopped.stderr).toContain('npx fovea train --resume stopped');
    expect(JSON.parse(readFileSync(join(folder, 'stopped', 'run.json'), 'utf8')).status).toBe('interrupted');

    const resumed = await fovea(folder, ['train', '--resume', 'stopped', '--threads', '1', '--json']);
    expect(resumed.code).toBe(0);
    expect(resumed.json.weights).toBe((await whole).json.weights);
    expect(learnt(resumed.json.epochs)).toEqual(learnt((await whole).json.epochs));
    const hash = (file: string): string =>
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex');
    expect(readdirSync(join(folder, 'stopped'))).toEqual(readdirSync(join(folder, 'whole')));
    expect(JSON.parse(readFileSync(join(folder, 'stopped', 'run.json'), 'utf8')).best.epoch).toBe(
      (await whole).json.best.epoch,
    );
    expect(hash('stopped/last.safetensors').length).toBe(64);
  });

  it.skipIf(process.platform === 'win32')('when killed before the first checkpoint', async () => {
    let sent = false;
    const killed = await fovea(folder, ['train', 'bars', ...recipe, '--out', 'killed'], (text, kill) => {
      if (!sent && text.includes('Training ')) {
        sent = true;
        kill('SIGKILL');
      }
    });
    expect(killed.code).not.toBe(0);
    expect(readdirSync(join(folder, 'killed'))).toContain('run.json');
    const resumed = await fovea(folder, ['train', '--resume', 'killed', '--json']);
    expect(resumed.code).toBe(0);
    expect(resumed.json.weights).toBe((await whole).json.weights);
  });

  it('says that a finished run is finished, and goes on when there are more epochs', async () => {
    const { json } = await whole;
    const again = await fovea(folder, ['train', '--resume', 'whole', '--json']);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('finished already');
    expect(again.json.weights).toBe(json.weights);
    const longer = await fovea(folder, ['train', '--resume', 'whole', '--epochs', '41', '--json']);
    expect(longer.code).toBe(0);
    expect(longer.json.epochs).toHaveLength(41);
    expect(longer.json.weights).not.toBe(json.weights);
  });
});

describe('the first run', () => {
  it('trains, tests and classifies the built-in digits', async () => {
    const { json, code, stderr } = await fovea(folder, ['start', '--no-studio', '--json']);
    expect(code).toBe(0);
    expect(json.accuracy).toBeGreaterThan(0.98);
    expect(json.images).toBe(1000);
    expect(readdirSync(join(folder, json.run, 'pictures'))).toHaveLength(10);
    const right = json.classified.filter(({ file, top }: { file: string; top: { class: string }[] }) =>
      file.endsWith(`digit-${top[0].class}.png`),
    );
    expect(right.length).toBeGreaterThanOrEqual(9);
    expect(stderr).toContain(`Everything lies in ${json.run}`);
  });
});
