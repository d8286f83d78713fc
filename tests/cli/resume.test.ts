/** Killed at any moment, a training goes on to the same bits; and a run can be trained again to them. */
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, vi } from 'vitest';
import { RandomStream } from '../../src/core/random.ts';
import { engineBits } from '../../src/core/train/bits.ts';
import { temporaryFolder } from '../test-data.ts';
import { fovea, writeBars } from './fovea.ts';
import { readAll, tenEpochs, trainThroughKills } from './kill.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = temporaryFolder();
writeBars(join(folder, 'bars'), 5000);
const olderRuns = fileURLToPath(new URL('../golden/data/runs/', import.meta.url));
const describeRun = (run: string) => JSON.parse(readFileSync(join(folder, run, 'run.json'), 'utf8'));

const whole = fovea(folder, ['train', 'bars', ...tenEpochs, '--out', 'whole', '--json']);

it.skipIf(process.platform === 'win32')('comes to the same bits through three kills', async () => {
  const random = new RandomStream(Date.now() % 4294967296, 'sample');
  const { json } = await whole;
  const killed = await trainThroughKills(folder, 'bars', 'killed', 3, () => random.uniform());
  expect(killed.kills).toBe(3);
  expect(killed.weights).toBe(json.weights);
  const told = (epochs: readonly object[]) => epochs.map((one) => ({ ...one, seconds: 0 }));
  expect(told(killed.epochs)).toEqual(told(json.epochs));
  expect(describeRun('killed').best.epoch).toBe(describeRun('whole').best.epoch);
  // What was half written when the kill came is gone.
  expect(readdirSync(join(folder, 'killed')).sort()).toEqual(readdirSync(join(folder, 'whole')).sort());
});

it('makes whole what a kill between two files left', async () => {
  await whole;
  for (const epochsDone of [9, 10]) {
    const run = `torn-${epochsDone}`;
    cpSync(join(folder, 'whole'), join(folder, run), { recursive: true });
    writeFileSync(join(folder, run, 'best.safetensors.0123abcd.partial'), 'half');
    // The state is of the end of epoch 10; the others are as if they had not been written yet.
    writeFileSync(
      join(folder, run, 'run.json'),
      JSON.stringify({ ...describeRun('whole'), epochsDone, status: 'running' }),
    );
    const { code, json } = await fovea(folder, ['train', '--resume', run, '--json']);
    expect(code).toBe(0);
    expect(json.weights).toBe((await whole).json.weights);
    expect(describeRun(run)).toMatchObject({ epochsDone: 10, status: 'finished', best: describeRun('whole').best });
    expect(readdirSync(join(folder, run)).sort()).toEqual(readdirSync(join(folder, 'whole')).sort());
  }
});

it('goes on when there is no room to save within an epoch, and says so', async () => {
  mkdirSync(join(folder, 'stuck'));
  // A folder where the state should stand cannot be written over, as a full disk cannot.
  mkdirSync(join(folder, 'stuck', 'last.state.safetensors', 'x'), { recursive: true });
  const args = ['train', 'bars', '--model', 'linear', '--epochs', '1', '--out', 'stuck', '--save-every', '0.00001'];
  const { code, stdout, stderr } = await fovea(folder, args);
  expect(stdout).toContain('Not saved this time. Expected a file that can be written');
  expect(code).toBe(1);
  expect(stderr).toContain('last.state.safetensors');
});

it('trains a run again to the same bits, also one that was made longer', async () => {
  const args = ['train', 'bars', '--model', 'linear', '--epochs', '2', '--batch', '64', '--out', 'longer', '--json'];
  await fovea(folder, args);
  await fovea(folder, ['train', '--resume', 'longer', '--epochs', '4', '--json']);
  expect(describeRun('longer')).toMatchObject({
    bits: engineBits,
    earlier: [{ epochs: 2, until: { epoch: 3, step: 0 } }],
  });
  const { code, json, stderr } = await fovea(folder, ['reproduce', 'longer', '--threads', '1', '--json']);
  expect(code).toBe(0);
  expect(json).toMatchObject({ same: true, epochs: 4, difference: null, bits: { expected: engineBits } });
  expect(json.weights.received).toBe(json.weights.expected);
  expect(stderr).toContain('bit for bit');
});

it('names the first number that differs', async () => {
  await whole;
  const state = (run: string) => join(folder, run, 'last.state.safetensors');
  cpSync(join(folder, 'whole'), join(folder, 'other-loss'), { recursive: true });
  const { epochs } = (await whole).json;
  const text = String(epochs[1].valLoss);
  const last = text.at(-1) === '1' ? '2' : '1';
  writeFileSync(
    state('other-loss'),
    Buffer.from(
      readFileSync(state('whole'))
        .toString('latin1')
        .replace(`${text},`, `${text.slice(0, -1)}${last},`),
      'latin1',
    ),
  );
  const loss = await fovea(folder, ['reproduce', 'other-loss', '--json']);
  expect(loss.code).toBe(1);
  expect(loss.json).toMatchObject({ same: false, epochs: 1, difference: { epoch: 2, what: 'valLoss' } });
  expect(loss.json.difference.received).toBe(epochs[1].valLoss);

  cpSync(join(folder, 'whole'), join(folder, 'other-weight'), { recursive: true });
  const bytes = readFileSync(state('whole'));
  bytes[bytes.length - 4] ^= 1; // the last tensor of the file is a weight or the optimizer's
  writeFileSync(state('other-weight'), bytes);
  const weight = await fovea(folder, ['reproduce', 'other-weight', '--json']);
  expect(weight.json.difference?.what ?? 'optimizer').toMatch(/weights|optimizer/);
});

it('refuses where bits are known to be others, unless it is to train anyway', async () => {
  await whole;
  cpSync(join(folder, 'whole'), join(folder, 'foreign'), { recursive: true });
  const description = { ...describeRun('whole'), bits: '0-00000000', fovea: '0.0.9' };
  writeFileSync(join(folder, 'foreign', 'run.json'), JSON.stringify(description));
  const refused = await fovea(folder, ['reproduce', 'foreign', '--json']);
  expect(refused.code).toBe(1);
  expect(refused.json.error.message).toContain(`bits ${engineBits}) but received one of Fovea 0.0.9, bits 0-00000000`);
  const anyway = await fovea(folder, ['reproduce', 'foreign', '--anyway', '--json']);
  expect(anyway.json).toMatchObject({ same: true, bits: { expected: '0-00000000', received: engineBits } });
  // Going on with it is allowed; that it is of two engines is recorded.
  await fovea(folder, ['train', '--resume', 'foreign', '--epochs', '11', '--json']);
  expect(describeRun('foreign').bits).toBe(`0-00000000+${engineBits}`);
});

/** What reproducing an older run says: the same bits, or an honest refusal that names both engines. */
const reproductions: Readonly<Record<string, string>> = {
  'version-1': 'before runs recorded which bits',
  'version-1-two-losses': '',
};

it('opens run folders of each earlier format, goes on with them and trains them again', async () => {
  for (const name of readdirSync(olderRuns)) {
    cpSync(join(olderRuns, name), join(folder, name), { recursive: true });
    await readAll(join(folder, name));
    const listed = await fovea(folder, ['runs', name, '--json']);
    expect(listed.json.runs[0]).toMatchObject({ status: 'finished', epochs: 3, of: 3 });
    const { bits } = JSON.parse(readFileSync(join(folder, name, 'run.json'), 'utf8')) as { bits?: string };
    const again = await fovea(folder, ['reproduce', name, '--json']);
    if (bits === undefined || bits === engineBits) {
      expect(again.json, name).toMatchObject({ same: true, epochs: 3 });
      expect(again.stderr).toContain(reproductions[name]);
    } else {
      expect(again.code).toBe(1);
      expect(again.stderr).toContain(`Fovea 0.1.0, bits ${bits}`);
      expect(again.stderr).toContain(engineBits);
    }
    const diagnosed = await fovea(folder, ['diagnose', name, '--json']);
    expect(diagnosed.json).toMatchObject({ status: 'finished', diagnosis: [] });
    expect(diagnosed.json.missing).toHaveLength(3);
    const longer = await fovea(folder, ['train', '--resume', name, '--epochs', '4', '--json']);
    expect(longer.json.epochs).toHaveLength(4);
    expect(longer.json.epochs[2].trainLoss).toBeUndefined();
    expect(longer.json.epochs[3].trainLoss).toBeGreaterThan(0);
  }
});
