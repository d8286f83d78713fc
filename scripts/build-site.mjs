// Builds the studio for any static host: dist/site, a folder of files that needs no server of ours.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const { status } = spawnSync(process.execPath, [join(root, 'scripts/build.mjs')], { cwd: root, stdio: 'inherit' });
if (status !== 0) process.exit(status ?? 1);
const site = join(root, 'dist/site');
rmSync(site, { recursive: true, force: true });
cpSync(join(root, 'dist/studio'), site, { recursive: true, filter: (path) => !path.endsWith('.vite') });
console.log(`The site is in ${site}: put its files on any host that serves https.`);
