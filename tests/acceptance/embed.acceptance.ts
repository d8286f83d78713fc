/** Models in others' hands: 1,000 pictures of each kind in an exported page, and a Node folder installed by npm. */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeClassifier } from '../../src/core/classifier/file.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { exportModel } from '../../src/core/workbench/export.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { type Found, launchChromium } from '../browser/chromium.ts';
import { compareWithCommand, openPage, writePage } from '../browser/exported-page.ts';
import { writeBuiltIn } from '../browser/pictures-of.ts';
import { sampleClassifier } from '../export/sample-classifier.ts';
import { temporaryFolder } from '../test-data.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('an exported page agrees with fovea classify on 1,000 pictures', () => {
  const folder = temporaryFolder();
  let chromium: Found;
  beforeAll(async () => {
    chromium = await launchChromium();
  });
  afterAll(() => chromium?.close());

  it.each([
    ['digits', 'mnist-cnn', [28, 28, 1]],
    ['shapes', 'resnet20', [32, 32, 3]],
  ] as const)('%s by %s', async (data, preset, input) => {
    const { model, html } = await writePage(await sampleClassifier(buildPreset(preset, { input, classes: 10 }), 64));
    const { page, faults } = await openPage(chromium.browser, html);
    const files = await writeBuiltIn(join(folder, data), data, 1000);
    const { mismatches, largest } = await compareWithCommand(page, model, files);
    console.log(`${data}: ${mismatches} other first classes of 1000, largest difference ${largest}`);
    expect(mismatches).toBe(0);
    expect(largest).toBeLessThanOrEqual(1e-4);
    expect(faults).toEqual([]);
    await page.close();
  });
});

it('the Node folder runs with npm ci and node ., from a packed Fovea', async () => {
  const folder = temporaryFolder();
  const npm = (cwd: string, ...args: string[]): string =>
    execFileSync('npm', args, { cwd, encoding: 'utf8', shell: process.platform === 'win32' });
  const [{ filename }] = JSON.parse(npm(root, 'pack', '--json', '--ignore-scripts', '--pack-destination', folder));
  const classifier = await sampleClassifier(buildPreset('lenet5', { input: [28, 28, 1], classes: 10 }));
  const run = join(folder, 'digits.safetensors');
  writeFileSync(run, writeClassifier(classifier));
  const out = join(folder, 'program');
  await exportModel(nodeAdapters, { run, to: 'node', out, package: join(folder, filename) });
  npm(out, 'ci', '--no-audit', '--no-fund');
  expect(execFileSync(process.execPath, ['.'], { cwd: out, encoding: 'utf8' })).toMatch(/^example\.png class \d/);
});
