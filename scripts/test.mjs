// The whole check: build, lint, types (core alone, what runs in browsers, then all else), tests. Further arguments go to vitest.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const steps = [
  ['build', 'scripts/build.mjs'],
  ['lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  // Without Node's types: what core may not use does not compile.
  ['types of core', 'node_modules/@typescript/native/bin/tsc', '-p', 'src/core/tsconfig.json'],
  // With the types of browsers and without Node's.
  ['types of browser', 'node_modules/@typescript/native/bin/tsc', '-p', 'src/browser/tsconfig.json'],
  ['types of studio', 'node_modules/@typescript/native/bin/tsc', '-p', 'src/studio/tsconfig.json'],
  ['types of its tests', 'node_modules/@typescript/native/bin/tsc', '-p', 'tests/browser/tsconfig.json'],
  ['types', 'node_modules/@typescript/native/bin/tsc', '-p', 'tsconfig.json'],
  ['tests', 'node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)],
];

for (const [name, file, ...args] of steps) {
  const start = performance.now();
  const { status, error } = spawnSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: 'inherit' });
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  if (status !== 0) {
    console.error(`npm test: ${name} failed after ${seconds} s${error ? `: ${error.message}` : ''}`);
    process.exit(status ?? 1);
  }
  console.error(`npm test: ${name} done in ${seconds} s`);
}
