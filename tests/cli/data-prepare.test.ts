import { spawn } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { encodePng } from '../../src/node/encode.ts';
import { temporaryFolder } from '../test-data.ts';
import { fovea, writePhotos } from './fovea.ts';

vi.setConfig({ testTimeout: 60_000 });

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));
const folder = temporaryFolder();
/** Long before now, so that size and time of a file can be relied on. */
const past = new Date('2025-01-01');
const settle = (data: string): void => {
  for (const entry of readdirSync(data, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) utimesSync(join(entry.parentPath, entry.name), past, past);
  }
};
beforeAll(async () => {
  await writePhotos(join(folder, 'photos'));
  writeFileSync(join(folder, 'photos', 'train', readdirSync(join(folder, 'photos', 'train'))[0], 'torn.png'), 'torn');
  settle(join(folder, 'photos'));
});

const prepare = (...args: string[]) => fovea(folder, ['data', 'prepare', 'photos', ...args, '--json']);

describe('fovea data prepare', () => {
  it('gives the same data set, the same run and the same test as the data themselves', async () => {
    const { code, json, stderr } = await prepare();
    expect([code, json.store, json.decoded, json.kept, json.skipped.length]).toEqual([0, 'photos.store', 45, 0, 1]);
    expect(stderr).toContain('npx fovea train photos.store');
    const runs: { weights: string; train: string }[] = [];
    for (const data of ['photos', 'photos.store']) {
      const out = `run of ${data}`;
      const trained = await fovea(folder, ['train', data, '--epochs', '1', '--out', out, '--json']);
      expect(trained.code).toBe(0);
      const run = JSON.parse(readFileSync(join(folder, out, 'run.json'), 'utf8'));
      runs.push({ weights: trained.json.weights, train: run.data.train });
      if (data === 'photos') expect(run.data.store).toBeUndefined();
      else {
        expect(run.data.store).toEqual({ hash: json.hash, from: join(folder, 'photos') });
        // Pictures of a store are read as they are needed.
        expect(trained.json.memory.pictures).toBe(4 * 36);
      }
    }
    expect(runs[1]).toEqual(runs[0]);
    const tested = await fovea(folder, ['test', 'run of photos.store', '--json']);
    const direct = await fovea(folder, ['test', 'run of photos', '--json']);
    expect([tested.json.images, tested.json.loss]).toEqual([9, direct.json.loss]);
  });

  it('is data for show, doctor and split', async () => {
    const { json: shown } = await fovea(folder, ['data', 'show', 'photos.store', '--verify', '--json']);
    expect([shown.kind, shown.parts.train.count, shown.parts.test.count]).toEqual(['store', 36, 9]);
    expect(shown.chosen).toMatchObject({ height: 32, width: 32 });
    expect(shown.notes.join(' ')).toMatch(/Every shard is as it was written/);
    const doctor = await fovea(folder, ['data', 'doctor', 'photos.store', '--json']);
    expect(doctor.json.pictures).toBe(45);
    const split = await fovea(folder, ['data', 'split', 'photos.store', '--out', 's.json', '--json']);
    expect(split.json.images.test).toBe(9);
    const trained = await fovea(folder, ['train', 'photos.store', '--split', 's.json', '--epochs', '1', '--json']);
    expect([trained.code, trained.json.split]).toEqual([0, split.json.hash]);
  });

  it('decodes only what is new or changed, and says what is gone', async () => {
    const again = await prepare();
    expect([again.json.unchanged, again.json.decoded, again.json.kept]).toEqual([true, 0, 45]);
    const place = join(folder, 'photos', 'train', readdirSync(join(folder, 'photos', 'train'))[0]);
    renameSync(join(place, '0.png'), join(place, 'renamed.png'));
    rmSync(join(place, '1.png'));
    const picture = { width: 32, height: 32, channels: 3, data: new Uint8Array(3072).fill(77) } as const;
    writeFileSync(join(place, '2.png'), await encodePng(picture));
    const { json } = await prepare();
    expect([json.decoded, json.kept, json.gone, json.pictures]).toEqual([1, 43, 2, 44]);
    // An existing store keeps its settings; others are asked for.
    const grey = await prepare('--channels', '1', '--size', '8x12', '--fit', 'pad');
    expect([grey.json.decoded, grey.json.height, grey.json.width, grey.json.channels]).toEqual([44, 8, 12, 1]);
    const kept = await prepare();
    expect([kept.json.decoded, kept.json.height, kept.json.fit]).toEqual([0, 8, 'pad']);
  });

  it('applies fixes, and follows them without decoding', async () => {
    const place = readdirSync(join(folder, 'photos', 'train'))[1];
    await fovea(folder, ['data', 'fix', 'photos', '--exclude', `train/${place}/0.png`]);
    const { json } = await prepare();
    expect([json.decoded, json.pictures, json.gone]).toEqual([0, 43, 1]);
    await fovea(folder, ['data', 'fix', 'photos', '--undo']);
  });

  it('says what is wrong with a request, with --strict and with a store', async () => {
    expect((await prepare('--strict')).stderr).toMatch(/torn\.png.*--strict/);
    expect((await prepare('--out', 'photos/inner')).stderr).toMatch(/a folder outside the data/);
    expect((await prepare('--channels', '2')).code).toBe(2);
    const lock = join(folder, 'photos.store', '.lock');
    writeFileSync(lock, `${process.pid}`);
    expect((await prepare()).stderr).toMatch(new RegExp(`Process ${process.pid} prepares .* already`));
    rmSync(lock);
    const shard = readdirSync(join(folder, 'photos.store')).find((name) => name.startsWith('shard'))!;
    const whole = readFileSync(join(folder, 'photos.store', shard));
    writeFileSync(join(folder, 'photos.store', shard), whole.subarray(0, 100));
    for (const command of [
      ['train', 'photos.store'],
      ['data', 'show', 'photos.store'],
      ['data', 'prepare', 'photos'],
    ]) {
      const { code, stderr } = await fovea(folder, command);
      expect([code, /bytes .*shard-.*100 bytes.*--verify/.test(stderr)]).toEqual([1, true]);
      expect(stderr).not.toMatch(/at .*\.js:/);
    }
    const mended = await prepare('--verify');
    expect([mended.code, mended.json.damaged.length, mended.json.pictures]).toEqual([0, 1, 44]);
    expect((await fovea(folder, ['data', 'show', 'photos.store', '--verify'])).code).toBe(0);
  });

  it.each(['SIGKILL', 'SIGINT'] as const)('goes on after %s, with what was done', async (signal) => {
    if (!existsSync(join(folder, 'many'))) await writePhotos(join(folder, 'many'), 100);
    const out = `by-${signal}`;
    const args = ['data', 'prepare', 'many', '--size', '300', '--out', out];
    const journal = join(folder, out, 'work.jsonl');
    const child = spawn(process.execPath, [main, ...args], { cwd: folder });
    let said = '';
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said += text;
    });
    const timer = setInterval(() => {
      // Some pictures are written by then, and most are not.
      if (!existsSync(journal) || statSync(journal).size < 4000) return;
      clearInterval(timer);
      child.kill(signal);
    }, 3);
    const code = await new Promise((resolve) => child.on('close', resolve));
    clearInterval(timer);
    expect(code).toBe(signal === 'SIGINT' ? 1 : null);
    if (signal === 'SIGINT')
      expect(said).toMatch(/Interrupted; \d+ of 309 pictures are kept. Go on with: npx fovea data/);
    expect(existsSync(join(folder, out, 'store.json'))).toBe(false);
    expect((await fovea(folder, ['train', out])).stderr).toMatch(/not finished.*fovea data prepare/s);
    const { json } = await fovea(folder, [...args, '--json']);
    expect(json.kept).toBeGreaterThan(8);
    expect([json.pictures, json.decoded]).toEqual([309, 309 - json.kept]);
    expect(readdirSync(join(folder, out)).filter((name) => /work|lock/.test(name))).toEqual([]);
    expect((await fovea(folder, ['data', 'show', out, '--verify'])).code).toBe(0);
  });
});
