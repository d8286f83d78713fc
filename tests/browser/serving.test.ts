/** The page of `fovea serve` in a real Chromium. FOVEA_SCREENSHOTS=FOLDER keeps pictures of it. */
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { asPng, digitPictures, modelFile, serveHere, writeModel } from '../serving/setup.ts';
import { temporaryFolder } from '../test-data.ts';
import { type Found, launchChromium } from './chromium.ts';

const left = process.env.FOVEA_NO_BROWSER === '1';
const folder = temporaryFolder();
const sizes = [
  { width: 1440, height: 900 },
  { width: 390, height: 844 },
];

describe.skipIf(left)('the page to try a model', () => {
  let chromium: Found;
  let serving: Awaited<ReturnType<typeof serveHere>>;
  beforeAll(async () => {
    const hostile = ['<img src=x onerror=document.title="acted">', ...'123456789'];
    await writeModel(modelFile(folder, 'digits'), hostile);
    serving = await serveHere({ models: [modelFile(folder, 'digits')] });
    chromium = await launchChromium();
  });
  afterAll(async () => {
    await chromium?.close();
    await serving?.close();
  });

  it('classifies chosen pictures, says what it cannot read, and lets no name act', async () => {
    const page = await chromium.browser.newPage({ viewport: sizes[0] });
    const faults: string[] = [];
    page.on('console', (message) => void (message.type() === 'error' && faults.push(message.text())));
    page.on('pageerror', (error) => faults.push(error.message));
    await page.goto(serving.address);
    await page.getByText('10 classes').waitFor();
    const [png] = await asPng(digitPictures(1));
    await page.getByLabel('Show where the answer was found').check();
    await page.setInputFiles('#file', [
      { name: '<b>seven</b>.png', mimeType: 'image/png', buffer: Buffer.from(png) },
      { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('hello') },
    ]);
    await page.getByText('1 of 2 pictures classified').waitFor();
    expect(await page.locator('li.picture').count()).toBe(2);
    expect(await page.locator('dl dt').count()).toBe(5);
    expect(await page.getByText('<b>seven</b>.png').count()).toBe(1);
    expect(await page.getByText('Expected a picture that can be read').count()).toBe(1);
    expect(
      await page
        .locator('img[alt^="Where the model found"]')
        .evaluate((image) => (image as unknown as { naturalWidth: number }).naturalWidth),
    ).toBe(112);
    expect(await page.title()).toBe('Fovea: try a model');
    // The browser tells of the answer 400 itself; nothing else went wrong, no rule of the page was broken.
    expect(faults.filter((text) => !text.includes('status of 400'))).toEqual([]);
    const shots = process.env.FOVEA_SCREENSHOTS;
    for (const colorScheme of shots ? (['light', 'dark'] as const) : []) {
      for (const size of sizes) {
        await page.emulateMedia({ colorScheme });
        await page.setViewportSize(size);
        await page.screenshot({ path: join(shots!, `serving-${size.width}-${colorScheme}.png`), fullPage: true });
      }
    }
    await page.close();
  });
});
