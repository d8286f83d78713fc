import sharp from 'sharp';
import { type Part, parts, pictureAt } from '../core/dataset/dataset.ts';
import { FoveaError } from '../core/errors.ts';
import type { Picture } from '../core/image/picture.ts';
import type { OpenDataRequest } from '../core/workbench/adapters.ts';
import { originAt } from './apply-fixes.ts';
import { decodeImage } from './codec.ts';
import type { FoundData } from './describe-data.ts';

/** The longest side in pixels: twice what a page shows, for dense screens. */
const longest = 192;

/** Small pictures as `data:image/webp` URIs, by origin. Pictures that cannot be read are left out. */
export async function thumbnails(
  found: FoundData,
  origins: readonly string[],
  { signal, onProgress }: Pick<OpenDataRequest, 'signal' | 'onProgress'> = {},
): Promise<Map<string, string>> {
  const made = new Map<string, string>();
  const wanted = new Set(origins);
  let done = 0;
  for (const [origin, read] of readers(found)) {
    if (!wanted.has(origin)) continue;
    signal?.throwIfAborted();
    try {
      made.set(origin, await encodeSmall(await read()));
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
    }
    onProgress?.({ done: ++done, total: wanted.size });
  }
  return made;
}

function* readers(found: FoundData): Generator<[origin: string, read: () => Promise<Picture>]> {
  if ('pictures' in found) {
    for (const picture of found.pictures.pictures) {
      const { limits } = found;
      const read = async (): Promise<Picture> =>
        decodeImage(await picture.bytes(limits?.limitBytes), { subject: picture.origin, ...limits });
      yield [picture.origin, read];
    }
    return;
  }
  for (const part of parts satisfies readonly Part[]) {
    const dataset = found.source[part];
    if (!dataset) continue;
    for (let i = 0; i < dataset.count; i++) yield [originAt(dataset, part, i), async () => pictureAt(dataset, i)];
  }
}

async function encodeSmall({ width, height, channels, data }: Picture): Promise<string> {
  const small = await sharp(data, { raw: { width, height, channels } })
    .resize({ width: longest, height: longest, fit: 'inside', withoutEnlargement: true })
    .webp({ quality: 80 })
    .toBuffer();
  return `data:image/webp;base64,${small.toString('base64')}`;
}
