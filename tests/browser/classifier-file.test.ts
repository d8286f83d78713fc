/** The classifier of `fovea/browser/classifier` as it is published, in a page and in a web worker of a real Chromium. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Prediction } from '../../src/core/classifier/classify.ts';
import { classify } from '../../src/core/classifier/classify.ts';
import { writeClassifier } from '../../src/core/classifier/file.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { decodeImage } from '../../src/node/codec.ts';
import { createEngine } from '../../src/node/engine.ts';
import { sampleClassifier } from '../export/sample-classifier.ts';
import { temporaryFolder } from '../test-data.ts';
import { type Found, launchChromium } from './chromium.ts';
import { writeBuiltIn } from './pictures-of.ts';
import { startServer } from './server.ts';

/** Asks about one picture in every form that a page may have it in; runs in the page and in the worker alike. */
const program = `
async ({ script, model, picture }) => {
  const bytes = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const { openClassifierFile } = await import(script);
  const file = new File([bytes(picture)], 'a.png', { type: 'image/png' });
  const opened = await openClassifierFile(new Blob([bytes(model)]));
  const bitmap = await createImageBitmap(file);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  const frame = new VideoFrame(canvas, { timestamp: 0 });
  const sources = { file, bitmap, canvas, frame, pixels: canvas.getContext('2d').getImageData(0, 0, bitmap.width, bitmap.height) };
  // All at once: they wait for each other.
  const answers = await Promise.all(Object.values(sources).map((source) => opened.classify(source, 10)));
  frame.close();
  const refused = await opened.classify(new File(['GIF?'], 'b.gif')).catch((error) => error.message);
  const damaged = await openClassifierFile(new Uint8Array(9), { name: 'c.safetensors' }).catch((error) => error.message);
  await opened.close();
  const { classNames, input } = opened;
  return { classNames, input, answers: Object.fromEntries(Object.keys(sources).map((key, i) => [key, answers[i]])), refused, damaged };
}`;

interface Outcome {
  readonly classNames: string[];
  readonly input: number[];
  readonly answers: Record<string, { top: Prediction[]; unknown: boolean }>;
  readonly refused: string;
  readonly damaged: string;
}

describe.skipIf(process.env.FOVEA_NO_BROWSER === '1')('openClassifierFile in Chromium', () => {
  const folder = temporaryFolder();
  let chromium: Found;
  let server: Awaited<ReturnType<typeof startServer>>;
  let page: Page;
  beforeAll(async () => {
    [chromium, server] = await Promise.all([launchChromium(), startServer()]);
    page = await chromium.browser.newPage();
    // Without cross-origin isolation, as most pages are.
    await page.goto(server.page('plain'));
  });
  afterAll(async () => {
    await chromium?.close();
    await server?.close();
  });

  it.each(['a page', 'a web worker'])('answers in %s as Node does', async (where) => {
    const classifier = await sampleClassifier(buildPreset('vgg6-bn', { input: [32, 32, 3], classes: 10 }));
    const [path] = await writeBuiltIn(join(folder, where), 'shapes', 1);
    const task = {
      script: server.page('plain').replace('page.html', 'dist/embed/classifier.js'),
      model: Buffer.from(writeClassifier(classifier)).toString('base64'),
      picture: readFileSync(path).toString('base64'),
    };
    const inPage = `(${program})(${JSON.stringify(task)})`;
    const inWorker = `new Promise((resolve, reject) => {
      const script = ${JSON.stringify(`onmessage = async ({ data }) => { try { postMessage(await (${program})(data)); } catch (error) { postMessage({ failure: String(error) }); } };`)};
      const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })), { type: 'module' });
      worker.onmessage = ({ data }) => resolve(data);
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.postMessage(${JSON.stringify(task)});
    })`;
    const outcome = (await page.evaluate(where === 'a page' ? inPage : inWorker)) as Outcome;
    expect(outcome.classNames).toEqual(classifier.classNames);
    expect(outcome.input).toEqual([32, 32, 3]);
    const [expected] = await classify(await createEngine({ inline: true }), classifier, [await decodeImage(path)], 10);
    expect(outcome.answers.file).toEqual({ top: expected, unknown: false });
    for (const form of ['bitmap', 'canvas', 'pixels'])
      expect(outcome.answers[form], form).toEqual(outcome.answers.file);
    // Frames of a video may be of another colour format, which rounds.
    expect(outcome.answers.frame.top[0].class).toBe(expected[0].class);
    expect(outcome.refused).toMatch(/Expected a picture that can be read for 'b\.gif'/);
    expect(outcome.damaged).toMatch(/c\.safetensors/);
  });
});
