/** How fast the studio is there, and how fast it trains within the page, against Node on the same machine. */
import { expect, it } from 'vitest';
import { finish, type StudioClient } from '../../src/core/workbench/studio/client.ts';
import { serveStudio } from '../../src/server/index.ts';
import { launchChromium } from '../browser/chromium.ts';
import { openNodeHost } from '../studio/node-host.ts';
import { openPage, openPageClient, servePages } from '../studio/page-host.ts';

const patience = Number(process.env.FOVEA_PATIENCE ?? 1);
const rounds = 3;
const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1];

/** Trains once. @returns seconds from the end of the first epoch to the end of the last: starting is no part of a rate. */
async function train(client: StudioClient): Promise<{ readonly seconds: number; readonly weights: string }> {
  const request = { data: 'digits', model: 'mnist-cnn', epochs: 8, seed: 5 } as const;
  const ends: number[] = [];
  const { weights } = await finish(client, 'train.start', request, (events) => {
    for (const { event, at } of events) if (event.kind === 'epoch') ends.push(Date.parse(at));
  });
  expect(ends).toHaveLength(request.epochs);
  return { seconds: (ends[ends.length - 1] - ends[0]) / 1000, weights };
}

it('trains in the page at 85 % of the rate in Node or more, with the same bits', async () => {
  const chromium = await launchChromium();
  const pages = await servePages(true);
  const { page, close } = await openPage(chromium.browser, pages.base);
  const inNode = await openNodeHost();
  try {
    const inPage = await openPageClient(page);
    const threads = await Promise.all(
      [inPage, inNode.client].map(async (client) => (await client.ask('studio.about', {})).threads),
    );
    expect(threads[0]).toBe(threads[1]);
    const ratios: number[] = [];
    for (let i = 0; i < rounds; i++) {
      const node = await train(inNode.client);
      const here = await train(inPage);
      expect(here.weights).toBe(node.weights);
      ratios.push(node.seconds / here.seconds);
      console.log(`Node ${node.seconds} s, page ${here.seconds} s, ${threads[0]} threads`);
    }
    console.log(`page to Node: ${ratios.map((ratio) => ratio.toFixed(3)).join(' ')}, median ${median(ratios)}`);
    expect(median(ratios)).toBeGreaterThanOrEqual(1 - 0.15 * patience);
  } finally {
    await inNode.close();
    await close();
    await pages.close();
    await chromium.close();
  }
}, 240_000);

it('answers a person within 1.5 s of being opened, with nothing kept from before', async () => {
  const host = await openNodeHost();
  const app = new URL('../../dist/studio/', import.meta.url);
  const server = await serveStudio(host.studio, { port: 0, app });
  const chromium = await launchChromium();
  try {
    const times: number[] = [];
    for (let i = 0; i < rounds; i++) {
      const context = await chromium.browser.newContext();
      const page = await context.newPage();
      const begun = performance.now();
      await page.goto(server.address, { waitUntil: 'commit' });
      // A click that shows something is what makes a page interactive.
      await page.click('nav a[href^="#/model"]');
      await page.waitForURL(/#\/model/);
      times.push(Math.round(performance.now() - begun));
      await context.close();
    }
    console.log(`interactive after ${times.join(', ')} ms`);
    expect(median(times)).toBeLessThanOrEqual(1500 * patience);
  } finally {
    await chromium.close();
    await server.close();
    await host.close();
  }
}, 60_000);
