import { createDataset, type Dataset, type Skipped } from '../../dataset/dataset.ts';
import type { LabelledPicture } from '../../dataset/sources/content.ts';
import { FoveaError, invalid } from '../../errors.ts';
import { type FitMode, fitPicture } from '../../image/fit.ts';
import { type PictureCodec, UnreadablePicture } from './codec.ts';
import { inParallel } from './in-parallel.ts';
import { checkCount, type ReadLimits } from './limits.ts';

/** A picture and its class: a file of this machine, or bytes from an archive or a table. */
export type LabelledFile = Pick<LabelledPicture, 'origin' | 'label' | 'group' | 'file' | 'bytes'>;

export interface DecodeAllOptions extends ReadLimits {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  readonly fit?: FitMode;
  /** The first picture that cannot be read stops everything. */
  readonly strict?: boolean;
  readonly signal?: AbortSignal;
  /** Called after each picture. */
  readonly onProgress?: (done: number, total: number) => void;
}

/** All pixels of one data set, in bytes. */
const mostBytes = 2 ** 32;

/**
 * Decodes files and brings each to one size at once, so that large pictures never lie in memory together. Files that
 * cannot be read are left out and named in `skipped`; the order of the rest is kept.
 */
export async function decodeAll(
  codec: PictureCodec,
  name: string,
  files: readonly LabelledFile[],
  classNames: readonly string[],
  options: DecodeAllOptions,
): Promise<{ dataset: Dataset | undefined; skipped: Skipped[] }> {
  const { height, width, channels, strict, signal, onProgress } = options;
  const { limitPixels, limitBytes } = options;
  // A cut is counted in pixels of the whole picture, so that is decoded in full.
  const resizedTo = options.fit === 'crop' ? undefined : { height, width };
  const size = height * width * channels;
  checkCount(name, files.length, options);
  if (files.length * size > mostBytes) {
    const gibibytes = ((files.length * size) / 2 ** 30).toFixed(1);
    throw new FoveaError(
      `${files.length} pictures of ${height}x${width}x${channels} take ${gibibytes} GiB of memory`,
      'Choose a smaller --size',
    );
  }
  const pixels = new Uint8Array(files.length * size);
  const reasons = new Map<number, string>();
  let done = 0;
  await inParallel(files.length, async (i) => {
    signal?.throwIfAborted();
    const { file, origin } = files[i];
    try {
      const source = file ?? (await files[i].bytes());
      const limits = { limitPixels, limitBytes };
      const picture = await codec.decode(source, { channels, subject: origin, resizedTo, ...limits });
      pixels.set(fitPicture(picture, height, width, options.fit).data, i * size);
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      if (strict) throw new FoveaError(`${error.message}. Remove it, or leave --strict out to skip such files`);
      reasons.set(i, error instanceof UnreadablePicture ? error.reason : error.message);
    }
    onProgress?.(++done, files.length);
  });
  const kept = files.map((_, i) => i).filter((i) => !reasons.has(i));
  const skipped = [...reasons].sort(([a], [b]) => a - b).map(([i, reason]) => ({ origin: files[i].origin, reason }));
  if (kept.length === 0) return { dataset: undefined, skipped };
  kept.forEach((from, to) => {
    if (from !== to) pixels.copyWithin(to * size, from * size, (from + 1) * size);
  });
  const dataset = createDataset({
    name,
    classNames,
    height,
    width,
    channels,
    pixels: pixels.subarray(0, kept.length * size),
    labels: Int32Array.from(kept, (i) => files[i].label),
    origins: kept.map((i) => files[i].origin),
    ...(files.some(({ group }) => group !== undefined) ? { groups: kept.map((i) => files[i].group) } : {}),
  });
  return { dataset, skipped };
}

/** @throws FoveaError when an input size is none. */
export function checkSize(height: number, width: number): void {
  for (const side of [height, width]) {
    if (!Number.isInteger(side) || side < 1 || side > 4096)
      throw invalid('a whole number from 1 to 4096', "option 'size'", side);
  }
}
