import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { temporaryFolder } from '../test-data.ts';
import { fovea, writePhotos } from './fovea.ts';

vi.setConfig({ testTimeout: 60_000 });

const folder = temporaryFolder();
let large: string;

/** Small pictures of 3 kB, and one of 10,000 pixels of noise in 30 kB. */
beforeAll(async () => {
  const photos = await writePhotos(join(folder, 'photos'));
  const [first] = readdirSync(join(photos, 'train'));
  large = `train/${first}/large.png`;
  const data = Uint8Array.from({ length: 30_000 }, (_, i) => Math.imul(i, 2654435761) >>> 21);
  writeFileSync(
    join(photos, large),
    await sharp(data, { raw: { width: 100, height: 100, channels: 3 } })
      .png()
      .toBuffer(),
  );
  mkdirSync(join(folder, 'new'));
  writeFileSync(join(folder, 'new', 'large.png'), await sharp(join(photos, large)).toBuffer());
});

const skipped = async (...args: string[]): Promise<{ origin: string; reason: string }[]> => {
  const { code, json } = await fovea(folder, [...args, '--json']);
  expect(code).toBe(0);
  return json.skipped;
};

describe('limits of reading', () => {
  it('leaves larger pictures out where data are prepared, until the limit is raised', async () => {
    const prepare = ['data', 'prepare', 'photos', '--size', '16'];
    const [{ origin, reason }] = await skipped(...prepare, '--limit-pixels', '9K');
    expect([origin, reason]).toEqual([large, expect.stringContaining('100x100 pixels, more than the limit of 9000')]);
    expect(await skipped(...prepare, '--limit-pixels', '10K')).toEqual([]);
    expect(await skipped(...prepare, '--limit-bytes', '50K')).toEqual([]);
    const fresh = [...prepare, '--out', 'other.store'];
    expect((await skipped(...fresh, '--limit-bytes', '10K'))[0].reason).toMatch(
      /a file of \d+ bytes, more than .* 10000 /,
    );
  });

  it('counts for training, examining and classifying', async () => {
    const train = ['train', 'photos', '--model', 'linear', '--epochs', '1', '--size', '16', '--out', 'run'];
    const trained = await fovea(folder, [...train, '--limit-pixels', '9K']);
    expect([trained.code, trained.stdout]).toEqual([0, expect.stringContaining('more than the limit of 9000')]);
    const { json } = await fovea(folder, ['data', 'doctor', 'photos', '--limit-pixels', '9K', '--json']);
    expect(json.unreadable).toBe(1);
    const classified = await fovea(folder, ['classify', 'run', 'new', '--limit-pixels', '9K']);
    expect([classified.code, classified.stdout + classified.stderr]).toEqual([1, expect.stringContaining('9000')]);
    expect((await fovea(folder, ['classify', 'run', 'new'])).code).toBe(0);
  });

  it('refuses more pictures than are allowed, and numbers that are none', async () => {
    const many = await fovea(folder, ['data', 'show', 'photos', '--limit-files', '20']);
    expect([many.code, many.stderr]).toEqual([1, expect.stringContaining('Expected at most 20 pictures')]);
    const none = await fovea(folder, ['train', 'photos', '--limit-pixels', '-3']);
    expect([none.code, none.stderr]).toEqual([2, expect.stringMatching(/Expected a whole number .* --limit-pixels/)]);
  });
});
