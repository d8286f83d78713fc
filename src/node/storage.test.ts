import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../../tests/test-data.ts';
import { fileError, fileStorage } from './storage.ts';

const folder = temporaryFolder();

describe('file storage', () => {
  it('replaces a file whole and leaves nothing beside it', async () => {
    const path = join(folder, 'a.json');
    await fileStorage.write(path, 'one');
    await fileStorage.write(path, new TextEncoder().encode('two'));
    expect(readFileSync(path, 'utf8')).toBe('two');
    expect(readdirSync(folder)).toEqual(['a.json']);
  });

  it('keeps the old file and cleans up when it cannot be replaced', async () => {
    const inner = join(folder, 'kept');
    mkdirSync(join(inner, 'target'), { recursive: true });
    writeFileSync(join(inner, 'target', 'x'), 'old');
    await expect(fileStorage.write(join(inner, 'target'), 'new')).rejects.toThrow(/can be written for '.*target'/);
    expect(readdirSync(inner)).toEqual(['target']);
    expect(readFileSync(join(inner, 'target', 'x'), 'utf8')).toBe('old');
  });

  it('creates a file once, however many want it at the same moment', async () => {
    const path = join(folder, 'claimed', 'run.json');
    await fileStorage.makeFolder(join(folder, 'claimed'));
    const won = await Promise.all(['a', 'b', 'c', 'd'].map((text) => fileStorage.create(path, text)));
    expect(won.filter(Boolean)).toHaveLength(1);
    expect(readFileSync(path, 'utf8')).toBe('abcd'[won.indexOf(true)]);
    expect(readdirSync(join(folder, 'claimed'))).toEqual(['run.json']);
  });

  it('makes folders in folders, and says so at once where nothing can be made', async () => {
    const deep = join(folder, 'x', 'y', 'z');
    expect(await fileStorage.makeFolder(deep)).toBe(true);
    expect(await fileStorage.makeFolder(deep)).toBe(true);
    expect(await fileStorage.makeFolder(deep, { fresh: true })).toBe(false);
    expect(await fileStorage.makeFolder(join(deep, '1', '2'), { fresh: true })).toBe(true);
    await expect(fileStorage.makeFolder('')).rejects.toThrow(/can be made for ''/);
    await expect(fileStorage.makeFolder(join(folder, 'a.json', 'b'))).rejects.toThrow(
      /a file stands where a folder should/,
    );
    // Node's own recursive mkdir turns in circles there.
    if (process.platform === 'linux') {
      await expect(fileStorage.makeFolder('/proc/fovea/run')).rejects.toThrow(/can be made for '\/proc\/fovea/);
    }
  });

  it('tells files, folders and nothing apart', async () => {
    expect(await fileStorage.kind(join(folder, 'a.json'))).toBe('file');
    expect(await fileStorage.kind(folder)).toBe('folder');
    expect(await fileStorage.kind(join(folder, 'none'))).toBeUndefined();
    expect(await fileStorage.kind(join(folder, 'a.json', 'b'))).toBeUndefined();
    expect(await fileStorage.list(join(folder, 'none'))).toEqual([]);
  });

  it('makes a fresh folder only once', async () => {
    const path = join(folder, 'deep', 'run-1');
    expect(await fileStorage.makeFolder(path, { fresh: true })).toBe(true);
    expect(await fileStorage.makeFolder(path, { fresh: true })).toBe(false);
    expect(await fileStorage.makeFolder(path)).toBe(true);
  });

  it('refuses a folder below a file, in a sentence', async () => {
    await expect(fileStorage.makeFolder(join(folder, 'a.json', 'run'))).rejects.toThrow(
      /can be made for .* a path in which a file stands where a folder should/,
    );
    await expect(fileStorage.read(join(folder, 'none'))).rejects.toThrow(/Expected an existing file/);
  });

  it('makes folders that many want at the same moment, and ends where none can be made', async () => {
    const wanted = Array.from({ length: 60 }, (_, i) => join(folder, `many-${i % 6}`, 'a', `b${i % 3}`, 'c'));
    expect(await Promise.all(wanted.map((path) => fileStorage.makeFolder(path)))).not.toContain(false);
    if (process.platform === 'linux')
      await expect(fileStorage.makeFolder('/proc/none/inner')).rejects.toThrow(/can be made/);
  });

  it('says what a system error means and how to mend it', () => {
    const error = Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
    expect(fileError('write', 'runs/a/best.safetensors', error).message).toBe(
      "Expected a file that can be written for 'runs/a/best.safetensors' but received a full disk. Free some space and try again",
    );
  });
});
