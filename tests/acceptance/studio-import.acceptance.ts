/** 10,000 pictures brought into the page-only host: nothing fails, and they can be looked at. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { encodeFrame } from '../../src/core/workbench/studio/frame.ts';
import { launchChromium } from '../browser/chromium.ts';
import { openPage, servePages } from '../studio/page-host.ts';
import { testData } from '../test-data.ts';

const archive = testData('cifar10/cifar10-full-jpg.tar.gz');

it.skipIf(!archive).each([{}, { files: 'IndexedDB' }])(
  'imports 10,000 pictures into the page (%o)',
  async (options) => {
    const folder = mkdtempSync(join(tmpdir(), 'fovea-import-'));
    execFileSync('tar', ['xzf', archive as string, '-C', folder, 'test']);
    const files = readdirSync(join(folder, 'test')).flatMap((name) =>
      readdirSync(join(folder, 'test', name)).map((file) => ({
        path: `cifar/${name}/${file}`,
        bytes: new Uint8Array(readFileSync(join(folder, 'test', name, file))),
      })),
    );
    expect(files).toHaveLength(10_000);
    const chromium = await launchChromium();
    const pages = await servePages(true);
    const { page, close } = await openPage(chromium.browser, pages.base);
    try {
      await page.route('**/pictures.frame', (route) => route.fulfill({ body: Buffer.from(encodeFrame(files)) }));
      const seen = (await page.evaluate(`(async () => {
        const { createPageClient } = await import('/dist/browser/page/page-client.js');
        const { decodeFrame } = await import('/dist/core/workbench/studio/frame.js');
        const { finish } = await import('/dist/core/workbench/studio/client.js');
        const client = createPageClient(${JSON.stringify(options)});
        const files = decodeFrame(new Uint8Array(await (await fetch('/pictures.frame')).arrayBuffer()));
        const begun = performance.now();
        const since = () => Math.round((performance.now() - begun) / 100) / 10;
        const { upload } = await client.ask('upload.begin', { name: 'cifar' });
        for (let at = 0; at < files.length; at += 256) {
          const pieces = files.slice(at, at + 256).map(({ path, bytes }) => ({ path, offset: 0, bytes }));
          await client.ask('upload.add', { upload, pieces });
        }
        const brought = since();
        const { data, images, classNames } = await finish(client, 'upload.finish', { upload });
        const understood = since();
        const { ids } = await client.ask('data.page', { data, limit: 0 });
        const small = await client.ask('data.thumbnails', { data, ids: [...ids.subarray(5000, 5064)] });
        return { images, classes: classNames.length, missing: small.missing.length, side: small.side, brought, understood, shown: since() };
      })()`)) as Record<string, number>;
      console.log(JSON.stringify({ ...options, ...seen }));
      expect(seen).toMatchObject({ images: 10_000, classes: 10, missing: 0, side: 32 });
    } finally {
      await close();
      await pages.close();
      await chromium.close();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  600_000,
);
