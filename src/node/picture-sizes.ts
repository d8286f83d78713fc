import { FoveaError } from '../core/errors.ts';
import { pictureInfo } from './codec.ts';
import type { FoundData } from './describe-data.ts';
import { inParallel } from './in-parallel.ts';

/** Upright sizes of picture files from their headers, by origin. Files that cannot be read are left out. */
export async function pictureSizes(
  found: FoundData,
  origins: readonly string[],
  signal?: AbortSignal,
): Promise<Map<string, { height: number; width: number }>> {
  const sizes = new Map<string, { height: number; width: number }>();
  if (!('pictures' in found)) return sizes;
  const wanted = new Set(origins);
  const pictures = found.pictures.pictures.filter(({ origin }) => wanted.has(origin));
  await inParallel(pictures.length, async (i) => {
    signal?.throwIfAborted();
    const { origin, file, bytes } = pictures[i];
    try {
      const { height, width } = await pictureInfo(file ?? (await bytes()), { subject: origin });
      sizes.set(origin, { height, width });
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
    }
  });
  return sizes;
}
