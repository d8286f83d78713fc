import { mismatch } from '../../core/errors.ts';
import { withChannels } from '../../core/image/channels.ts';
import { heicWayOut, kindBytes, kindOf, pictureFormats } from '../../core/image/kind.ts';
import type { Picture } from '../../core/image/picture.ts';
import { type DecodeOptions, type PictureCodec, UnreadablePicture } from '../../core/workbench/pictures/codec.ts';
import { defaultLimits } from '../../core/workbench/pictures/limits.ts';
import { asTheyAre, pictureOf } from '../picture-of.ts';
import { headerSize } from './header-size.ts';

const { limitPixels: defaultLimitPixels, limitBytes: defaultLimitBytes } = defaultLimits;

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
  // Some browsers read HEIC (Safari does), so it is tried.
  if (!kind.picture && !kind.heic)
    throw new UnreadablePicture(subject, `${kind.name}; Fovea reads ${pictureFormats.join(', ')}`);
  const called = kind.heic ? 'HEIC picture' : kind.name;
  const claimed = headerSize(source);
  const tooMany = (width: number, height: number): UnreadablePicture =>
    new UnreadablePicture(subject, `a ${called} of ${width}x${height} pixels, more than the limit of ${limitPixels}`);
  if (claimed && claimed.width * claimed.height > limitPixels) throw tooMany(claimed.width, claimed.height);
  let bitmap: ImageBitmap;
  try {
    bitmap = await createImageBitmap(new Blob([source as Uint8Array<ArrayBuffer>]), asTheyAre);
  } catch {
    if (kind.heic)
      throw new UnreadablePicture(subject, `a HEIC picture, which this browser does not read (${heicWayOut})`);
    const known = kind.name === 'TIFF' ? ' in a form that this browser does not read; save it as PNG' : '';
    throw new UnreadablePicture(subject, `a ${kind.name} that is cut short or damaged${known && `, or${known}`}`);
  }
  try {
    const { width, height } = bitmap;
    if (width * height > limitPixels) throw tooMany(width, height);
    return { ...pictureOf(bitmap), format: kind.heic ? 'heif' : kind.name.toLowerCase() };
  } finally {
    bitmap.close();
  }
}
