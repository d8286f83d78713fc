// Pins the bits that training gives now in tests/contract/bits.json. Build first; then tell of it in CHANGELOG.md.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { status } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), 'run', 'tests/contract/bits.test.ts'],
  { cwd: root, stdio: 'inherit', env: { ...process.env, FOVEA_PIN_BITS: '1' } },
);
if (status === 0) {
  const file = join(root, 'src/core/train/bits.ts');
  const text = readFileSync(file, 'utf8');
  const pins = readFileSync(join(root, 'tests/contract/bits.json'));
  const hash = createHash('sha256').update(pins).digest('hex').slice(0, 8);
  const [, number, before] = /engineBits = '(\d+)-([0-9a-f]{8})'/.exec(text);
  if (hash !== before) writeFileSync(file, text.replace(`'${number}-${before}'`, `'${Number(number) + 1}-${hash}'`));
}
process.exit(status ?? 1);
