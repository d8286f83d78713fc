/** A decoded picture in memory: grey (1) or colour (3, sRGB red green blue), 8 bits, `data` is height x width x channels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly channels: 1 | 3;
  readonly data: Uint8Array;
}
