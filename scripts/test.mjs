// The whole check: build, and beside it lint and types (core alone, what runs in browsers, then all else); then tests.
// Further arguments go to vitest.
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const tsc = 'node_modules/@typescript/native/bin/tsc';

const build = [['build', 'scripts/build.mjs']];
const reading = [
  ['lint', 'node_modules/@biomejs/biome/bin/biome', 'check', '.'],
  // Without Node's types: what core may not use does not compile.
  ['types of core', tsc, '-p', 'src/core/tsconfig.json'],
  // With the types of browsers and without Node's.
  ['types of browser', tsc, '-p', 'src/browser/tsconfig.json'],
  ['types of studio', tsc, '-p', 'src/studio/tsconfig.json'],
  ['types of its tests', tsc, '-p', 'tests/browser/tsconfig.json'],
  // Without the benchmark's programs, which read the built library: the build compiles them.
  ['types', tsc, '-p', 'tsconfig.json'],
];
const tests = [['tests', 'node_modules/vitest/vitest.mjs', 'run', ...process.argv.slice(2)]];

const running = new Set();
process.on('exit', () => {
  for (const child of running) child.kill();
});

/** Runs steps one after the other. What they print comes as it is printed, or, where others run beside them, at their end. */
async function run(steps, beside = false) {
  for (const [name, file, ...args] of steps) {
    const start = performance.now();
    const stdio = beside ? ['ignore', 'pipe', 'pipe'] : 'inherit';
    const child = spawn(process.execPath, [join(root, file), ...args], { cwd: root, stdio });
    running.add(child);
    const printed = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => printed.push(chunk));
    const failure = await new Promise((resolve) => {
      child.on('error', ({ message }) => resolve({ status: 1, why: `: ${message}` }));
      child.on('close', (status) => resolve(status === 0 ? undefined : { status: status ?? 1, why: '' }));
    });
    running.delete(child);
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    for (const chunk of printed) process.stderr.write(chunk);
    if (failure) {
      console.error(`npm test: ${name} failed after ${seconds} s${failure.why}`);
      process.exit(failure.status);
    }
    console.error(`npm test: ${name} done in ${seconds} s`);
  }
}

await Promise.all([run(build), run(reading, true)]);
await run(tests);
