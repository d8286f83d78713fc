import { toGrey } from '../image/channels.ts';
import type { Picture } from '../image/picture.ts';
import { resize } from '../image/resize.ts';
import type { Part, Skipped } from './dataset.ts';
import { thumbnailSide } from './perceptual-hash.ts';

/** What is known of one picture once it was decoded: enough to judge a whole set without keeping its pixels. */
export interface PictureFacts {
  /** How it is named to the person: below the data, with slashes, or a row of a file. */
  readonly origin: string;
  /** i means class i of the set. */
  readonly label: number;
  readonly part: Part | undefined;
  /** Pictures of one group stay on one side of a split. */
  readonly group?: string;
  /** In pixels, upright. 0 where the picture cannot be read. */
  readonly width: number;
  readonly height: number;
  /** 1: grey, whatever the file stores; 3: colour; 4: colour with transparency. */
  readonly channels: 1 | 3 | 4;
  /** Of the encoded file; of the pixels where pictures are no files. */
  readonly bytes: number;
  /** 32 hex digits of the SHA-256 over size, channels and decoded upright pixels; empty where it cannot be read. */
  readonly pixelHash: string;
  /** 32x32 grey, row by row; empty where it cannot be read. */
  readonly thumbnail: Uint8Array;
  /** Of each channel, in grey levels 0 … 255: one number for a grey picture, three else. */
  readonly mean: readonly number[];
  /** Standard deviation of the grey levels, 0 … 127.5. */
  readonly deviation: number;
  /** EXIF orientation 2 … 8 of a file that was turned or mirrored to stand upright. */
  readonly orientation?: number;
  /** Why it cannot be read, as the end of a sentence; all figures are 0 or empty then. */
  readonly problem?: string;
}

/** All pictures of one place of data, looked at once. */
export interface Survey {
  readonly name: string;
  readonly classNames: readonly string[];
  /** In the order of the data, those that cannot be read among them. */
  readonly facts: readonly PictureFacts[];
  /** What the reader left out before any picture was decoded. */
  readonly skipped: readonly Skipped[];
}

/** What the reader of a picture knows besides its pixels. */
export type PictureOrigin = Pick<PictureFacts, 'origin' | 'label' | 'part' | 'group' | 'bytes' | 'orientation'> & {
  readonly transparent?: boolean;
};

/** Facts of a decoded picture, upright. Grey stored as colour counts as grey, so that both give one hash. */
export async function pictureFacts(known: PictureOrigin, decoded: Picture): Promise<PictureFacts> {
  const { transparent, ...origin } = known;
  const picture = isGrey(decoded) ? firstChannel(decoded) : decoded;
  const grey = toGrey(picture);
  const thumbnail = resize(grey, thumbnailSide, thumbnailSide).data;
  return {
    ...origin,
    width: picture.width,
    height: picture.height,
    channels: transparent ? 4 : picture.channels,
    pixelHash: await hashPixels(picture),
    // A copy: where nothing was resized it would be a view that keeps all pixels in memory.
    thumbnail: thumbnail.slice(),
    mean: channelMeans(picture),
    deviation: deviationOf(grey.data),
  };
}

/** Facts of a picture that cannot be read. @param problem the end of a sentence. */
export function unreadableFacts(known: PictureOrigin, problem: string): PictureFacts {
  const { transparent: _, ...origin } = known;
  const nothing = {
    width: 0,
    height: 0,
    channels: 3,
    pixelHash: '',
    mean: [],
    deviation: 0,
  } as const;
  return { ...origin, ...nothing, thumbnail: new Uint8Array(0), problem };
}

/** SHA-256 over the text `WIDTHxHEIGHTxCHANNELS`, a line feed and the pixels; its first 128 bits as hex. */
async function hashPixels({ width, height, channels, data }: Picture): Promise<string> {
  const head = new TextEncoder().encode(`${width}x${height}x${channels}\n`);
  const whole = new Uint8Array(head.length + data.length);
  whole.set(head);
  whole.set(data, head.length);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', whole));
  return [...digest.subarray(0, 16)].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function isGrey({ channels, data }: Picture): boolean {
  if (channels === 1) return true;
  for (let at = 0; at < data.length; at += 3) {
    if (data[at] !== data[at + 1] || data[at] !== data[at + 2]) return false;
  }
  return true;
}

function firstChannel(picture: Picture): Picture {
  if (picture.channels === 1) return picture;
  const { width, height, data } = picture;
  const grey = new Uint8Array(width * height);
  for (let i = 0; i < grey.length; i++) grey[i] = data[3 * i];
  return { width, height, channels: 1, data: grey };
}

function channelMeans({ channels, data }: Picture): number[] {
  const sums = new Array<number>(channels).fill(0);
  for (let at = 0; at < data.length; at += channels) for (let c = 0; c < channels; c++) sums[c] += data[at + c];
  return sums.map((sum) => (sum * channels) / data.length);
}

function deviationOf(grey: Uint8Array): number {
  let sum = 0;
  let squares = 0;
  for (const level of grey) {
    sum += level;
    squares += level * level;
  }
  const mean = sum / grey.length;
  return Math.sqrt(Math.max(0, squares / grey.length - mean * mean));
}
