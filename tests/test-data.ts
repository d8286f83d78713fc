import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, it } from 'vitest';

/**
 * Real data lies outside the repository: in the folder FOVEA_TEST_DATA, by default `../shared/data` beside the
 * repository root. With the variable set, absent data fails the test; without it, the test is skipped with a reason.
 */
const root = fileURLToPath(new URL('..', import.meta.url));
const wanted = process.env.FOVEA_TEST_DATA;
export const testDataFolder = wanted ? resolve(wanted) : resolve(root, '..', 'shared', 'data');

/** Path of a test data file or folder (`mnist/train-images-idx3-ubyte.gz`); undefined where tests must be skipped. */
export function testData(name: string): string | undefined {
  const path = join(testDataFolder, ...name.split('/'));
  if (existsSync(path)) return path;
  if (wanted) throw new Error(`FOVEA_TEST_DATA is set but ${path} is not there`);
  console.warn(`skipped: no test data '${name}' (set FOVEA_TEST_DATA to the folder that holds it)`);
  return undefined;
}

/** `describe` for tests that need one piece of test data; skipped by the rule above. */
export function describeWithData(name: string, title: string, tests: (path: string) => void): void {
  const path = testData(name);
  // The body is not run without its data: it may read the data while it lists its tests.
  if (path === undefined) describe.skip(title, () => it(`needs test data '${name}'`, () => undefined));
  else describe(title, () => tests(path));
}

/** A new temporary folder, removed after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fovea-test-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Unpacks an archive with the `tar` on PATH into `folder`, and returns it. */
export function unpack(archive: string, folder: string): string {
  execFileSync('tar', ['-xf', archive, '-C', folder]);
  return folder;
}
