import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { writeClassifier } from '../../src/core/classifier/file.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { writeBuiltIn } from '../browser/pictures-of.ts';
import { sampleClassifier } from '../export/sample-classifier.ts';
import { temporaryFolder } from '../test-data.ts';
import { fovea } from './fovea.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const own = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));

describe('fovea export --to node and --to page', () => {
  const folder = temporaryFolder();
  beforeAll(async () => {
    const classifier = await sampleClassifier(buildPreset('lenet5', { input: [28, 28, 1], classes: 10 }));
    writeFileSync(join(folder, 'My digits!.safetensors'), writeClassifier(classifier));
    writeFileSync(join(folder, 'fovea.tgz'), 'packed');
  });

  it('writes a program that says what fovea classify says, and that type-checks', async () => {
    const made = await fovea(folder, ['export', 'My digits!.safetensors', '--to', 'node', '--out', 'out', '--json']);
    expect(made.code, made.stderr).toBe(0);
    expect(made.json.proof).toMatchObject({ proved: true, largestDifference: 0 });
    const out = join(folder, 'out');
    const packageJson = JSON.parse(readFileSync(join(out, 'package.json'), 'utf8'));
    expect(packageJson).toMatchObject({ name: 'my-digits', dependencies: { fovea: `^${own.version}` } });
    const program = readFileSync(join(out, 'index.js'), 'utf8');
    expect(program.split('\n').filter((line) => line !== '' && !line.startsWith('//')).length).toBeLessThanOrEqual(12);
    // The package as npm would put it there.
    mkdirSync(join(out, 'node_modules'));
    symlinkSync(root, join(out, 'node_modules/fovea'), 'junction');
    const [picture] = await writeBuiltIn(join(folder, 'pictures'), 'digits', 1);
    const said = execFileSync(process.execPath, ['.', picture], { cwd: out, encoding: 'utf8' });
    const { lines } = await fovea(folder, ['classify', 'My digits!.safetensors', picture, '--json']);
    const { top } = JSON.parse(lines[0]);
    const words = top.map(
      (one: { class: string; probability: number }) => `${one.class} ${(100 * one.probability).toFixed(1)} %`,
    );
    expect(said.trim()).toBe(`${picture} ${words.join(', ')}`);
    expect(execFileSync(process.execPath, ['.'], { cwd: out, encoding: 'utf8' })).toMatch(/^example\.png class \d/);
    const tsc = join(root, 'node_modules/@typescript/native/bin/tsc');
    const options = ['--noEmit', '--checkJs', '--allowJs', '--strict', '--module', 'nodenext', '--target', 'es2023'];
    symlinkSync(join(root, 'node_modules/@types'), join(out, 'node_modules/@types'), 'junction');
    execFileSync(process.execPath, [tsc, ...options, '--skipLibCheck', '--types', 'node', 'index.js'], { cwd: out });
  });

  it('locks the packages that Fovea itself was built with, and no tool of its developers', () => {
    const { packages } = JSON.parse(readFileSync(join(folder, 'out/package-lock.json'), 'utf8'));
    const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
    expect(packages['node_modules/fovea'].dependencies).toEqual(own.dependencies);
    for (const name of Object.keys(own.dependencies))
      expect(packages[`node_modules/${name}`]).toEqual(lock[`node_modules/${name}`]);
    expect(packages['node_modules/vitest']).toBeUndefined();
  });

  it('takes a packed Fovea along, and replaces nothing', async () => {
    const args = ['export', 'My digits!.safetensors', '--to', 'node', '--out', 'packed', '--package', 'fovea.tgz'];
    expect((await fovea(folder, args)).code).toBe(0);
    expect(readFileSync(join(folder, 'packed/fovea.tgz'), 'utf8')).toBe('packed');
    expect(JSON.parse(readFileSync(join(folder, 'packed/package.json'), 'utf8')).dependencies.fovea).toBe(
      'file:fovea.tgz',
    );
    // The same again is no trouble; another program of that name is.
    expect((await fovea(folder, args)).code).toBe(0);
    writeFileSync(join(folder, 'packed/index.js'), 'mine');
    const refused = await fovea(folder, args);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/Expected no other file for the folder's 'packed[\\/]index\.js'/);
    expect(readFileSync(join(folder, 'packed/index.js'), 'utf8')).toBe('mine');
  });

  it('a page is proved with its own kernels', async () => {
    const { code, json, stderr } = await fovea(folder, [
      'export',
      'My digits!.safetensors',
      '--out',
      'page.html',
      '--json',
    ]);
    expect(code, stderr).toBe(0);
    expect(json.proof).toMatchObject({ proved: true, runtime: "the page's own kernels", sameTopClass: 64 });
    expect(readFileSync(join(folder, 'page.html'), 'utf8')).toContain('<title>My digits!</title>');
  });

  it.each<[string[], RegExp]>([
    [['--to', 'node', '--out', 'My digits!.safetensors'], /Expected a folder for option 'out'/],
    [['--to', 'page', '--out', 'out'], /ends in \.html/],
    [['--out', 'a.html', '--package', 'fovea.tgz'], /target node/],
    [['--to', 'node', '--out', 'b', '--package', 'nothing.tgz'], /nothing\.tgz/],
  ])('%j is refused', async (args, message) => {
    const { code, stderr } = await fovea(folder, ['export', 'My digits!.safetensors', ...args]);
    expect(stderr).toMatch(message);
    expect(code).toBe(1);
  });
});
