/** The studio in the page, in a real Chromium, from the files that the build made. FOVEA_NO_BROWSER=1 leaves it out. */
import { afterAll, beforeAll, describe } from 'vitest';
import { studioContract } from '../studio/contract.ts';
import { openPage, openPageClient, servePages } from '../studio/page-host.ts';
import { type Found, launchChromium } from './chromium.ts';

const left = process.env.FOVEA_NO_BROWSER === '1';

describe.skipIf(left)('in Chromium', () => {
  let chromium: Found;
  let pages: Awaited<ReturnType<typeof servePages>>;
  beforeAll(async () => {
    chromium = await launchChromium();
    pages = await servePages(true);
  });
  afterAll(async () => {
    await chromium?.close();
    await pages?.close();
  });

  studioContract('the studio in a page with threads', async () => {
    const { page, close } = await openPage(chromium.browser, pages.base);
    return { client: await openPageClient(page), place: 'page', close };
  });
});
