/** The studio in real pages: runs that move, tabs that close, browsers without threads or origin-private files, a static host. */

import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { finish, type StudioClient } from '../../src/core/workbench/studio/client.ts';
import { type Found, launchChromium } from '../browser/chromium.ts';
import { studioContract } from '../studio/contract.ts';
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

  it('a run goes from the page to Node and back with the same bits; a second tab follows it', async () => {
    const request = { data: 'digits', model: 'linear', epochs: 3, seed: 5 } as const;
    const { page, another, close } = await openPage(chromium.browser, pages.base);
    const inPage = await openPageClient(page);
    const inNode = await openNodeHost();
    try {
      const secondTab = await openPageClient(await another());
      const started = await inPage.begin('train.start', request);
      const events: string[] = [];
      secondTab.watch(started.id, (some) => events.push(...some.map(({ event }) => event.kind)));
      await interruptAfterEpoch(inPage, started.id);
      const { run } = (await secondTab.ask('job.show', { job: started.id })).job;
      expect(events).toEqual(expect.arrayContaining(['started', 'begin', 'step']));
      const taken = await inPage.ask('run.take', { run: run as string });
      const brought = await inNode.client.ask('run.bring', { name: taken.run, files: taken.files });
      const first = await finish(inNode.client, 'train.resume', { run: brought.run });
      const whole = await finish(inNode.client, 'train.start', request);
      expect(first.weights).toBe(whole.weights);

      const again = await inNode.client.begin('train.start', request);
      await interruptAfterEpoch(inNode.client, again.id);
      const half = (await inNode.client.ask('job.show', { job: again.id })).job.run as string;
      const back = await inNode.client.ask('run.take', { run: half });
      const here = await inPage.ask('run.bring', { name: back.run, files: back.files });
      const second = await finish(inPage, 'train.resume', { run: here.run });
      expect(second.weights).toBe(whole.weights);
    } finally {
      await inNode.close();
      await close();
    }
  }, 120_000);

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
