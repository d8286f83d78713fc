/**
 * Reads the entries named in a JSON file one after the other and writes a JSON line for each: what came out, or the error.
 * A program of its own, so that it can run under a memory limit and its end tells when it crashed.
 */
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type DataSource, parts } from '../../src/core/dataset/dataset.ts';
import { FoveaError } from '../../src/core/errors.ts';
import { decodeImage } from '../../src/node/codec.ts';
import { openData, openPictures } from '../../src/node/open-data.ts';

/** What one entry came to. Exactly one of `picture`, `data`, `listing` and `error` is there. */
export interface Outcome {
  readonly path: string;
  readonly milliseconds: number;
  /** The most resident memory that the process has had until then, in MiB. */
  readonly peakMemory: number;
  readonly picture?: {
    readonly width: number;
    readonly height: number;
    readonly mean: readonly number[];
    readonly sha256: string;
    readonly corners: readonly (readonly number[])[];
  };
  readonly data?: {
    readonly count: number;
    readonly size: readonly number[];
    readonly counts: Readonly<Record<string, number>>;
    readonly skipped: readonly { readonly origin: string; readonly reason: string }[];
    readonly notes: readonly string[];
  };
  /** For a folder of pictures: the names found, and for each the error of reading it or the empty string. */
  readonly listing?: readonly (readonly [name: string, error: string])[];
  /** `ours` is false for an error that no person should ever see. */
  readonly error?: { readonly message: string; readonly ours: boolean };
}

export interface Task {
  readonly path: string;
  readonly as: 'picture' | 'folder' | 'data' | 'idx images' | 'idx labels';
}

const [root, list] = process.argv.slice(2);
for (const { path, as } of JSON.parse(readFileSync(list, 'utf8')) as Task[]) {
  const start = performance.now();
  let result: Pick<Outcome, 'picture' | 'data' | 'listing' | 'error'>;
  try {
    result = await read(path, as);
  } catch (error) {
    const { message } = error as Error;
    result = { error: { message, ours: error instanceof FoveaError } };
  }
  const milliseconds = performance.now() - start;
  const outcome: Outcome = { path, milliseconds, peakMemory: process.resourceUsage().maxRSS / 1024, ...result };
  process.stdout.write(`${JSON.stringify(outcome)}\n`);
}

async function read(path: string, as: Task['as']): Promise<Pick<Outcome, 'picture' | 'data' | 'listing'>> {
  switch (as) {
    case 'picture':
      return { picture: await readPicture(join(root, path)) };
    case 'folder':
      return { listing: await readFolder(join(root, path)) };
    case 'data':
      return { data: describe(await openData(join(root, path), { size: 16 })) };
    default:
      return { data: describe(await readIdx(join(root, path), as)) };
  }
}

async function readPicture(path: string): Promise<Outcome['picture']> {
  const { width, height, data } = await decodeImage(path);
  const at = (x: number, y: number): number[] => [...data.subarray(3 * (y * width + x), 3 * (y * width + x) + 3)];
  return {
    width,
    height,
    mean: meanOf(data),
    sha256: createHash('sha256').update(data).digest('hex'),
    corners: [at(3, 3), at(width - 4, 3), at(3, height - 4), at(width - 4, height - 4)],
  };
}

function meanOf(data: Uint8Array): number[] {
  const sums = [0, 0, 0];
  for (let i = 0; i < data.length; i += 3) for (let c = 0; c < 3; c++) sums[c] += data[i + c];
  return sums.map((sum) => sum / (data.length / 3));
}

async function readFolder(path: string): Promise<Outcome['listing']> {
  const { files, skipped } = await openPictures([path]);
  const found = await Promise.all(
    files.map(async ({ name, read }) => {
      const error = await read(3).then(
        () => '',
        (reason) => (reason instanceof FoveaError ? reason.message : `no error of ours: ${reason}`),
      );
      return [name.slice(path.length + 1), error] as const;
    }),
  );
  return [...found, ...skipped.map(({ origin, reason }) => [origin, reason] as const)];
}

/** One IDX file needs its companion: the good one of the other kind. */
async function readIdx(path: string, as: 'idx images' | 'idx labels'): Promise<DataSource> {
  const folder = mkdtempSync(join(tmpdir(), 'fovea-test-'));
  const ending = path.endsWith('.gz') ? '.gz' : '';
  const labels = as === 'idx labels';
  try {
    copyFileSync(
      labels ? join(root, 'idx/good_images.idx3') : path,
      join(folder, `train-images-idx3-ubyte${labels ? '' : ending}`),
    );
    copyFileSync(
      labels ? path : join(root, 'idx/good_labels.idx1'),
      join(folder, `train-labels-idx1-ubyte${labels ? ending : ''}`),
    );
    return await openData(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function describe(source: DataSource): Outcome['data'] {
  // No prototype: a class may be called `__proto__`.
  const counts: Record<string, number> = Object.create(null);
  let count = 0;
  let size: number[] = [];
  for (const part of parts) {
    const dataset = source[part];
    if (!dataset) continue;
    count += dataset.count;
    size = [dataset.height, dataset.width, dataset.channels];
    for (const name of dataset.classNames) counts[name] ??= 0;
    for (const label of dataset.labels) counts[dataset.classNames[label]]++;
  }
  return { count, size, counts, skipped: source.skipped, notes: source.notes };
}
