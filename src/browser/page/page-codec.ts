import { mismatch } from '../../core/errors.ts';
import { withChannels } from '../../core/image/channels.ts';
import { kindBytes, kindOf, pictureFormats } from '../../core/image/kind.ts';
import type { Picture } from '../../core/image/picture.ts';
import { type DecodeOptions, type PictureCodec, UnreadablePicture } from '../../core/workbench/pictures/codec.ts';
import { defaultLimits } from '../../core/workbench/pictures/limits.ts';
import { headerSize } from './header-size.ts';

const { limitPixels: defaultLimitPixels, limitBytes: defaultLimitBytes } = defaultLimits;

/** Colours as they are in the file, so that Node's decoder gives the same (measured: 36 of 36 photographs). */
const asTheyAre: ImageBitmapOptions = {
  colorSpaceConversion: 'none',
  premultiplyAlpha: 'none',
  imageOrientation: 'from-image',
};

/** Picture files as the browser decodes them: upright, 8 bits, transparency laid over white. */
export const pageCodec: PictureCodec = {
  async decode(source, options = {}) {
    const { picture } = await decoded(source, options);
    return withChannels(picture, options.channels ?? 3);
  },
  async info(source, options = {}) {
    const { picture, format, transparent } = await decoded(source, options);
    const { width, height, data } = picture;
    let grey = true;
    for (let at = 0; grey && at < data.length; at += 3) grey = data[at] === data[at + 1] && data[at] === data[at + 2];
    return { width, height, channels: grey ? 1 : 3, format, transparent };
  },
};

async function decoded(
  source: Uint8Array | string,
  { subject = 'the picture', limitPixels = defaultLimitPixels, limitBytes = defaultLimitBytes }: DecodeOptions,
): Promise<{ picture: Picture; format: string; transparent: boolean }> {
  if (typeof source === 'string')
    throw mismatch('the bytes of a picture', `'${subject}'`, 'a path, which a page has not');
  if (source.length > limitBytes) {
    throw new UnreadablePicture(subject, `a file of ${source.length} bytes, more than the limit of ${limitBytes}`);
  }
  const kind = kindOf(source.subarray(0, kindBytes));
  if (!kind.picture) throw new UnreadablePicture(subject, `${kind.name}; Fovea reads ${pictureFormats.join(', ')}`);
  const claimed = headerSize(source);
  const tooMany = (width: number, height: number): UnreadablePicture =>
    new UnreadablePicture(
      subject,
      `a ${kind.name} of ${width}x${height} pixels, more than the limit of ${limitPixels}`,
    );
  if (claimed && claimed.width * claimed.height > limitPixels) throw tooMany(claimed.width, claimed.height);
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([source as Uint8Array<ArrayBuffer>]), asTheyAre);
  } catch {
    const known = kind.name === 'TIFF' ? ' in a form that this browser does not read; save it as PNG' : '';
    throw new UnreadablePicture(subject, `a ${kind.name} that is cut short or damaged${known && `, or${known}`}`);
  }
  try {
    const { width, height } = bitmap;
    if (width * height > limitPixels) throw tooMany(width, height);
    const canvas = new OffscreenCanvas(width, height);
    const context = canvas.getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
    context.drawImage(bitmap, 0, 0);
    const { data: rgba } = context.getImageData(0, 0, width, height);
    const data = new Uint8Array(width * height * 3);
    let transparent = false;
    for (let from = 0, to = 0; to < data.length; from += 4, to += 3) {
      const alpha = rgba[from + 3];
      if (alpha === 255) {
        data[to] = rgba[from];
        data[to + 1] = rgba[from + 1];
        data[to + 2] = rgba[from + 2];
        continue;
      }
      transparent = true;
      for (let c = 0; c < 3; c++) data[to + c] = Math.round((rgba[from + c] * alpha + 255 * (255 - alpha)) / 255);
    }
    return { picture: { width, height, channels: 3, data }, format: kind.name.toLowerCase(), transparent };
  } finally {
    bitmap.close();
  }
}
