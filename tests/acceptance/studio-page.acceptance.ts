/** The studio in real pages: runs that move, tabs that close, browsers without threads or origin-private files, a static host. */

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finish, type StudioClient } from '../../src/core/workbench/studio/client.ts';
import { type Found, launchChromium } from '../browser/chromium.ts';
import { studioContract, twoColours } from '../studio/contract.ts';
import { bringFile, takeFile } from '../studio/moved-run.ts';
import { openNodeHost } from '../studio/node-host.ts';
import { openPage, openPageClient, servePages } from '../studio/page-host.ts';
import { serveFolder } from '../studio/serve-folder.ts';

describe('in Chromium', () => {
  let chromium: Found;
  let pages: Awaited<ReturnType<typeof servePages>>;
  let plain: Awaited<ReturnType<typeof servePages>>;
  beforeAll(async () => {
    chromium = await launchChromium();
    pages = await servePages(true);
    plain = await servePages(false);
  });
  afterAll(async () => {
    await chromium?.close();
    await pages?.close();
    await plain?.close();
  });

  studioContract('the studio in a page with one thread and IndexedDB', async () => {
    const { page, close } = await openPage(chromium.browser, plain.base);
    return { client: await openPageClient(page, { files: 'IndexedDB' }), place: 'page', close };
  });

  it('a run with its pictures goes from the page to Node and back, to the bits of one that stayed; a second tab follows it', async () => {
    const { page, another, close } = await openPage(chromium.browser, pages.base);
    const inPage = await openPageClient(page);
    const inNode = await openNodeHost();
    try {
      const name = 'colours';
      const { upload } = await inPage.ask('upload.begin', { name });
      // Photographs, which two decoders might read otherwise.
      await inPage.ask('upload.add', { upload, pieces: await twoColours(12, 'jpeg') });
      const { data } = await finish(inPage, 'upload.finish', { upload });
      await finish(inPage, 'split.make', { data, val: 0.25, test: 0.25 });
      const request = { data, model: 'tiny-vgg', epochs: 4, batch: 4, seed: 5 } as const;
      const whole = await finish(inPage, 'train.start', request);

      const secondTab = await openPageClient(await another());
      const started = await inPage.begin('train.start', request);
      const events: string[] = [];
      secondTab.watch(started.id, (some) => events.push(...some.map(({ event }) => event.kind)));
      await interruptAfterEpoch(inPage, started.id);
      const { run } = (await secondTab.ask('job.show', { job: started.id })).job;
      expect(events).toEqual(expect.arrayContaining(['started', 'begin', 'step']));

      const there = await bringFile(inNode.client, await takeFile(inPage, run as string, true));
      expect(there).toMatchObject({ pictures: 'along', data: `data:${name}` });
      const further = await inNode.client.begin('train.resume', { run: there.run });
      await interruptAfterEpoch(inNode.client, further.id);
      const half = await inNode.client.ask('run.show', { run: there.run });
      expect(half.epochsDone).toBeGreaterThanOrEqual(2);

      // In the page they are as they were: found by their pixels. In another browser they come along.
      const back = await takeFile(inNode.client, there.run, true);
      const here = await bringFile(inPage, back);
      expect(here).toMatchObject({ pictures: 'here', data });
      const last = await finish(inPage, 'train.resume', { run: here.run });
      expect([last.weights, last.status]).toEqual([whole.weights, 'finished']);
      const other = await openPage(chromium.browser, pages.base);
      try {
        const elsewhere = await openPageClient(other.page);
        const anew = await bringFile(elsewhere, back);
        expect(anew).toMatchObject({ pictures: 'along' });
        expect((await finish(elsewhere, 'train.resume', { run: anew.run })).weights).toBe(whole.weights);
        const tests = [
          await finish(elsewhere, 'test.run', { run: anew.run, resamples: 0 }),
          await finish(inPage, 'test.run', { run: here.run, resamples: 0 }),
        ];
        expect(tests[0].testHash).toBe(tests[1].testHash);
        expect(tests[0].accuracy).toBe(tests[1].accuracy);
      } finally {
        await other.close();
      }
    } finally {
      await inNode.close();
      await close();
    }
  }, 240_000);

  it('another tab takes over when the first is closed, and offers to resume', async () => {
    const { page, another, close } = await openPage(chromium.browser, pages.base);
    try {
      const first = await openPageClient(page);
      const second = await openPageClient(await another());
      const { id } = await first.begin('train.start', { data: 'digits', model: 'linear', epochs: 50, seed: 5 });
      await new Promise<void>((resolve) => {
        first.watch(id, (events) => {
          if (events.some(({ event }) => event.kind === 'epoch')) resolve();
        });
      });
      const { run } = (await second.ask('job.show', { job: id })).job;
      await page.close();
      // What was on its way to the one that is gone is told so, and is asked again by who wants it.
      let state = await second.ask('studio.state', {}).catch(() => undefined);
      for (let tries = 0; !state && tries < 5; tries++)
        state = await second.ask('studio.state', {}).catch(() => undefined);
      expect(state?.interrupted).toMatchObject([{ run, resumable: true, epochs: 50 }]);
    } finally {
      await close();
    }
  }, 60_000);

  it('the site on a host of files alone isolates itself and asks nobody else', async () => {
    const site = await serveFolder(fileURLToPath(new URL('../../dist/studio', import.meta.url)));
    const context = await chromium.browser.newContext();
    try {
      const page = await context.newPage();
      const foreign: string[] = [];
      page.on('request', (request) => {
        if (!request.url().startsWith(site.base) && !request.url().startsWith('blob:')) foreign.push(request.url());
      });
      await page.goto(`${site.base}/index.html`);
      await page.waitForFunction('crossOriginIsolated', undefined, { timeout: 20_000 });
      await page.waitForSelector('#studio > *');
      expect(foreign).toEqual([]);
    } finally {
      await context.close();
      await site.close();
    }
  }, 60_000);
});

async function interruptAfterEpoch(client: StudioClient, job: string): Promise<void> {
  await new Promise<void>((resolve) => {
    let asked = false;
    client.watch(job, (events, { ended }) => {
      if (!asked && events.some(({ event }) => event.kind === 'epoch')) {
        asked = true;
        void client.ask('job.cancel', { job });
      }
      if (ended !== undefined) resolve();
    });
  });
}
