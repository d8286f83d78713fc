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
 * By how much a JPEG may be shrunk while it is decoded, and how many times as large as what it is resized to it must still
 * be, so that the result stays within 2 grey levels of decoding in full. Found on drawings of hard edges in full colour, 20
 * photos, and mosaics of 540 photos and 12,000 small pictures, at three qualities: a half is within 2 from 5.5 times on; a
 * quarter is off by up to 4 at 10 times and 3 at 12, an eighth 3 at 8, because the decoder then shrinks by itself before
 * colours that no screen has are cut off.
 */
const shrinkSteps = [
  { factor: 8, margin: 14 },
  { factor: 4, margin: 14 },
  { factor: 2, margin: 6 },
] as const;

/**
 * By how much (1, 2, 4 or 8) a JPEG of `height` x `width` may be shrunk while it is decoded when it is to be stretched to
 * `toHeight` x `toWidth`. Both sides are whole multiples of it, so that nothing shifts.
 */
export function shrinkFactor(height: number, width: number, toHeight: number, toWidth: number): 1 | 2 | 4 | 8 {
  for (const { factor, margin } of shrinkSteps) {
    if (height % factor > 0 || width % factor > 0) continue;
    if (height >= factor * margin * toHeight && width >= factor * margin * toWidth) return factor;
  }
  return 1;
}

/** Whether a JPEG may be shrunk, lying or upright: a first look, before its orientation is read. */
export function mayShrink({ height, width }: JpegFrame, toHeight: number, toWidth: number): boolean {
  const { factor, margin } = shrinkSteps[shrinkSteps.length - 1];
  return Math.max(height, width) >= factor * margin * Math.max(toHeight, toWidth);
}
