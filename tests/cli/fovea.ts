import { spawn } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { generateShapes } from '../../src/core/dataset/builtin/shapes.ts';
import { pictureAt } from '../../src/core/dataset/dataset.ts';
import { encodePng } from '../../src/node/encode.ts';

const main = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url));

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The last line of stdout, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever JSON comes
  readonly json: any;
  /** With --json: all lines of stdout. */
  readonly lines: readonly string[];
}

/** Runs the built command as a person does. @param onText sees all output as it comes, and may send a signal. */
export function fovea(
  cwd: string,
  args: readonly string[],
  onText?: (text: string, kill: (signal: 'SIGINT' | 'SIGKILL') => void) => void,
): Promise<Finished> {
  const { FORCE_COLOR: _, ...env } = process.env;
  const child = spawn(process.execPath, [main, ...args], { cwd, env: { ...env, NO_COLOR: '1' } });
  let stdout = '';
  let stderr = '';
  const kill = (signal: 'SIGINT' | 'SIGKILL'): void => void child.kill(signal);
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    onText?.(stdout + stderr, kill);
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    onText?.(stdout + stderr, kill);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => {
      const lines = args.includes('--json') ? stdout.split('\n').filter((line) => line !== '') : [];
      resolve({ code, stdout, stderr, json: lines.length > 0 ? JSON.parse(lines.at(-1)!) : undefined, lines });
    });
  });
}

/** 12x12 grey pictures of upright, lying and slanting bars, as IDX files. Learnt in seconds, by any network. */
export function writeBars(folder: string, train = 150, test = 30): string {
  mkdirSync(folder, { recursive: true });
  writeIdx(folder, 'train', train);
  if (test > 0) writeIdx(folder, 't10k', test);
  return folder;
}

export function writeIdx(folder: string, stem: string, count: number, labels = count): void {
  const images = Buffer.alloc(16 + count * 144);
  [0x803, count, 12, 12].forEach((word, i) => {
    images.writeUInt32BE(word, 4 * i);
  });
  for (let i = 0; i < count; i++) {
    const place = 2 + ((i * 7 + stem.length) % 8);
    for (let p = 0; p < 144; p++) {
      const [y, x] = [Math.floor(p / 12), p % 12];
      const on = [x === place, y === place, Math.abs(x - y) < 2][i % 3];
      // Other noise in each part, so that no picture lies in two of them.
      images[16 + i * 144 + p] = (on ? 170 : 0) + ((i * 31 + p * (12 + stem.length)) % 60);
    }
  }
  const classes = Buffer.alloc(8 + labels);
  classes.writeUInt32BE(0x801, 0);
  classes.writeUInt32BE(labels, 4);
  for (let i = 0; i < labels; i++) classes[8 + i] = i % 3;
  writeFileSync(join(folder, `${stem}-images-idx3-ubyte`), images);
  writeFileSync(join(folder, `${stem}-labels-idx1-ubyte`), classes);
}

/** Class folders of PNG files, 16x16 colour: `train/CLASS/…` and `test/CLASS/…`. */
export async function writePhotos(folder: string, perClass = 12): Promise<string> {
  const { train } = generateShapes({ train: 3 * 10 * perClass, test: 10 });
  const classes = train!.classNames.slice(0, 3);
  const seen = [0, 0, 0];
  for (let i = 0; i < train!.count; i++) {
    const label = train!.labels[i];
    if (label > 2 || seen[label] >= perClass + 3) continue;
    const part = seen[label] < perClass ? 'train' : 'test';
    const place = join(folder, part, classes[label]);
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, `${seen[label]++}.png`), await encodePng(pictureAt(train!, i)));
  }
  return folder;
}
