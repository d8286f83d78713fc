import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Slice } from '../../src/core/evaluate/slices.ts';
import { temporaryFolder } from '../test-data.ts';
import { fovea, writeBars } from './fovea.ts';

/** Runs of a few seconds on the built-in shapes: a network of convolutions and a linear one. */
describe('testing on the command line', () => {
  const folder = temporaryFolder();
  const run = async (...args: string[]) => (await fovea(folder, [...args, '--json'])).json;

  beforeAll(async () => {
    writeBars(join(folder, 'bars'));
    const common = ['--epochs', '2', '--json'];
    await fovea(folder, ['train', 'digits', '--model', 'linear', '--out', 'a', ...common]);
    await fovea(folder, ['train', 'digits', '--model', 'mlp', '--out', 'b', ...common]);
  }, 120_000);

  it('compares two runs, notices foreign pictures and writes a report that loads nothing', async () => {
    const found = await run('test', 'a', 'b', '--foreign', 'bars', '--resamples', '50');
    expect(found.calibration.temperature).toBeGreaterThan(0);
    expect(found.calibration.temperature).not.toBe(1);
    expect(found.errors.count).toBe(Math.round(found.images * (1 - found.accuracy)));
    expect(found.coverage.at(-1)).toMatchObject({ coverage: 1, accuracy: found.accuracy });
    const [{ comparison }] = found.others;
    expect(comparison.onlyFirst + comparison.onlySecond + comparison.both + comparison.neither).toBe(found.images);
    expect(found.foreign.auroc).toBeGreaterThan(0);
    const page = readFileSync(join(folder, 'a', 'report.html'), 'utf8');
    for (const id of [
      'mistakes',
      'confusion',
      'classes',
      'figures',
      'sureness',
      'foreign',
      'comparison',
      'training',
      'model',
      'data',
      'recipe',
    ]) {
      expect(page).toContain(`<section id="${id}">`);
    }
    expect(page.replace(/data:image\/webp;base64,[A-Za-z0-9+/=]+/g, '')).not.toMatch(/<script|src="(?!")|url\(/);
    // Made again from what was kept, without a new look.
    const looks = readFileSync(join(folder, 'a', 'looks.jsonl'), 'utf8');
    await run('report', 'a', '--html', 'again.html');
    expect(readFileSync(join(folder, 'again.html'), 'utf8')).toBe(page);
    expect(readFileSync(join(folder, 'a', 'looks.jsonl'), 'utf8')).toBe(looks);
  }, 120_000);

  it('keeps a threshold for unknown in the model, by which classify and test go', async () => {
    const { calibration } = await run('calibrate', 'b', '--coverage', '0.6');
    expect(calibration.rejection).toMatchObject({ rule: { coverage: 0.6 } });
    expect(calibration.rejection.coverage).toBeGreaterThanOrEqual(0.6);
    const tested = await run('test', 'b', '--resamples', '0');
    expect(tested.rejection.coverage).toBeGreaterThan(0.4);
    expect(tested.rejection.coverage).toBeLessThan(0.8);
    expect(tested.rejection.accuracy).toBeGreaterThan(tested.accuracy);
    const always = await run('calibrate', 'b', '--coverage', '1');
    expect(always.calibration.rejection).toBeUndefined();
    const both = await fovea(folder, ['calibrate', 'b', '--coverage', '0.9', '--max-error', '0.1']);
    expect(both.code).toBe(2);
    const file = await fovea(folder, ['calibrate', 'b/best.safetensors']);
    expect(file.stderr).toMatch(/Name data with a val part with --data/);
    const untested = await fovea(folder, ['report', 'nowhere']);
    expect(untested.code).toBe(1);
  }, 60_000);

  it('disturbs pictures', async () => {
    await run('train', 'bars', '--model', 'linear', '--epochs', '1', '--out', 'c');
    const { robustness } = await run('test', 'c', '--robustness', '--resamples', '0');
    const [{ curves }] = robustness;
    expect(curves.length).toBe(8);
    for (const { neutral, points, images } of curves) {
      expect(images).toBe(30);
      const untouched = points.find(({ level }: { level: number }) => level === neutral);
      if (neutral !== undefined) expect(untouched.agreement).toBe(1);
    }
    expect(readFileSync(join(folder, 'c', 'report.html'), 'utf8')).toContain('<section id="robustness">');
  }, 60_000);

  it('tells accuracy by the columns of a table', async () => {
    const rows = Array.from({ length: 60 }, (_, i) => `test/${i},${i % 2 === 0 ? 'left' : 'right'}`);
    writeFileSync(join(folder, 'table.csv'), `file,side\n${rows.join('\n')}\n`);
    const { slices } = await run('test', 'a', '--slices', 'table.csv', '--resamples', '0');
    expect(
      slices
        .filter(({ by }: Slice) => by === 'side')
        .map(({ value, images }: Slice) => [value, images])
        .sort(),
    ).toEqual([
      ['left', 30],
      ['right', 30],
    ]);
    writeFileSync(join(folder, 'other.csv'), 'file,side\nelsewhere.png,left\n');
    const other = await fovea(folder, ['test', 'a', '--slices', 'other.csv']);
    expect(other.stderr).toMatch(/Expected rows that name test pictures/);
  }, 60_000);
});
