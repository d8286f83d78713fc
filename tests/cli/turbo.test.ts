import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../test-data.ts';
import { fovea, writeBars } from './fovea.ts';

const folder = temporaryFolder();
const hasRevectorizer = Number(process.versions.node.split('.')[0]) >= 22 && process.arch === 'x64';
const said = hasRevectorizer ? /Turbo is on: V8 [\d.]+/ : /Turbo is refused, computing goes on without it: V8 [\d.]+/;

describe('--turbo', () => {
  it('says what came of it, puts it into the record, and changes no number', async () => {
    writeBars(join(folder, 'bars'));
    const train = (out: string, ...more: string[]) =>
      fovea(folder, ['train', 'bars', '--model', 'lenet5', '--epochs', '1', '--out', out, '--json', ...more]);
    const plain = await train('plain');
    const turbo = await train('turbo', '--turbo');
    expect(turbo.code, turbo.stderr).toBe(0);
    expect(turbo.stderr).toMatch(said);
    expect(turbo.json.turbo.text).toMatch(said);
    expect(turbo.json.turbo.on).toBe(hasRevectorizer);
    expect(turbo.json.weights).toBe(plain.json.weights);
    const { environment, recipe } = JSON.parse(readFileSync(join(folder, 'turbo/run.json'), 'utf8'));
    expect(environment.turbo).toMatch(/^turbo (by V8 |refused)/);
    expect(recipe).toEqual(JSON.parse(readFileSync(join(folder, 'plain/run.json'), 'utf8')).recipe);
    expect(plain.stderr).not.toMatch(/turbo/i);
    expect(plain.json.turbo).toBeUndefined();
  });

  it('is asked for by the environment as well, where a command computes', async () => {
    process.env.FOVEA_TURBO = '1';
    try {
      const tested = await fovea(folder, ['test', 'plain']);
      expect(tested.stdout).toMatch(said);
      expect((await fovea(folder, ['model', 'list'])).stdout).not.toMatch(/turbo/i);
    } finally {
      delete process.env.FOVEA_TURBO;
    }
  });
});
