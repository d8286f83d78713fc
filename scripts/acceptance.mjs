// Heavy runs on real pictures: builds, then trains and tests. Arguments go to vitest (`npm run acceptance -- -t MNIST`).
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
for (const [file, ...args] of [
  ['scripts/build.mjs'],
  ['node_modules/vitest/vitest.mjs', 'run', '--config', 'vitest.acceptance.config.ts', ...process.argv.slice(2)],
]) {
  const { status } = spawnSync(process.execPath, [join(root, file), ...args], { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
