import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { writeBars } from './fovea.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
// Inside the package, because only there 'fovea' means this package.
const folder = join(root, 'dist', '.readme');
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the example in the README', () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(readme)![1];

  it('has no more than 15 lines', () =>
    expect(
      code
        .trimEnd()
        .split('\n')
        .filter((line) => line !== '').length,
    ).toBeLessThanOrEqual(15));

  it('has right types and runs', { timeout: 60_000 }, () => {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    writeBars(join(folder, 'bars'));
    // The same program on data that take a second.
    expect(code).toContain("openData('digits')");
    writeFileSync(join(folder, 'example.ts'), code.replace("openData('digits')", "openData('bars')"));
    writeFileSync(
      join(folder, 'tsconfig.json'),
      JSON.stringify({
        extends: '../../tsconfig.json',
        include: ['*.ts'],
        exclude: [],
        compilerOptions: { rootDir: '../..', typeRoots: ['../../node_modules/@types'] },
      }),
    );
    const run = (...args: string[]) => spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    const types = run(join(root, 'node_modules/@typescript/native/bin/tsc'), '-p', '.');
    expect(types.stdout + types.stderr).toBe('');
    const { status, stdout, stderr } = run('--import', 'tsx', 'example.ts');
    expect(stderr).toBe('');
    expect(status).toBe(0);
    expect(stdout).toMatch(/epoch: 2/);
    expect(stdout).toMatch(/test accuracy (0\.\d+|1) .*; the first picture is a [0-2]: 0\.\d+/);
    expect(existsSync(join(folder, 'digits.safetensors'))).toBe(true);
  });
});
