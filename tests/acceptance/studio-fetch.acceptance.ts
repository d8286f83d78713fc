/** Sets fetched by name into the page: from beside it, and where no address may be read, a sentence and the ways out. */
import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { catalogue } from '../../src/core/dataset/catalogue.ts';
import { launchChromium } from '../browser/chromium.ts';
import { serveFolder } from '../studio/serve-folder.ts';
import { temporaryFolder, testData } from '../test-data.ts';

const set = catalogue.find(({ name }) => name === 'mnist')!;
const files = set.files.map(({ name }) => testData(`mnist/${name}`));
const isolation = { 'cross-origin-opener-policy': 'same-origin', 'cross-origin-embedder-policy': 'require-corp' };

it.skipIf(files.includes(undefined))(
  'fetches a set that lies beside the page, keeps it, and says why it cannot fetch another',
  async () => {
    const folder = temporaryFolder();
    cpSync(fileURLToPath(new URL('../../dist/studio', import.meta.url)), folder, { recursive: true });
    mkdirSync(join(folder, 'sets/mnist'), { recursive: true });
    for (const [i, { name }] of set.files.entries()) cpSync(files[i] as string, join(folder, 'sets/mnist', name));
    const site = await serveFolder(folder, isolation);
    const chromium = await launchChromium();
    try {
      const context = await chromium.browser.newContext({ locale: 'en' });
      const page = await context.newPage();
      const asked: string[] = [];
      page.on('request', (request) => asked.push(request.url()));
      await page.goto(`${site.base}/index.html#/data/digits`);
      await page.click('.source button:text-is("By name")');
      await page.click('.source .list button:has-text("mnist") >> nth=0');
      await page.waitForSelector('.source select option[value="named:mnist"]', { state: 'attached', timeout: 60_000 });
      expect(asked.filter((address) => !address.startsWith(site.base))).toEqual([]);
      // It outlives the page.
      await page.goto(`${site.base}/index.html#/data/named%3Amnist`);
      await page.reload();
      await page.waitForSelector('.status:has-text("70,000 pictures")', { timeout: 60_000 });
      await page.click('.source button:text-is("By name")');
      await page.click('.source .list button:has-text("cifar100")');
      await page.waitForSelector('.source .trouble', { timeout: 120_000 });
      const words = await page.innerText('.source .trouble');
      expect(words).toMatch(/Cannot fetch 'cifar100' into this page: .*sets\/cifar100\/.*not there \(404\)/);
      expect(words).toContain('its host does not let pages of other sites read it, or it is not reached');
      expect(words).toMatch(
        /Load https:\/\/www\.cs\.toronto\.edu\/~kriz\/cifar-100-binary\.tar\.gz by hand and drop it here/,
      );
    } finally {
      await chromium.close();
      await site.close();
    }
  },
  300_000,
);
