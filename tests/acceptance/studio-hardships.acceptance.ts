/** The studio where things go wrong: a disk that is full, an upload of 2 GB, a certificate of its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { finish, type StudioClient } from '../../src/core/workbench/studio/client.ts';
import { fileStorage } from '../../src/node/storage.ts';
import { ownCertificate, serveStudio } from '../../src/server/index.ts';
import { launchChromium } from '../browser/chromium.ts';
import { openNodeHost } from '../studio/node-host.ts';

const piece = 8 * 2 ** 20;

/** A folder of 48 MB on a file system of its own; undefined where this user may not make one. */
function smallDisk(): string | undefined {
  const folder = mkdtempSync(join(tmpdir(), 'fovea-full-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48m', 'tmpfs', folder], { stdio: 'ignore' });
    return folder;
  } catch {
    rmSync(folder, { recursive: true, force: true });
    console.warn('skipped: no file system can be mounted here');
    return undefined;
  }
}

/** Brings a file of zeros until it is whole. @returns how many bytes came before it was refused, and the refusal. */
async function bring(client: StudioClient, name: string, size: number) {
  const { upload } = await client.ask('upload.begin', { name });
  const zeros = new Uint8Array(piece);
  let offset = 0;
  try {
    for (; offset < size; offset += piece) {
      const bytes = zeros.subarray(0, Math.min(piece, size - offset));
      await client.ask('upload.add', { upload, pieces: [{ path: name, offset, bytes }] });
    }
    return { upload, offset, refusal: undefined };
  } catch (refusal) {
    return { upload, offset, refusal: refusal as Error & { mend: string } };
  }
}

it('says that the disk is full, loses nothing, and goes on once there is room', async (test) => {
  const disk = smallDisk();
  if (disk === undefined) return test.skip();
  const before = process.env.TMPDIR;
  process.env.TMPDIR = disk;
  const host = await openNodeHost();
  try {
    const { client, faults } = host;
    const { upload, offset, refusal } = await bring(client, 'large.bin', 20 * piece);
    console.log(`full after ${offset} bytes: ${refusal?.message} | ${refusal?.mend}`);
    expect(refusal?.message).toContain('full disk');
    expect(refusal?.mend).toMatch(/^Free some space/);
    // The piece that did not fit left nothing behind, so that it can be sent again.
    const kept = await host.studio.host.bytesOf(host.studio.uploads.find(upload).folder);
    expect(kept).toBe(offset);
    expect(faults).toEqual([]);
    await client.ask('upload.cancel', { upload });
    const run = await finish(client, 'train.start', { data: 'digits', model: 'linear', epochs: 1, seed: 1 });
    expect(run.weights).toMatch(/^sha256:[0-9a-f]{64}$/);
  } finally {
    await host.close();
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    execFileSync('umount', ['-l', disk]);
    rmSync(disk, { recursive: true, force: true });
  }
}, 120_000);

it('takes 2 GB piece by piece in little memory, and says what they are not', async () => {
  const host = await openNodeHost();
  try {
    const before = process.memoryUsage().rss;
    let most = before;
    const watch = setInterval(() => {
      most = Math.max(most, process.memoryUsage().rss);
    }, 100);
    const begun = performance.now();
    const { upload, refusal } = await bring(host.client, 'pictures.zip', 2e9);
    clearInterval(watch);
    console.log(
      `2 GB in ${Math.round((performance.now() - begun) / 1000)} s, ${Math.round((most - before) / 1e6)} MB more in memory`,
    );
    expect(refusal).toBeUndefined();
    expect(most - before).toBeLessThan(500e6);
    const problem = await finish(host.client, 'upload.finish', { upload }).then(
      () => undefined,
      (error: Error & { mend: string }) => error,
    );
    console.log(`${problem?.message} | ${problem?.mend}`);
    expect(problem?.message).toMatch(/^Expected .*pictures\.zip/);
    expect((await host.client.ask('data.list', {})).data.filter(({ id }) => id.startsWith('data:'))).toEqual([]);
    expect(host.faults).toEqual([]);
  } finally {
    await host.close();
  }
}, 300_000);

it('serves over TLS with a certificate of its own, whose key is for this user alone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'fovea-tls-'));
  const host = await openNodeHost();
  const chromium = await launchChromium();
  try {
    const tls = await ownCertificate(fileStorage, folder, 'localhost');
    expect(statSync(join(folder, 'key.pem')).mode & 0o777).toBe(0o600);
    expect(await ownCertificate(fileStorage, folder, 'localhost')).toEqual(tls);
    const app = new URL('../../dist/studio/', import.meta.url);
    const server = await serveStudio(host.studio, { port: 0, app, tls });
    const context = await chromium.browser.newContext({ ignoreHTTPSErrors: true });
    try {
      const page = await context.newPage();
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(String(error)));
      page.on('console', (message) => message.type() === 'error' && faults.push(message.text()));
      await page.goto(server.address);
      await page.waitForSelector('nav', { timeout: 60_000 });
      expect(page.url()).toMatch(/^https:/);
      expect(await page.evaluate(() => [isSecureContext, crossOriginIsolated, 'mediaDevices' in navigator])).toEqual([
        true,
        true,
        true,
      ]);
      await page.evaluate(() => {
        window.location.hash = '#/data/digits';
      });
      await page.waitForSelector('.gallery canvas[data-unfilled="0"]', { timeout: 60_000 });
      expect((await context.cookies()).every(({ secure, httpOnly }) => secure && httpOnly)).toBe(true);
      expect(faults).toEqual([]);
    } finally {
      await context.close();
      await server.close();
    }
  } finally {
    await chromium.close();
    await host.close();
    rmSync(folder, { recursive: true, force: true });
  }
}, 120_000);
