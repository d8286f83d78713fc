/**
 * Prepared stores on real pictures: the time of building against a bare sharp loop over the same files, the time of a second
 * import, steps a second from a store against pictures in memory, and the memory of a training whose store is three times
 * as large as what it may hold.
 */
import { spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/core/dataset/dataset.ts';
import { createDataset } from '../../src/core/dataset/dataset.ts';
import { copyPixels } from '../../src/core/dataset/pixels.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { RandomStream } from '../../src/core/random.ts';
import { defaultsOf } from '../../src/core/train/defaults.ts';
import { runTraining } from '../../src/core/train/trainer.ts';
import type { PrepareOutcome } from '../../src/core/workbench/prepare-data.ts';
import { createEngine } from '../../src/node/engine.ts';
import { openData } from '../../src/node/open-data.ts';
import { prepareData } from '../../src/node/prepare-data.ts';
import { describeWithData, temporaryFolder, unpack } from '../test-data.ts';
import { layOutTrashnet } from './trashnet.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
/** As many at once as Fovea decodes. */
const atOnce = 4;
const rounds = Number(process.env.FOVEA_ROUNDS ?? 3);

function picturesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.jpg'))
    .map((entry) => join(entry.parentPath, entry.name));
}

/** Seconds of a bare loop that decodes all files in full and throws the pixels away. */
async function bare(files: readonly string[]): Promise<number> {
  let next = 0;
  const start = performance.now();
  const work = async (): Promise<void> => {
    while (next < files.length) await sharp(files[next++]).raw().toBuffer();
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return (performance.now() - start) / 1000;
}

async function prepare(data: string, out: string, size: number): Promise<PrepareOutcome> {
  const outcome = await prepareData({ data, out, size: { height: size, width: size } });
  if ('stopped' in outcome) throw new Error('stopped');
  return outcome;
}

/** The median of bare time to building time, in rounds in turn. */
async function compare(title: string, data: string, out: string, size: number): Promise<number> {
  const files = picturesBelow(data);
  await bare(files.slice(0, 200));
  const ratios: number[] = [];
  const told: string[] = [];
  for (let i = 0; i < rounds; i++) {
    rmSync(out, { recursive: true, force: true });
    const theirs = await bare(files);
    const { seconds, pictures } = await prepare(data, out, size);
    expect(pictures).toBe(files.length);
    ratios.push(theirs / seconds);
    told.push(`${(pictures / seconds).toFixed(0)} against ${(pictures / theirs).toFixed(0)}`);
  }
  const ratio = ratios.sort((a, b) => a - b)[rounds >> 1];
  console.log(`${title} to ${size}x${size}: ratio ${ratio.toFixed(2)} (pictures/s: ${told.join(', ')})`);
  return ratio;
}

describeWithData('photos/trashnet150.tar', 'TrashNet', (archive) => {
  it('is built at 0.8 of bare sharp at least', async () => {
    const folder = temporaryFolder();
    layOutTrashnet(archive, join(folder, 'trashnet'));
    rmSync(join(folder, 'trashnet', '.unpacked'), { recursive: true });
    expect(await compare('TrashNet', join(folder, 'trashnet'), join(folder, 's'), 150)).toBeGreaterThanOrEqual(0.8);
  });
});

describeWithData('cifar10/cifar10-full-jpg.tar.gz', 'CIFAR-10 as JPEG', (archive) => {
  const folder = temporaryFolder();
  const [data, out] = [join(folder, 'cifar'), join(folder, 'cifar.store')];

  it('is built at 0.8 of bare sharp at least, and again in a tenth of the time', async () => {
    unpackInto(archive, data);
    expect(await compare('CIFAR-10', data, out, 32)).toBeGreaterThanOrEqual(0.8);
    rmSync(out, { recursive: true });
    const first = await prepare(data, out, 32);
    const second = await prepare(data, out, 32);
    console.log(`imported in ${first.seconds.toFixed(1)} s, again in ${second.seconds.toFixed(2)} s`);
    expect([first.decoded, second.decoded, second.unchanged]).toEqual([60_000, 0, true]);
    expect(second.seconds).toBeLessThan(first.seconds / 10);
  });

  it('trains at 0.95 of the steps a second of pictures in memory at least', async () => {
    if (!existsSync(out)) await prepare(unpackInto(archive, data), out, 32);
    const stored = (await openData(out)).train!;
    const held = createDataset({ ...stored, pixels: copyPixels(stored.pixels) });
    const engine = await createEngine({});
    const ratios: number[] = [];
    const told: string[] = [];
    for (let i = 0; i < 5; i++) {
      const [memory, disk] = [await stepsPerSecond(engine, held), await stepsPerSecond(engine, stored)];
      ratios.push(disk / memory);
      told.push(`${disk.toFixed(1)} against ${memory.toFixed(1)}`);
    }
    await engine.dispose();
    const ratio = ratios.sort((a, b) => a - b)[2];
    console.log(`steps/s from a store: ratio ${ratio.toFixed(3)} (${told.join(', ')})`);
    expect(ratio).toBeGreaterThanOrEqual(0.95);
  });
});

function unpackInto(archive: string, data: string): string {
  if (existsSync(data)) return data;
  unpack(archive, join(data, '..'));
  // Class folders of train and test lie in the archive's root.
  const root = join(data, '..');
  const parts = readdirSync(root).filter((name) => name === 'train' || name === 'test');
  expect(parts).toEqual(['test', 'train']);
  mkdirSync(data);
  for (const part of parts) renameSync(join(root, part), join(data, part));
  return data;
}

/** Steps a second of mnist-cnn, the model that waits least for its arithmetic, over 120 steps. */
async function stepsPerSecond(engine: Awaited<ReturnType<typeof createEngine>>, train: Dataset): Promise<number> {
  const ends: number[] = [];
  const abort = new AbortController();
  await runTraining({
    engine,
    recipe: {
      version: 1,
      modelName: 'mnist-cnn',
      model: buildPreset('mnist-cnn', { input: [32, 32, 3], classes: 10 }),
      optimizer: defaultsOf('mnist-cnn').optimizer,
      learningRate: 0.001,
      schedule: { type: 'constant' },
      loss: { type: 'softmaxCrossEntropy' },
      epochs: 1,
      batch: 64,
      augmentation: { flip: true, crop: 4 },
      seed: 1,
      val: 0,
    },
    train,
    val: train,
    preprocessing: { mean: [0.5, 0.5, 0.5], std: [0.25, 0.25, 0.25] },
    clock: () => performance.now(),
    signal: abort.signal,
    onEvent(event) {
      if (event.kind !== 'step') return;
      ends.push(performance.now());
      if (ends.length === 121) abort.abort();
    },
  });
  return (120 / (ends[120] - ends[0])) * 1000;
}

describe('a store three times as large as what a training may hold', () => {
  it('keeps to it, from opening to its end', async () => {
    const folder = temporaryFolder();
    // 25,700 pictures of 49 kB: 1.26 GB.
    const [side, count] = [128, 25_700];
    writeNoise(join(folder, 'noise'), count, side);
    const { bytes } = await prepare(join(folder, 'noise'), join(folder, 'noise.store'), side);
    rmSync(join(folder, 'noise'), { recursive: true });
    expect(bytes).toBe(count * side * side * 3);
    const allowed = bytes / 3;
    const train = ['train', 'noise.store', '--model', 'lenet5', '--epochs', '1', '--batch', '16', '--json'];
    const { code, highest, json } = await watched(folder, train);
    console.log(
      `store ${mb(bytes)}, allowed ${mb(allowed)}, highest resident ${mb(highest)}, foretold ${mb(json.memory.total)} of which pictures ${mb(json.memory.pictures)}`,
    );
    expect(code).toBe(0);
    expect(highest).toBeLessThan(allowed);
    expect(json.memory.pictures).toBe(4 * count);
  });
});

const mb = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/** Pictures of noise as NumPy arrays, no two alike. */
function writeNoise(folder: string, count: number, side: number): void {
  mkdirSync(folder, { recursive: true });
  const random = new RandomStream(1, 'dataset');
  const size = side * side * 3;
  const noise = Uint8Array.from({ length: 2 * size }, () => random.below(256));
  writeNpy(join(folder, 'x_train.npy'), [count, side, side, 3], (i) => {
    const at = random.below(size);
    noise[at] ^= 1 + (i & 1);
    return noise.subarray(at, at + size);
  });
  writeNpy(join(folder, 'y_train.npy'), [count], (i) => Uint8Array.of(i & 1));
}

function writeNpy(path: string, shape: readonly number[], row: (i: number) => Uint8Array): void {
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(', ')},), }`;
  const header = `${text.padEnd(Math.ceil((text.length + 11) / 64) * 64 - 11)}\n`;
  const length = Buffer.alloc(2);
  length.writeUInt16LE(header.length);
  const descriptor = openSync(path, 'w');
  writeSync(descriptor, Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, Buffer.from(header)]));
  for (let i = 0; i < shape[0]; i++) writeSync(descriptor, row(i));
  closeSync(descriptor);
}

/**
 * Runs the command and reads the most memory that it had resident from the kernel's own mark (VmHWM), again and again until
 * it ends. Pages of the file cache are the system's, which gives them back, and are not in it.
 */
function watched(
  cwd: string,
  args: readonly string[],
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever JSON comes
): Promise<{ code: number | null; highest: number; json: any }> {
  const child = spawn(process.execPath, [main, ...args], { cwd });
  let highest = 0;
  const timer = setInterval(() => {
    try {
      const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
      highest = Math.max(highest, 1024 * Number(/VmHWM:\s*(\d+)/.exec(status)?.[1] ?? 0));
    } catch {
      // It has ended.
    }
  }, 20);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.pipe(process.stderr);
  return new Promise((resolve) => {
    child.on('close', (code) => {
      clearInterval(timer);
      resolve({ code, highest, json: JSON.parse(stdout.trim().split('\n').at(-1) || '{}') });
    });
  });
}
