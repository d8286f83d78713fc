import { FoveaError } from '../../errors.ts';
import { quotePath } from '../../formats/quote.ts';
import type { Picture } from '../../image/picture.ts';
import type { ReadLimits } from './limits.ts';

export interface DecodeOptions extends Pick<ReadLimits, 'limitPixels' | 'limitBytes'> {
  /** 1: grey by ITU-R 601 luma. 3 (default): colour in sRGB. */
  readonly channels?: 1 | 3;
  /** The size that the picture will be resized to: it may come out smaller than it is, where that is quicker. */
  readonly resizedTo?: { readonly height: number; readonly width: number };
  /** What to call the picture in an error; by default its path. */
  readonly subject?: string;
}

/** A decoded picture. */
export interface DecodedPicture extends Picture {
  /** Its size in full, upright, where it was shrunk while it was decoded; see `resizedTo`. */
  readonly full?: { readonly height: number; readonly width: number };
}

/** What a picture's header says, after turning it upright. */
export interface PictureInfo {
  readonly width: number;
  readonly height: number;
  /** 1 when the file itself is grey. */
  readonly channels: 1 | 3;
  readonly format: string;
  /** EXIF orientation 2 … 8, when the file is turned or mirrored to stand upright. */
  readonly orientation?: number;
  /** The file has an alpha channel. */
  readonly transparent: boolean;
}

/** A picture that cannot be used. `reason` is the end of a sentence, without the file's name. */
export class UnreadablePicture extends FoveaError {
  readonly reason: string;
  constructor(subject: string, reason: string) {
    super(`Expected a picture that can be read for ${quotePath(subject)} but received ${reason}`);
    this.reason = reason;
  }
}

/** How a host reads picture files: told apart by content, 8 bits in sRGB, upright, transparency laid over white. */
export interface PictureCodec {
  /** @param source the file's bytes, or its path where the host has paths. @throws UnreadablePicture. */
  decode(source: Uint8Array | string, options?: DecodeOptions): Promise<DecodedPicture>;
  /** From the header, without decoding the pixels. Same limits and errors. */
  info(source: Uint8Array | string, options?: DecodeOptions): Promise<PictureInfo>;
}
