import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { describeWithData, temporaryFolder, unpack } from '../test-data.ts';
import { layOutTrashnet } from './trashnet.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const rows: { name: string; accuracy: number; interval: [number, number]; minutes: number; imagesPerSecond: number }[] =
  [];

/** Runs the command as a person would and gives the object on its last line. */
function fovea(...args: string[]): Record<string, unknown> {
  const output = execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...args, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  return JSON.parse(output.trimEnd().split('\n').at(-1) as string);
}

/** Trains, tests, remembers the figures, and gives the test accuracy. */
function trainAndTest(name: string, out: string, ...args: string[]): number {
  const start = performance.now();
  const trained = fovea('train', ...args, '--out', out);
  const minutes = (performance.now() - start) / 60_000;
  const tested = fovea('test', out) as { accuracy: number; images: number; interval: [number, number] };
  const imagesPerSecond = trained.imagesPerSecond as number;
  rows.push({ name, accuracy: tested.accuracy, interval: tested.interval, minutes, imagesPerSecond });
  return tested.accuracy;
}

const folder = temporaryFolder();

describeWithData('mnist', 'MNIST, mnist-cnn', (data) => {
  it('reaches 97.5 % after 1 epoch', () => {
    expect(
      trainAndTest('MNIST mnist-cnn, 1 epoch', join(folder, 'mnist-1'), data, '--model', 'mnist-cnn', '--epochs', '1'),
    ).toBeGreaterThanOrEqual(0.975);
  });
  it('reaches 99.0 % after 6 epochs', () => {
    expect(
      trainAndTest('MNIST mnist-cnn, 6 epochs', join(folder, 'mnist-6'), data, '--model', 'mnist-cnn', '--epochs', '6'),
    ).toBeGreaterThanOrEqual(0.99);
  });
});

describeWithData('fashion-mnist', 'Fashion-MNIST, mnist-cnn', (data) => {
  it('reaches 91.0 % after 8 epochs', () => {
    expect(
      trainAndTest(
        'Fashion-MNIST mnist-cnn, 8 epochs',
        join(folder, 'fashion'),
        data,
        '--model',
        'mnist-cnn',
        '--epochs',
        '8',
      ),
    ).toBeGreaterThanOrEqual(0.91);
  });
});

describeWithData('cifar10/cifar10-small-png.tar.gz', 'CIFAR-10 small, vgg6-bn', (archive) => {
  it('reaches 55 % after 15 epochs', () => {
    const data = join(unpack(archive, folder), 'cifar10-small');
    expect(
      trainAndTest(
        'CIFAR-10 small vgg6-bn, 15 epochs',
        join(folder, 'cifar'),
        data,
        '--model',
        'vgg6-bn',
        '--epochs',
        '15',
      ),
    ).toBeGreaterThanOrEqual(0.55);
  });
});

describeWithData('photos/trashnet150.tar', 'TrashNet, nothing chosen by hand', (archive) => {
  it('is trained and tested on its authors’ split', () => {
    const data = join(folder, 'trashnet');
    mkdirSync(data);
    layOutTrashnet(archive, data);
    // The aim is 70 %; the figure is reported whatever it is, above what guessing the largest class gives.
    expect(trainAndTest('TrashNet, all defaults', join(folder, 'trash'), data)).toBeGreaterThan(0.5);
  });
});

afterAll(() => {
  const machine = `${cpus()[0].model.trim()}, ${availableParallelism()} cores, Node ${process.version}`;
  const date = new Date().toISOString().slice(0, 10);
  const out = join(root, 'bench', 'runs', `${date}-accuracy`);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'accuracy.json'), `${JSON.stringify({ date, machine, rows }, null, 2)}\n`);
  for (const row of rows) {
    const interval = row.interval?.map((x) => (100 * x).toFixed(1)).join(' to ');
    console.log(
      `${row.name}: ${(100 * row.accuracy).toFixed(2)} % (95 %: ${interval}), ${row.minutes.toFixed(1)} min, ${Math.round(row.imagesPerSecond)} images/s`,
    );
  }
});
