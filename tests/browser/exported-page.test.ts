/** A page that `fovea export --to page` wrote, opened from disk in a real Chromium. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Classifier } from '../../src/core/classifier/classifier.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { sampleClassifier } from '../export/sample-classifier.ts';
import { temporaryFolder } from '../test-data.ts';
import { type Found, launchChromium } from './chromium.ts';
import { compareWithCommand, openPage, writePage } from './exported-page.ts';
import { writeBuiltIn } from './pictures-of.ts';

const calibration: Classifier['calibration'] = {
  temperature: 1.3,
  images: 1,
  loss: { before: 1, after: 1 },
  ece: { before: 0, after: 0 },
  rejection: { threshold: 0.5, rule: { coverage: 0.5 }, coverage: 0.5, error: 0.1 },
};

describe.skipIf(process.env.FOVEA_NO_BROWSER === '1')('an exported page in Chromium', () => {
  const folder = temporaryFolder();
  let chromium: Found;
  beforeAll(async () => {
    chromium = await launchChromium();
  });
  afterAll(() => chromium?.close());

  const models = [
    ['digits', 'mnist-cnn', [28, 28, 1]],
    ['shapes', 'vgg6-bn', [32, 32, 3]],
    ['shapes', 'linear', [16, 16, 3]],
  ] as const;
  it.each(models)('%s by %s: the answers of fovea classify, and no request', async (data, preset, input) => {
    const classifier = { ...(await sampleClassifier(buildPreset(preset, { input, classes: 10 }))), calibration };
    const { model, html } = await writePage(classifier);
    const { page, faults } = await openPage(chromium.browser, html);
    const files = await writeBuiltIn(join(folder, `${data} ${preset}`), data, 60);
    const { mismatches, largest, unknown } = await compareWithCommand(page, model, files);
    expect(mismatches).toBe(0);
    expect(largest).toBeLessThanOrEqual(1e-4);
    expect(unknown).toBeGreaterThan(0);
    await page.waitForSelector('#heat-says:text-matches("Grad-CAM|Occlusion")');
    expect(await page.textContent('#heat-says')).toMatch(preset === 'linear' ? /^Occlusion/ : /^Grad-CAM/);
    expect(faults).toEqual([]);
    await page.close();
  });

  it('hostile names stay text, and what is no picture is told', async () => {
    const names = ['<img src=x onerror=alert(1)>', '</script><script>window.hurt = 1</script>', '=1+2', '"&\u2028'];
    const classifier = await sampleClassifier(buildPreset('lenet5', { input: [28, 28, 1], classes: names.length }));
    const { html } = await writePage({ ...classifier, classNames: names }, '<b onclick=x>&');
    const { page, faults } = await openPage(chromium.browser, html);
    expect(await page.title()).toBe('<b onclick=x>&');
    const [picture] = await writeBuiltIn(join(folder, 'hostile'), 'digits', 1);
    const broken = join(folder, '<u>broken.png');
    writeFileSync(broken, '<svg onload="alert(1)"/>');
    await page.setInputFiles('#file', [broken, picture]);
    await page.waitForSelector('#classes li');
    await page.waitForSelector('#results-title:text-is("2 pictures")');
    expect((await page.locator('#classes b').allTextContents()).sort()).toEqual([...names].sort());
    expect(await page.locator('#list button').first().textContent()).toBe('not read<u>broken.png');
    expect(await page.evaluate('window.hurt')).toBeUndefined();
    expect(await page.locator('#main img[src="x"], b[onclick], u').count()).toBe(0);
    // By keyboard: from picture to picture.
    await page.locator('#list button').last().focus();
    await page.keyboard.press('ArrowLeft');
    await page.waitForSelector('#trouble:not([hidden])');
    expect(await page.textContent('#trouble')).toMatch(/Expected a picture that can be read/);
    expect(faults).toEqual([]);
    // The policy holds against scripts that come in later.
    const request = "fetch('https://example.com/').then(() => 'sent', () => 'refused')";
    expect(await page.evaluate(request)).toBe('refused');
    expect(faults.join()).toMatch(/Content Security Policy/);
    await page.close();
  });

  it('what is drawn, pasted, dropped and filmed is classified', async () => {
    const classifier = await sampleClassifier(buildPreset('mnist-cnn', { input: [28, 28, 1], classes: 10 }));
    const { html } = await writePage(classifier);
    const { page, faults } = await openPage(chromium.browser, html);
    const verdict = () => page.textContent('#verdict');
    const answered = () => page.waitForSelector('#classes li');
    const box = (await page.locator('#pad').boundingBox())!;
    await page.mouse.move(box.x + 80, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 180, box.y + 220, { steps: 5 });
    await page.mouse.up();
    await answered();
    expect(await verdict()).toMatch(/^class \d$/);
    await page.click('#clear');
    expect(await verdict()).toBe('Nothing classified yet');
    for (const event of ['paste', 'drop']) {
      await page.evaluate(`(async () => {
        const canvas = new OffscreenCanvas(40, 30);
        canvas.getContext('2d').fillRect(5, 5, 20, 20);
        const data = new DataTransfer();
        data.items.add(new File([await canvas.convertToBlob()], '${event}.png', { type: 'image/png' }));
        window.dispatchEvent('${event}' === 'paste'
          ? new ClipboardEvent('paste', { clipboardData: data })
          : new DragEvent('drop', { dataTransfer: data }));
      })()`);
      await page.waitForSelector(`#list button[title="${event}.png"] >> text=/class \\d/`);
    }
    // A camera of the test's own: what a canvas shows.
    await page.evaluate(`navigator.mediaDevices.getUserMedia = async () => {
      const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 48 });
      const context = canvas.getContext('2d');
      setInterval(() => { context.fillStyle = '#777'; context.fillRect(0, 0, 64, 48); }, 30);
      return window.film = canvas.captureStream(30);
    }`);
    await page.click('[data-way=camera]');
    await page.evaluate("document.querySelector('#verdict').textContent = ''");
    await page.click('#camera');
    await page.waitForSelector('#verdict:text-matches("^class")');
    await page.click('[data-way=file]');
    expect(await page.evaluate("window.film.getTracks().every((track) => track.readyState === 'ended')")).toBe(true);
    expect(faults).toEqual([]);
    await page.close();
  });
});
