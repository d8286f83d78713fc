/** Planted situations are named by real trainings: the small half of tests/acceptance/diagnosis.acceptance.ts. */
import { expect, it } from 'vitest';
import { generateDigits } from '../../src/core/dataset/builtin/digits.ts';
import { diagnose } from '../../src/core/train/diagnosis/index.ts';
import { situations, trainPlanted } from './situations.ts';

const { train, test } = generateDigits({ seed: 41, train: 1500, test: 400 });
const pictures = { train: train!, val: test! };

const small = [
  ...['learning rate x 100', 'learning rate / 1000', '30 % shuffled labels', 'dead units by bias'],
  ...['leaked validation', 'healthy run'],
];

it.each(situations.filter(({ name }) => small.includes(name)))('$name', async ({ plant, expected }) => {
  const trained = await trainPlanted(plant(pictures, 41), 41);
  const found = diagnose({ ...trained, over: true });
  expect(found.map(({ kind }) => kind)).toEqual(expected === undefined ? [] : [expected]);
});
