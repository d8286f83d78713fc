import { mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fileCache } from './cache.ts';

const nameOf = (number: number): string => `near-copies-${number.toString(16).padStart(32, '0')}.json`;

describe('fileCache', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'fovea-cache-'));
    vi.stubEnv('FOVEA_CACHE', join(folder, 'kept'));
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
  });

  it('gives back what was written, and nothing else', async () => {
    expect(await fileCache.read(nameOf(1))).toBeUndefined();
    await fileCache.write(nameOf(1), Uint8Array.of(1, 2, 3));
    expect([...(await fileCache.read(nameOf(1)))!]).toEqual([1, 2, 3]);
    expect(readdirSync(join(folder, 'kept'))).toEqual([nameOf(1)]);
  });

  it('keeps nothing where nothing may be kept, and does not mind', async () => {
    writeFileSync(join(folder, 'kept'), 'a file in the way');
    await fileCache.write(nameOf(1), Uint8Array.of(1));
    expect(await fileCache.read(nameOf(1))).toBeUndefined();
    vi.stubEnv('FOVEA_CACHE', '');
    await fileCache.write(nameOf(1), Uint8Array.of(1));
    expect(await fileCache.read(nameOf(1))).toBeUndefined();
  });

  it('removes its oldest results, and never a file of anybody else', async () => {
    const kept = join(folder, 'kept');
    mkdirSync(kept);
    writeFileSync(join(kept, 'thesis.txt'), 'mine');
    utimesSync(join(kept, 'thesis.txt'), 1, 1);
    for (let i = 0; i < 256; i++) {
      writeFileSync(join(kept, nameOf(i)), '');
      utimesSync(join(kept, nameOf(i)), 1000 + i, 1000 + i);
    }
    await fileCache.write(nameOf(999), Uint8Array.of(1));
    const names = readdirSync(kept);
    expect(names).toContain('thesis.txt');
    expect(names).toContain(nameOf(999));
    expect(names).not.toContain(nameOf(0));
    expect(names).toHaveLength(257);
  });
});
