import { open } from 'node:fs/promises';
import sharp, { type Metadata, type SharpOptions } from 'sharp';
import { FoveaError } from '../core/errors.ts';
import { withChannels } from '../core/image/channels.ts';
import { kindBytes, kindOf, pictureFormats } from '../core/image/kind.ts';
import type { Picture } from '../core/image/picture.ts';
import { quotePath } from './files.ts';
import { fileError } from './storage.ts';

// Many small pictures are decoded side by side, so each needs one thread only; nothing is decoded twice, so nothing is kept.
sharp.concurrency(1);
sharp.cache(false);

export interface DecodeOptions {
  /** 1: grey by ITU-R 601 luma. 3 (default): colour in sRGB. */
  readonly channels?: 1 | 3;
  /** The most pixels that a picture may claim. Default 100 million. */
  readonly limitPixels?: number;
  /** The most bytes that a file may have. Default 256 MiB. */
  readonly limitBytes?: number;
  /** What to call the picture in an error; by default its path. */
  readonly subject?: string;
}

/** What a picture's header says, after turning it upright. */
export interface PictureInfo {
  readonly width: number;
  readonly height: number;
  /** 1 when the file itself is grey. */
  readonly channels: 1 | 3;
  readonly format: string;
}

const defaultLimitPixels = 100e6;
const defaultLimitBytes = 2 ** 28;
const white = '#ffffff';

/** A picture that cannot be used. `reason` is the end of a sentence, without the file's name. */
export class UnreadablePicture extends FoveaError {
  readonly reason: string;
  constructor(subject: string, reason: string) {
    super(`Expected a picture that can be read for ${quotePath(subject)} but received ${reason}`);
    this.reason = reason;
  }
}

/**
 * Decodes JPEG, PNG, WebP, GIF, TIFF or AVIF, told apart by content, to 8 bits in sRGB: turned upright by its EXIF
 * orientation, embedded colour profiles applied, 16 bits scaled to 8, palettes looked up, transparency laid over
 * white, CMYK converted, the first frame or page of several.
 * @param source the file's bytes or its path.
 * @throws UnreadablePicture when it is no picture, is cut short or damaged, or is larger than the limits.
 */
export async function decodeImage(source: Uint8Array | string, options: DecodeOptions = {}): Promise<Picture> {
  const { channels = 3, subject = typeof source === 'string' ? source : 'the picture' } = options;
  const bytes = typeof source === 'string' ? await readPicture(source, options, subject) : source;
  if (bytes.length > (options.limitBytes ?? defaultLimitBytes)) throw tooManyBytes(subject, bytes.length, options);
  const kind = checkedKind(bytes, subject);
  const cmyk = mayBeOdd(kind, bytes) && isPlainCmyk(await checkedMetadata(bytes, kind, subject, options));
  try {
    return withChannels(await (cmyk ? decodeCmyk(bytes, options) : decodeColour(bytes, options)), channels);
  } catch (error) {
    throw unreadable(subject, error);
  }
}

/** Size, channels and format from the header, without decoding the pixels. Same limits and errors as `decodeImage`. */
export async function pictureInfo(source: Uint8Array | string, options: DecodeOptions = {}): Promise<PictureInfo> {
  const { subject = typeof source === 'string' ? source : 'the picture' } = options;
  const bytes = typeof source === 'string' ? await readPicture(source, options, subject) : source;
  const metadata = await checkedMetadata(bytes, checkedKind(bytes, subject), subject, options);
  const { width, height } = metadata.autoOrient;
  const grey = metadata.space === 'b-w' || metadata.space === 'grey16';
  return { width, height, channels: grey ? 1 : 3, format: metadata.format };
}

/** A picture as the bytes of a PNG file. */
export async function encodePng(picture: Picture): Promise<Uint8Array> {
  const { width, height, channels, data } = picture;
  return sharp(data, { raw: { width, height, channels } }).png().toBuffer();
}

const inputOptions = (options: DecodeOptions): SharpOptions => ({
  // 'error' also refuses a JPEG that ends early, which would otherwise be grey from there on.
  failOn: 'error',
  limitInputPixels: options.limitPixels ?? defaultLimitPixels,
  pages: 1,
});

async function decodeColour(bytes: Uint8Array, options: DecodeOptions): Promise<Picture> {
  const { data, info } = await sharp(bytes, inputOptions(options))
    .autoOrient()
    .flatten({ background: white })
    .toColourspace('srgb')
    .raw({ depth: 'uchar' })
    .toBuffer({ resolveWithObject: true });
  const picture = { width: info.width, height: info.height, data };
  if (info.channels === 3) return { ...picture, channels: 3 };
  if (info.channels === 1) return { ...picture, channels: 1 };
  throw new Error(`${info.channels} channels`);
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
  kind === 'TIFF' || (kind === 'JPEG' && jpegComponents(bytes) > 3);

/** Components of the first frame header (ITU-T T.81, B.2.2); 4 where none is found. */
function jpegComponents(bytes: Uint8Array): number {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    if (marker === 0xff) at++;
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return bytes[at + 9];
    else at += 2 + ((bytes[at + 2] << 8) | bytes[at + 3]);
  }
  return 4;
}

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
    throw unreadable(subject, error);
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

const tooManyBytes = (
  subject: string,
  bytes: number,
  { limitBytes = defaultLimitBytes }: DecodeOptions,
): UnreadablePicture =>
  new UnreadablePicture(subject, `a file of ${bytes} bytes, more than the limit of ${limitBytes}`);

const tooManyPixels = (what: string, limit: number): string => `${what}, more than the limit of ${limit}`;

/** libvips speaks in several lines, with its own names before them: the first that says something, in plain words. */
function unreadable(subject: string, error: unknown): FoveaError {
  if (error instanceof FoveaError) return error;
  const message = error instanceof Error ? error.message : String(error);
  if (/exceeds pixel limit/.test(message)) return new UnreadablePicture(subject, 'more pixels than the limit');
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
