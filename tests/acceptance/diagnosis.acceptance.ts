/**
 * Issue 6, measure 4: which of fourteen planted situations the diagnosis names, and false alarms on ten healthy runs.
 * Thresholds were tuned on MNIST and CIFAR-10 with seed 101; here are Fashion-MNIST, CIFAR-10 and the built-in sets with
 * other seeds.
 */
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { type Dataset, subset } from '../../src/core/dataset/dataset.ts';
import { diagnose } from '../../src/core/train/diagnosis/index.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { type Pictures, situations, take, trainPlanted } from '../diagnosis/situations.ts';
import { describeWithData, temporaryFolder, unpack } from '../test-data.ts';

const rows: string[] = [];
afterAll(() => console.log(`\n${rows.join('\n')}`));

async function dealt(data: string, train: number, val: number, seed: number): Promise<Pictures> {
  const source = await nodeAdapters.openData(data, { seed });
  const drawn = take(source.train as Dataset, train + val, seed);
  const places = Array.from({ length: drawn.count }, (_, i) => i);
  return { train: subset(drawn, places.slice(0, train)), val: subset(drawn, places.slice(train)) };
}

/** All that is found, and the first. */
async function kindsOf(planted: Parameters<typeof trainPlanted>[0], seed: number): Promise<string[]> {
  const trained = await trainPlanted(planted, seed);
  return diagnose({ ...trained, over: true }).map(({ kind }) => kind);
}

describeWithData('fashion-mnist', 'planted situations, Fashion-MNIST', (data) => {
  for (const seed of [1, 2]) {
    it.each(situations)(`$name, seed ${seed}`, async ({ name, expected, plant }) => {
      const found = await kindsOf(plant(await dealt(data, 3000, 1000, seed), seed), seed);
      rows.push(`fashion seed ${seed} | ${name} | ${expected ?? 'nothing'} | ${found.join(', ') || 'nothing'}`);
      if (expected === undefined) expect(found).toEqual([]);
      else expect(found[0]).toBe(expected);
    });
  }
});

const folder = temporaryFolder();

describeWithData('cifar10/cifar10-small-png.tar.gz', 'healthy runs', (archive) => {
  const cifar = join(unpack(archive, folder), 'cifar10-small');
  const fashion = join(archive, '..', '..', 'fashion-mnist');
  const healthy: readonly (readonly [data: string, train: number, val: number, model: string, epochs: number])[] = [
    ['digits', 5000, 800, 'mnist-cnn', 4],
    ['digits', 3000, 800, 'lenet5', 6],
    ['digits', 3000, 800, 'mlp', 6],
    ['shapes', 4000, 800, 'vgg6-bn', 6],
    ['shapes', 3000, 800, 'mobile', 5],
    [fashion, 6000, 1500, 'mnist-cnn', 4],
    [fashion, 6000, 1500, 'lenet5', 8],
    [fashion, 6000, 1500, 'linear', 8],
    [cifar, 4000, 1000, 'vgg6-bn', 8],
    [cifar, 4000, 1000, 'resnet20', 8],
  ];
  it.each(healthy)('%s, %i and %i pictures, %s, %i epochs', async (name, train, val, model, epochs) => {
    const found = await kindsOf({ ...(await dealt(name, train, val, 3)), choices: { model, epochs } }, 3);
    rows.push(`healthy | ${name.split('/').at(-1)} ${model} | nothing | ${found.join(', ') || 'nothing'}`);
    expect(found).toEqual([]);
  });
});
