/** What the first frame header of a JPEG says (ITU-T T.81, B.2.2), before any turning. */
export interface JpegFrame {
  readonly height: number;
  readonly width: number;
  readonly components: number;
}

/** Reads the first frame header without decoding anything; undefined where none is found. */
export function jpegFrame(bytes: Uint8Array): JpegFrame | undefined {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xff; ) {
    const marker = bytes[at + 1];
    const word = (offset: number): number => (bytes[at + offset] << 8) | bytes[at + offset + 1];
    if (marker === 0xff) at++;
    else if (marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc)
      return { height: word(5), width: word(7), components: bytes[at + 9] };
    else at += 2 + word(2);
  }
  return undefined;
}

/**
 * A shrunken picture is at least so many times as large as what it is resized to, so that the resize decides how the
 * result looks.
 */
export const shrinkMargin = 8;

/**
 * By how much (1, 2, 4 or 8) a JPEG of `height` x `width` may be shrunk while it is decoded when it is to be stretched to
 * `toHeight` x `toWidth`. Both sides are whole multiples of it, so that nothing shifts.
 */
export function shrinkFactor(height: number, width: number, toHeight: number, toWidth: number): 1 | 2 | 4 | 8 {
  for (const factor of [8, 4, 2] as const) {
    if (height % factor > 0 || width % factor > 0) continue;
    if (height >= factor * shrinkMargin * toHeight && width >= factor * shrinkMargin * toWidth) return factor;
  }
  return 1;
}
