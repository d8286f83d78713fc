import { open } from 'node:fs/promises';
import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { FoveaError } from '../core/errors.ts';
import { withChannels } from '../core/image/channels.ts';
import { kindBytes, kindOf, pictureFormats } from '../core/image/kind.ts';
import type { Picture } from '../core/image/picture.ts';
import {
  type DecodeOptions as CommonOptions,
  type DecodedPicture,
  type PictureCodec,
  type PictureInfo,
  UnreadablePicture,
} from '../core/workbench/pictures/codec.ts';
import { type HeicPicture, type Heif, installedHeif, openHeic } from './heic.ts';
import { jpegFrame, mayShrink, shrinkFactor } from './jpeg.ts';
import { defaultLimits } from './limits.ts';
import { fileError } from './storage.ts';

// Many small pictures are decoded side by side, so each needs one thread only; nothing is decoded twice, so nothing is kept.
sharp.concurrency(1);
sharp.cache(false);

export interface DecodeOptions extends CommonOptions {
  /** What shows through transparency, as CSS writes colours. Default white, which all commands use. */
  readonly background?: string;
  /**
   * The size that the picture will be resized to. A JPEG that is far larger may then come out at a half, a quarter or an
   * eighth, which its decoder does faster (see `shrinkFactor`). Default: full size.
   */
  readonly resizedTo?: { readonly height: number; readonly width: number };
  /** Finds a decoder of HEIC pictures. Default: libheif-js, where it is installed. */
  readonly heif?: () => Promise<Heif | undefined>;
}

const { limitPixels: defaultLimitPixels, limitBytes: defaultLimitBytes } = defaultLimits;
const white = '#ffffff';

/**
 * Decodes JPEG, PNG, WebP, GIF, TIFF or AVIF, told apart by content, to 8 bits in sRGB: turned upright by its EXIF
 * orientation, embedded colour profiles applied, 16 bits scaled to 8, palettes looked up, transparency laid over
 * white or `background`, CMYK converted, the first frame or page of several.
 * @param source the file's bytes or its path.
 * @throws UnreadablePicture when it is no picture, is cut short or damaged, or is larger than the limits.
 */
export async function decodeImage(source: Uint8Array | string, options: DecodeOptions = {}): Promise<DecodedPicture> {
  const { channels = 3, subject = typeof source === 'string' ? source : 'the picture' } = options;
  const bytes = typeof source === 'string' ? await readPicture(source, options, subject) : source;
  if (bytes.length > (options.limitBytes ?? defaultLimitBytes)) throw tooManyBytes(subject, bytes.length, options);
  const heic = await heicOf(bytes, subject, options);
  if (heic) return withChannels(await heic.decode(), channels);
  const kind = checkedKind(bytes, subject);
  const cmyk = mayBeOdd(kind, bytes) && isPlainCmyk(await checkedMetadata(bytes, kind, subject, options));
  try {
    const decoded: DecodedPicture = await (cmyk ? decodeCmyk(bytes, options) : decodeColour(bytes, kind, options));
    const picture = withChannels(decoded, channels);
    return decoded.full ? { ...picture, full: decoded.full } : picture;
  } catch (error) {
    throw await unreadable(subject, kind, error, bytes, options);
  }
}

/** Size, channels and format from the header, without decoding the pixels. Same limits and errors as `decodeImage`. */
export async function pictureInfo(source: Uint8Array | string, options: DecodeOptions = {}): Promise<PictureInfo> {
  const { subject = typeof source === 'string' ? source : 'the picture' } = options;
  const bytes = typeof source === 'string' ? await readPicture(source, options, subject) : source;
  const heic = await heicOf(bytes, subject, options);
  if (heic) {
    heic.free();
    return { width: heic.width, height: heic.height, channels: 3, format: 'heif', transparent: false };
  }
  const metadata = await checkedMetadata(bytes, checkedKind(bytes, subject), subject, options);
  const { width, height } = metadata.autoOrient;
  const grey = metadata.space === 'b-w' || metadata.space === 'grey16';
  const turned = (metadata.orientation ?? 1) > 1 ? { orientation: metadata.orientation } : {};
  return { width, height, channels: grey ? 1 : 3, format: metadata.format, transparent: metadata.hasAlpha, ...turned };
}

/** A picture as the bytes of a PNG file. */
export async function encodePng(picture: Picture): Promise<Uint8Array> {
  const { width, height, channels, data } = picture;
  return sharp(data, { raw: { width, height, channels } }).png().toBuffer();
}

/** What JPEG makes of pixels: encoded at a quality from 1 to 100, and decoded as every JPEG is. */
export async function recompress(picture: Picture, quality: number): Promise<Picture> {
  const { width, height, channels, data } = picture;
  const bytes = await sharp(data, { raw: { width, height, channels } }).jpeg({ quality }).toBuffer();
  return decodeImage(bytes, { channels });
}

const inputOptions = (options: DecodeOptions): SharpOptions => ({
  // 'error' also refuses a JPEG that ends early, which would otherwise be grey from there on.
  failOn: 'error',
  limitInputPixels: options.limitPixels ?? defaultLimitPixels,
  pages: 1,
});

async function decodeColour(bytes: Uint8Array, kind: string, options: DecodeOptions): Promise<DecodedPicture> {
  const { background = white } = options;
  const image = sharp(bytes, inputOptions(options)).autoOrient();
  const smaller = kind === 'JPEG' ? await shrunkenSize(bytes, options) : undefined;
  // Mitchell, because linear blurs, and what sharper kernels overshoot at hard edges is cut off and lost.
  if (smaller) image.resize({ height: smaller.height, width: smaller.width, fit: 'fill', kernel: 'mitchell' });
  const { data, info } = await image
    .flatten({ background })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const picture = { width: info.width, height: info.height, data, ...(smaller ? { full: smaller.full } : {}) };
  if (info.channels === 3) return { ...picture, channels: 3 };
  if (info.channels === 1) return { ...picture, channels: 1 };
  throw new Error(`${info.channels} channels`);
}

/** The size to let the JPEG decoder shrink to; undefined where it must decode in full. */
async function shrunkenSize(
  bytes: Uint8Array,
  options: DecodeOptions,
): Promise<{ width: number; height: number; full: { height: number; width: number } } | undefined> {
  const { resizedTo } = options;
  const frame = resizedTo && jpegFrame(bytes);
  if (!frame || !mayShrink(frame, resizedTo.height, resizedTo.width)) return undefined;
  const { width, height } = (await sharp(bytes, inputOptions(options)).metadata()).autoOrient;
  const factor = shrinkFactor(height, width, resizedTo.height, resizedTo.width);
  return factor === 1 ? undefined : { width: width / factor, height: height / factor, full: { height, width } };
}

/** CMYK without a profile, as on a screen: red = (255 - cyan) x (255 - black) / 255 and so on. */
async function decodeCmyk(bytes: Uint8Array, options: DecodeOptions): Promise<Picture> {
  const { data, info } = await sharp(bytes, inputOptions(options))
    .autoOrient()
    .pipelineColourspace('cmyk')
    .toColourspace('cmyk')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  if (info.channels !== 4) throw new Error(`CMYK with ${info.channels} channels`);
  const rgb = new Uint8Array(info.width * info.height * 3);
  for (let from = 0, to = 0; from < data.length; from += 4, to += 3) {
    for (let c = 0; c < 3; c++) rgb[to + c] = Math.round(((255 - data[from + c]) * (255 - data[from + 3])) / 255);
  }
  return { width: info.width, height: info.height, channels: 3, data: rgb };
}

/** A HEIC picture within the limits, ready to be decoded; undefined where it is none or there is no decoder. */
async function heicOf(
  bytes: Uint8Array,
  subject: string,
  { heif = installedHeif, background = white, limitPixels = defaultLimitPixels }: DecodeOptions,
): Promise<{ width: number; height: number; decode(): Promise<Picture>; free(): void } | undefined> {
  if (!kindOf(bytes.subarray(0, kindBytes)).heic) return undefined;
  const decoder = await heif();
  if (!decoder) return undefined;
  const damaged = (error: unknown): UnreadablePicture =>
    new UnreadablePicture(
      subject,
      `a HEIC picture that is damaged (${error instanceof Error ? error.message : error})`,
    );
  let picture: HeicPicture;
  try {
    picture = openHeic(decoder, bytes);
  } catch (error) {
    throw damaged(error);
  }
  const { width, height, free } = picture;
  if (!(width > 0 && height > 0) || width * height > limitPixels) {
    free();
    throw new UnreadablePicture(subject, tooManyPixels(`a HEIC picture of ${width}x${height} pixels`, limitPixels));
  }
  const decode = async (): Promise<Picture> => {
    try {
      return await picture.decode(background);
    } catch (error) {
      throw damaged(error);
    } finally {
      free();
    }
  };
  return { width, height, decode, free };
}

function checkedKind(bytes: Uint8Array, subject: string): string {
  const kind = kindOf(bytes.subarray(0, kindBytes));
  if (kind.picture) return kind.name;
  throw new UnreadablePicture(subject, `${kind.name}; Fovea reads ${pictureFormats.join(', ')}`);
}

/**
 * Whether a picture may be CMYK or hold floats, so that its header must be read before its pixels. Reading headers of
 * small pictures costs a third of the time, and only TIFF and JPEG with four components can be so.
 */
const mayBeOdd = (kind: string, bytes: Uint8Array): boolean =>
  kind === 'TIFF' || (kind === 'JPEG' && (jpegFrame(bytes)?.components ?? 4) > 3);

const isPlainCmyk = (metadata: Metadata): boolean => metadata.space === 'cmyk' && !metadata.icc;

async function checkedMetadata(
  bytes: Uint8Array,
  kind: string,
  subject: string,
  options: DecodeOptions,
): Promise<Metadata> {
  let metadata: Metadata;
  try {
    metadata = await sharp(bytes, inputOptions(options)).metadata();
  } catch (error) {
    throw await unreadable(subject, kind, error, bytes, options);
  }
  const { width, height, depth } = metadata;
  const limit = options.limitPixels ?? defaultLimitPixels;
  if (!(width > 0 && height > 0)) throw new UnreadablePicture(subject, `a ${kind} of ${width}x${height} pixels`);
  if (width * height > limit)
    throw new UnreadablePicture(subject, tooManyPixels(`a ${kind} of ${width}x${height} pixels`, limit));
  if (depth !== 'uchar' && depth !== 'ushort' && !(depth as string).startsWith('bit')) {
    throw new UnreadablePicture(subject, `a ${kind} with ${depth} values; save it with 8 or 16 bits a channel`);
  }
  return metadata;
}

async function readPicture(path: string, options: DecodeOptions, subject: string): Promise<Uint8Array> {
  const limit = options.limitBytes ?? defaultLimitBytes;
  try {
    const file = await open(path);
    try {
      const stat = await file.stat();
      if (stat.isDirectory()) throw new UnreadablePicture(subject, 'a folder');
      if (!stat.isFile()) throw new UnreadablePicture(subject, 'no ordinary file');
      if (stat.size > limit) throw tooManyBytes(subject, stat.size, options);
      return await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    throw error instanceof FoveaError ? error : fileError('read', path, error);
  }
}

export const tooManyBytes = (
  subject: string,
  bytes: number,
  { limitBytes = defaultLimitBytes }: DecodeOptions,
): UnreadablePicture =>
  new UnreadablePicture(
    subject,
    `a file of ${bytes} bytes, more than the limit of ${limitBytes} (option 'limitBytes')`,
  );

const tooManyPixels = (what: string, limit: number): string =>
  `${what}, more than the limit of ${limit} (option 'limitPixels')`;

/** libvips speaks in several lines, with its own names before them: the first that says something, in plain words. */
async function unreadable(
  subject: string,
  kind: string,
  error: unknown,
  bytes: Uint8Array,
  options: DecodeOptions,
): Promise<FoveaError> {
  if (error instanceof FoveaError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/exceeds pixel limit/.test(message)) {
    const size = await claimedSize(bytes);
    return new UnreadablePicture(subject, tooManyPixels(`a ${kind}${size}`, options.limitPixels ?? defaultLimitPixels));
  }
  const said = message
    .replace(/^Input (buffer|file) has corrupt header:?/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\w+: /, '').trim())
    .find((line) => line !== '');
  const cut = /premature end|truncat|end of (file|stream|image)|not enough|read error/i.test(message);
  return new UnreadablePicture(
    subject,
    `one that is ${cut ? 'cut short or damaged' : 'damaged'}${said ? ` (${said})` : ''}`,
  );
}

/** ` of 30000x30000 pixels`, from the header alone; empty where that says nothing. */
async function claimedSize(bytes: Uint8Array): Promise<string> {
  try {
    const { width, height } = await sharp(bytes, { limitInputPixels: false, pages: 1 }).metadata();
    return ` of ${width}x${height} pixels`;
  } catch {
    return '';
  }
}

/** This machine's way of reading pictures. */
export const nodeCodec: PictureCodec = { decode: decodeImage, info: pictureInfo };

export { type DecodedPicture, type PictureInfo, UnreadablePicture };
