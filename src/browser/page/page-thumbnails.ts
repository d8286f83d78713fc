import { FoveaError } from '../../core/errors.ts';
import { toColour } from '../../core/image/channels.ts';
import { fitPicture } from '../../core/image/fit.ts';
import type { Picture } from '../../core/image/picture.ts';
import type { OpenDataRequest } from '../../core/workbench/adapters.ts';
import type { Gallery } from '../../core/workbench/studio/host.ts';

/** The longest side in pixels: twice what a page shows, for dense screens. */
const longest = 192;

/** Small pictures as data URIs, by origin. Pictures that cannot be read are left out. */
export async function thumbnails(
  gallery: Gallery,
  origins: readonly string[],
  { signal, onProgress }: Pick<OpenDataRequest, 'signal' | 'onProgress'> = {},
): Promise<Map<string, string>> {
  const wanted = new Set(origins);
  const made = new Map<string, string>();
  let done = 0;
  for (const [index, { origin }] of gallery.pictures.entries()) {
    if (!wanted.has(origin)) continue;
    signal?.throwIfAborted();
    try {
      made.set(origin, await encodeSmall(await gallery.readSmall(index, longest)));
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
    }
    onProgress?.({ done: ++done, total: wanted.size });
  }
  return made;
}

/** WebP, or PNG where the browser writes no WebP. */
async function encodeSmall(picture: Picture): Promise<string> {
  const share = Math.min(1, longest / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map((side) => Math.max(1, Math.round(side * share)));
  const { data } = toColour(share === 1 ? picture : fitPicture(picture, height, width));
  const pixels = new ImageData(width, height);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    pixels.data.set(data.subarray(from, from + 3), to);
    pixels.data[to + 3] = 255;
  }
  const canvas = new OffscreenCanvas(width, height);
  (canvas.getContext('2d') as OffscreenCanvasRenderingContext2D).putImageData(pixels, 0, 0);
  return addressOf(await canvas.convertToBlob({ type: 'image/webp', quality: 0.8 }));
}

const addressOf = (blob: Blob): Promise<string> =>
  new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result as string);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
