import { spawnSync } from 'node:child_process';

/**
 * The program of the newest Node of a major version, from the npm registry: the package `node`, or where installed
 * packages may run no scripts the one with the program itself. Undefined, with the reason printed, when there is none.
 */
export function findNode(major: number): string | undefined {
  if (Number(process.versions.node.split('.')[0]) === major) return process.execPath;
  const platform = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}@${major}`;
  let reason = '';
  for (const words of [[`node@${major}`], ['--ignore-scripts', `--package=${platform}`, '--', 'node']]) {
    const { stdout, stderr, error } = spawnSync(
      'npx',
      ['-y', ...words, '-p', 'process.execPath + " " + process.version'],
      {
        encoding: 'utf8',
        timeout: 180_000,
        shell: process.platform === 'win32',
      },
    );
    const [, path] = new RegExp(`^(.+) v${major}\\.`, 'm').exec(stdout ?? '') ?? [];
    if (path !== undefined) return path;
    reason = error?.message ?? stderr.trim().split('\n').at(-1) ?? '';
  }
  console.warn(`skipped: no Node ${major} from the npm registry (${reason})`);
  return undefined;
}
