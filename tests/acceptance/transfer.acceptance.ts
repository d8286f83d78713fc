/**
 * What beginning with a trained model gives where pictures are few: a backbone trained on CIFAR-10 here, then TrashNet
 * with 20, 50 and 150 training pictures a class. The table stands in docs/transfer.md and decides what `fovea train`
 * recommends. FOVEA_BACKBONE names a run to begin with, so that it need not be trained again.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, linkSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeWithData, temporaryFolder, testData, unpack } from '../test-data.ts';
import { layOutTrashnet } from './trashnet.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const folder = temporaryFolder();

function fovea(...args: string[]): Record<string, unknown> {
  const output = execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...args, '--json'], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  return JSON.parse(output.trimEnd().split('\n').at(-1) as string);
}

/** The first `perClass` of every class, spread over its files in the order of their numbers; val and test whole. */
function fewPictures(whole: string, perClass: number): string {
  const few = join(folder, `trash-${perClass}`);
  for (const part of ['val', 'test']) cpSync(join(whole, part), join(few, part), { recursive: true });
  for (const name of readdirSync(join(whole, 'train'))) {
    const number = (file: string): number => Number(file.replace(/\D/g, ''));
    const files = readdirSync(join(whole, 'train', name)).sort((a, b) => number(a) - number(b));
    mkdirSync(join(few, 'train', name), { recursive: true });
    const count = Math.min(perClass, files.length);
    for (let i = 0; i < count; i++) {
      const file = files[Math.floor((i * files.length) / count)];
      linkSync(join(whole, 'train', name, file), join(few, 'train', name, file));
    }
  }
  return few;
}

let backbone = process.env.FOVEA_BACKBONE ?? '';
const from = (): string[] => ['--weights', backbone, '--model', 'vgg6-bn'];
/** How one begins, and which layers learn when. */
const ways: Readonly<Record<string, () => string[]>> = {
  'from scratch': () => ['--model', 'vgg6-bn'],
  'all layers learn': from,
  'head only': () => [...from(), '--freeze', 'trunk'],
  'staged, trunk at a tenth': () => [...from(), '--freeze', 'trunk', '--unfreeze-at', '6', '--lr-factor', 'trunk=0.1'],
  'staged, trunk at the full rate': () => [...from(), '--freeze', 'trunk', '--unfreeze-at', '4'],
};

const rows: Record<string, unknown>[] = [];
afterAll(() => {
  if (rows.length === 0) return;
  console.table(rows);
  const date = new Date().toISOString().slice(0, 10);
  const machine = `${cpus()[0].model.trim()}, ${availableParallelism()} cores, Node ${process.version}`;
  const out = join(root, 'bench', 'runs', `${date}-transfer`);
  mkdirSync(out, { recursive: true });
  writeFileSync(join(out, 'transfer.json'), `${JSON.stringify({ date, machine, rows }, null, 2)}\n`);
});

describeWithData('cifar10/cifar10-full-jpg.tar.gz', 'transfer to few pictures', (archive) => {
  let whole: string;
  beforeAll(() => {
    whole = join(folder, 'trash');
    mkdirSync(whole);
    layOutTrashnet(testData('photos/trashnet150.tar') as string, whole);
    if (backbone !== '') return;
    backbone = join(folder, 'backbone');
    const cifar = join(folder, 'cifar');
    mkdirSync(cifar);
    unpack(archive, cifar);
    fovea('train', cifar, '--model', 'vgg6-bn', '--epochs', '10', '--val', '0.05', '--out', backbone);
  }, 1_800_000);

  describe.each([20, 50, 150])('TrashNet with %i pictures a class', (perClass) => {
    let data: string;
    beforeAll(() => {
      data = fewPictures(whole, perClass);
    });
    it.each(Object.keys(ways))('%s', (way) => {
      const out = join(folder, `${perClass} ${way}`);
      const start = performance.now();
      fovea('train', data, ...ways[way](), '--size', '64', '--epochs', '30', '--out', out);
      const seconds = (performance.now() - start) / 1000;
      const { accuracy, interval } = fovea('test', out) as { accuracy: number; interval: [number, number] };
      rows.push({ perClass, way, accuracy, interval: interval.join(' to '), seconds });
      // Six classes: what guessing reaches is 25 %.
      expect(accuracy).toBeGreaterThan(0.35);
    });
  });
});
