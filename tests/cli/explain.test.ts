import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeClassifier } from '../../src/core/classifier/file.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { encodePng } from '../../src/node/encode.ts';
import { sampleClassifier, samplePictures } from '../export/sample-classifier.ts';
import { temporaryFolder } from '../test-data.ts';
import { fovea } from './fovea.ts';

describe('fovea explain', () => {
  const folder = temporaryFolder();
  /** A name that a page must not take for markup. */
  const hostile = 'a<img src=x onerror=alert(1)>.png';

  beforeAll(async () => {
    const classifier = await sampleClassifier(buildPreset('lenet5', { input: [16, 16, 3], classes: 3 }));
    writeFileSync(join(folder, 'm.safetensors'), writeClassifier(classifier));
    const png = await encodePng(samplePictures(classifier.model, 1)[0]);
    writeFileSync(join(folder, 'p.png'), png);
    writeFileSync(join(folder, hostile), png);
    writeFileSync(join(folder, 'broken.png'), png.subarray(0, 40));
  });

  it('writes sheets of several methods, with everything in them', async () => {
    const args = ['explain', 'm.safetensors', hostile, '--method', 'grad-cam,saliency,filters', '--out', 'sheet.html'];
    const { code, stderr, stdout } = await fovea(folder, args);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('Bright places of layer');
    const page = readFileSync(join(folder, 'sheet.html'), 'utf8');
    expect(page.match(/data:image\/png/g)!.length).toBeGreaterThan(4);
    expect(page).not.toMatch(/<img src=x|https?:/);
    const made = await fovea(folder, ['explain', 'm.safetensors', 'p.png', '--method', 'occlusion', '--out', 's.png']);
    expect(made.code, made.stderr).toBe(0);
    expect(readFileSync(join(folder, 's.png')).subarray(1, 4).toString()).toBe('PNG');
  });

  it('JSON holds all numbers of the maps', async () => {
    const args = [
      'explain',
      'm.safetensors',
      'p.png',
      '--method',
      'integrated-gradients',
      '--steps',
      '256',
      '--out',
      'all.json',
    ];
    const { code, stderr } = await fovea(folder, args);
    expect(code, stderr).toBe(0);
    const [told] = JSON.parse(readFileSync(join(folder, 'all.json'), 'utf8'));
    expect(told.panels[0].values).toHaveLength(256);
    const total = told.panels[0].values.reduce((sum: number, value: number) => sum + value, 0);
    expect(Math.abs(total - told.numbers.difference)).toBeLessThan(5e-3 * Math.abs(told.numbers.difference));
  });

  it('the arithmetic of one value, for a pocket calculator', async () => {
    const layer = (await fovea(folder, ['explain', 'm.safetensors', 'p.png', '--json'])).json.explanations[0].layer;
    expect(layer).toBeTypeOf('string');
    const args = ['explain', 'm.safetensors', 'p.png', '--method', 'arithmetic', '--unit', `${layer}:2@1,1`];
    const { code, stdout, stderr } = await fovea(folder, args);
    expect(code, stderr).toBe(0);
    expect(stdout).toContain('the same to the bit');
    const back = await fovea(folder, [...args, '--gradient', '--json']);
    expect(back.json.explanations[0].arithmetic).toMatchObject({ equal: true, value: `${layer}.gradient` });
    const weight = [...args.slice(0, -2), '--value', 'conv1.weight[0,1,0,2]', '--gradient', '--class', 'class 1'];
    const learnt = await fovea(folder, weight);
    expect(learnt.code, learnt.stderr).toBe(0);
    expect(learnt.stdout).toMatch(/labelled 'class 1'[\s\S]*the same to the bit/);
  });

  it('says what is wrong, and how to put it right', async () => {
    const bad: [string[], RegExp, number][] = [
      [['p.png', '--method', 'gradcam'], /Did you mean 'grad-cam'/, 2],
      [['p.png', '--method', 'arithmetic'], /Expected --unit or --value/, 2],
      [['p.png', '--method', 'arithmetic', '--value', 'loss[0]'], /Name it alone: loss/, 1],
      [['p.png', '--out', 'sheet.txt'], /ends in \.png, \.html, \.json/, 2],
      [['p.png', '--class', 'clas 1'], /Did you mean 'class 1'/, 1],
    ];
    for (const [args, text, expected] of bad) {
      const { code, stderr } = await fovea(folder, ['explain', 'm.safetensors', ...args]);
      expect(stderr, args.join(' ')).toMatch(text);
      expect(code, args.join(' ')).toBe(expected);
    }
    expect(existsSync(join(folder, 'sheet.txt'))).toBe(false);
  });

  it('a picture that cannot be read stops no other', async () => {
    const { code, json } = await fovea(folder, ['explain', 'm.safetensors', 'broken.png', 'p.png', '--json']);
    expect(code).toBe(1);
    expect(json.explanations[0].error).toMatch(/broken/);
    expect(json.explanations[1].panels).toHaveLength(1);
  });
});
