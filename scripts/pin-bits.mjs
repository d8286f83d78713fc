// Pins the bits that training gives now in tests/contract/bits.json. Build first; then tell of it in CHANGELOG.md.
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'tests/contract/bits.test.ts'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, FOVEA_PIN_BITS: '1' } },
);
process.exit(status ?? 1);
