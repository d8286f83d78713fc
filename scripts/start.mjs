// `npm start`: builds what is not fresh, then does the main job (`fovea start`) in this process.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const stamp = join(root, 'dist', '.built');

/** Newest change below a path, in milliseconds; 0 where there is none. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

const sources = [
  'src',
  'bench/stdio.ts',
  'scripts/build.mjs',
  'scripts/bundle.mjs',
  'scripts/build-studio.mjs',
  'package.json',
  'tsconfig.json',
  'tsconfig.build.json',
];
const changed = Math.max(...sources.map((path) => newest(join(root, path))));
const main = join(root, 'dist', 'cli', 'main.js');

if (!existsSync(main) || newest(stamp) < changed) {
  process.stderr.write('Building …\n');
  const begin = performance.now();
  // The build's own words go to stderr: stdout belongs to the result.
  const { status } = spawnSync(process.execPath, [join(root, 'scripts', 'build.mjs')], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  if (status !== 0) process.exit(status ?? 1);
  process.stderr.write(`Built in ${((performance.now() - begin) / 1000).toFixed(1)} s\n`);
}

// npm takes `--json` and `--seed=1` before `--` for itself and passes them as environment variables.
const args = process.argv.slice(2);
if (process.env.npm_config_json === 'true' && !args.includes('--json')) args.push('--json');
process.argv = [process.execPath, main, 'start', ...args];
await import(pathToFileURL(main).href);
