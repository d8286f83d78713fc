/**
 * 160 hard inputs, each with what must happen to it: every one is read in a process that may hold 1 GiB, in at most five
 * seconds, and the table of passes is printed.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/node/codec.ts';
import { fovea } from '../cli/fovea.ts';
import { describeWithData, temporaryFolder, unpack } from '../test-data.ts';
import type { Outcome, Task } from './nasty-reader.ts';

interface Entry {
  readonly path: string;
  readonly path_hex?: string;
  readonly action: 'accept' | 'accept_or_skip' | 'skip' | 'ignore' | 'error' | 'accept_or_error';
  readonly tolerance_mean?: number;
  readonly expect?: {
    readonly width?: number;
    readonly height?: number;
    readonly count?: number;
    readonly mean_rgb?: readonly number[];
    readonly rgb_sha256?: string;
    readonly corners_rgb?: Readonly<Record<string, readonly number[]>>;
  };
  readonly expect_counts?: Readonly<Record<string, number>>;
  readonly expect_skipped?: number;
}

const reader = fileURLToPath(new URL('nasty-reader.ts', import.meta.url));
const limitMebibytes = 1024;
const limitMilliseconds = 5000;

/** Their expected values have transparency dropped; Fovea lays it over white. */
const transparent = new Set(['png/rgba8.png', 'png/gray_alpha.png', 'png/palette_transparent.png']);

function taskOf({ path }: Entry): Task {
  if (path.startsWith('layouts/')) return { path, as: 'data' };
  if (path.startsWith('idx/')) return { path, as: /label/.test(path) ? 'idx labels' : 'idx images' };
  return { path, as: path === 'bombs/gzip_idx_bomb.gz' ? 'idx images' : 'picture' };
}

describeWithData('nasty', 'hard inputs', (folder) => {
  const { entries } = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { entries: Entry[] };
  const root = unpack(join(folder, 'nasty.tar.gz'), temporaryFolder());
  const tasks: Task[] = [
    ...entries.filter(({ path_hex, action }) => !path_hex && action !== 'ignore').map(taskOf),
    { path: 'names', as: 'folder' },
    { path: 'wrong', as: 'folder' },
  ];
  const { outcomes, status } = readAll(root, tasks);
  const outcomeOf = (path: string): Outcome => {
    const outcome = outcomes.get(path);
    if (!outcome) throw new Error(`the reader did not come to ${path}; it ended with ${status}`);
    return outcome;
  };
  const passed = new Map<string, 'accepted' | 'refused' | 'ignored'>();

  afterAll(() => {
    const lines = [...new Set(entries.map(({ path }) => path.split('/')[0]))].map((name) => {
      const own = entries.filter(({ path }) => path.startsWith(`${name}/`));
      const slowest = Math.max(...own.map(({ path }) => outcomes.get(path)?.milliseconds ?? 0));
      const count = (what: string): number => own.filter(({ path }) => passed.get(path) === what).length;
      const sum = own.filter(({ path }) => passed.has(path)).length;
      return `${name.padEnd(9)}${`${sum}/${own.length}`.padStart(7)}${['accepted', 'refused', 'ignored']
        .map((what) => String(count(what)).padStart(10))
        .join('')}${slowest.toFixed(0).padStart(12)}`;
    });
    const peak = Math.max(...[...outcomes.values()].map(({ peakMemory }) => peakMemory));
    console.log(
      [
        'folder    passed  accepted   refused   ignored  slowest ms',
        ...lines,
        `${passed.size} of ${entries.length} pass; at most ${peak.toFixed(0)} MiB resident`,
      ].join('\n'),
    );
  });

  it('the manifest has 160 entries, and one process of 1 GiB reads them all', () => {
    expect(entries).toHaveLength(160);
    expect(status).toBe(0);
    expect(outcomes.size).toBe(tasks.length);
    for (const { peakMemory } of outcomes.values()) expect(peakMemory).toBeLessThan(limitMebibytes);
  });

  describe('each entry', () => {
    it.each(entries.map((entry) => [JSON.stringify(entry.path), entry] as const))('%s', async (_, entry) => {
      passed.set(entry.path, await check(entry));
    });
  });

  async function check(entry: Entry): Promise<'accepted' | 'refused' | 'ignored'> {
    const { path, action } = entry;
    const [top, ...rest] = path.split('/');
    const name = rest.join('/');
    const listed = top === 'names' || top === 'wrong' ? new Map(outcomeOf(top).listing) : undefined;
    if (action === 'ignore') {
      // Not a sample: walking the folder does not find it.
      expect(listed).toBeDefined();
      expect(listed?.has(name)).toBe(false);
      return 'ignored';
    }
    if (entry.path_hex) {
      const [, error] = [...listed!].find(([found]) => found.startsWith('latin1_'))!;
      expect(error).not.toMatch(/no error of ours|\n/);
      return error === '' ? 'accepted' : 'refused';
    }
    const outcome = outcomeOf(path);
    expect(outcome.milliseconds).toBeLessThan(limitMilliseconds);
    // Found by its own name, unchanged, when the folder is walked; what has no picture's name need not be.
    if (listed && name !== 'no_extension') expect(listed.has(name), `${name} in its folder`).toBe(true);
    if (action === 'error' && top === 'layouts') {
      const { code, stderr } = await fovea(root, ['train', path, '--model', 'linear', '--epochs', '1']);
      expect(code).toBe(1);
      expect(stderr.trimEnd()).toMatch(/^Expected [^\n]+$/);
      return 'refused';
    }
    if (outcome.error) {
      expect(outcome.error.ours, outcome.error.message).toBe(true);
      expect(outcome.error.message).toMatch(/^[^\n]{20,}$/);
      expect(['skip', 'accept_or_skip', 'error', 'accept_or_error'], outcome.error.message).toContain(action);
      return 'refused';
    }
    expect(['accept', 'accept_or_skip', 'accept_or_error']).toContain(action);
    if (outcome.picture) await checkPicture(entry, outcome.picture);
    if (outcome.data) checkData(entry, outcome.data);
    return 'accepted';
  }

  async function checkPicture(entry: Entry, picture: NonNullable<Outcome['picture']>): Promise<void> {
    const wanted = entry.expect ?? {};
    if (wanted.width) expect([picture.width, picture.height]).toEqual([wanted.width, wanted.height]);
    if (transparent.has(entry.path)) return checkTransparent(join(root, entry.path), wanted.rgb_sha256!);
    if (wanted.rgb_sha256) expect(picture.sha256).toBe(wanted.rgb_sha256);
    wanted.mean_rgb?.forEach((mean, c) => {
      expect(Math.abs(picture.mean[c] - mean)).toBeLessThanOrEqual(entry.tolerance_mean ?? 1);
    });
    const places = ['top_left', 'top_right', 'bottom_left', 'bottom_right'];
    for (const [place, colour] of Object.entries(wanted.corners_rgb ?? {})) {
      colour.forEach((value, c) => {
        expect(Math.abs(picture.corners[places.indexOf(place)][c] - value)).toBeLessThan(25);
      });
    }
  }

  function checkData(entry: Entry, data: NonNullable<Outcome['data']>): void {
    const { expect: wanted, expect_counts: counts, expect_skipped: skipped } = entry;
    if (wanted?.count) {
      expect(data.count).toBe(wanted.count);
      expect(data.size.slice(0, 2)).toEqual([wanted.height, wanted.width]);
    }
    if (counts) expect(Object.entries(data.counts).sort()).toEqual(Object.entries(counts).sort());
    if (skipped !== undefined) expect(data.skipped).toHaveLength(skipped);
    expect(data.count).toBeGreaterThan(0);
  }
});

/** Before transparency the pixels are the expected ones, and what comes out is those over white. */
async function checkTransparent(path: string, sha256: string): Promise<void> {
  const { createHash } = await import('node:crypto');
  const rgba = await sharp(path).toColourspace('srgb').ensureAlpha().raw().toBuffer();
  const { data } = await decodeImage(path);
  const colours = Buffer.alloc(data.length);
  for (let i = 0; i < data.length / 3; i++) {
    const alpha = rgba[4 * i + 3] / 255;
    for (let c = 0; c < 3; c++) {
      colours[3 * i + c] = rgba[4 * i + c];
      expect(Math.abs(data[3 * i + c] - (rgba[4 * i + c] * alpha + 255 * (1 - alpha)))).toBeLessThanOrEqual(1);
    }
  }
  expect(createHash('sha256').update(colours).digest('hex')).toBe(sha256);
}

/**
 * Runs the reader with at most 1 GiB of memory of its own: `ulimit -d` counts every private page that may be written, the
 * heap of V8 and what libvips asks for alike. Where the shell has none (Windows), only the resident memory is compared.
 */
function readAll(root: string, tasks: readonly Task[]): { outcomes: Map<string, Outcome>; status: number | null } {
  const list = join(temporaryFolder(), 'tasks.json');
  writeFileSync(list, JSON.stringify(tasks));
  const command = [process.execPath, '--import', 'tsx', reader, root, list];
  const limited = ['-c', `ulimit -d ${limitMebibytes * 1024}; exec "$@"`, 'sh', ...command];
  const [program, args] = process.platform === 'linux' ? ['sh', limited] : [command[0], command.slice(1)];
  const { stdout, stderr, status } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (status !== 0) console.error(stderr);
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { outcomes: new Map(lines.map((line) => [JSON.parse(line).path, JSON.parse(line)])), status };
}
