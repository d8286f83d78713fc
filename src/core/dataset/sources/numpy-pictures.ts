import { mismatch } from '../../errors.ts';
import type { NpyHeader, NpyNumbers } from '../../formats/npy.ts';
import type { Part } from '../dataset.ts';

/** An array of pictures, not yet read. */
export interface PictureArray {
  readonly header: NpyHeader;
  readonly subject: string;
  read(): Promise<NpyNumbers>;
}

interface Layout {
  readonly height: number;
  readonly width: number;
  readonly channels: 1 | 3;
  /** Channels lie in planes before rows and columns. */
  readonly planes: boolean;
  /** The order of the axes, in words. */
  readonly said: string;
}

/** How numbers become grey levels 0 to 255. */
interface Range {
  readonly said: string;
  toLevel(value: number): number;
}

export interface PicturesOfParts {
  readonly parts: ReadonlyMap<
    Part,
    {
      readonly count: number;
      readonly height: number;
      readonly width: number;
      readonly channels: 1 | 3;
      readonly pixels: Uint8Array;
    }
  >;
  readonly layout: Layout;
  readonly range: Range;
}

/**
 * Reads arrays of pictures as bytes, height x width x channels. Which axis is which and what the numbers mean is told
 * from the shapes and the values of all parts together, so that no part is scaled otherwise than another.
 */
export async function picturesOf(arrays: ReadonlyMap<Part, PictureArray>): Promise<PicturesOfParts> {
  const layouts = [...arrays].map(([part, { header, subject }]) => [part, layoutOf(header.shape, subject)] as const);
  const values = new Map<Part, NpyNumbers>();
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  let whole = true;
  for (const [part, array] of arrays) {
    const numbers = await array.read();
    values.set(part, numbers);
    for (let i = 0; i < numbers.length; i++) {
      const value = numbers[i];
      if (!Number.isFinite(value))
        throw mismatch('pictures of finite numbers', array.subject, `${value} at element ${i}`);
      if (value < low) low = value;
      if (value > high) high = value;
      if (whole && !Number.isInteger(value)) whole = false;
    }
  }
  const [[, first]] = arrays;
  const range = rangeOf(first.header.type, low, high, whole, first.subject);
  const read = new Map(
    layouts.map(([part, layout]) => {
      const { height, width, channels } = layout;
      const count = arrays.get(part)!.header.shape[0];
      return [
        part,
        { count, height, width, channels, pixels: toBytes(values.get(part)!, count, layout, range) },
      ] as const;
    }),
  );
  return { parts: read, layout: layouts[0][1], range };
}

/** What was understood of shapes and numbers, a sentence each. */
export const describeLayout = ({ layout, range }: PicturesOfParts): string[] => [
  `Axes are ${layout.said}: pictures of ${layout.height}x${layout.width}, ${layout.channels === 1 ? 'grey' : 'colour'}.`,
  ...(range.said ? [range.said] : []),
];

function layoutOf(shape: readonly number[], subject: string): Layout {
  const said = (text: string) => `pictures x ${text} (${shape.join('x')})`;
  const [, a, b, c] = shape;
  if (shape.some((size) => size === 0))
    throw mismatch('at least one picture', subject, `an array of ${shape.join('x')}`);
  if (shape.length === 3) return { height: a, width: b, channels: 1, planes: false, said: said('height x width') };
  if (shape.length === 4 && (c === 1 || c === 3))
    return { height: a, width: b, channels: c, planes: false, said: said('height x width x channels') };
  if (shape.length === 4 && (a === 1 || a === 3))
    return {
      height: b,
      width: c,
      channels: a,
      planes: true,
      said: said('channels x height x width, as PyTorch has them'),
    };
  if (shape.length === 2) {
    const side = Math.round(Math.sqrt(a));
    if (side * side === a && side > 1)
      return {
        height: side,
        width: side,
        channels: 1,
        planes: false,
        said: said(`pixels, taken as ${side} rows of ${side}`),
      };
  }
  const mend =
    shape.length === 4 && (c === 4 || a === 4)
      ? 'Leave the alpha channel out'
      : 'Bring the array to pictures x height x width x channels with .reshape';
  throw mismatch(
    'pictures x height x width, with 1 or 3 channels after or before height,',
    subject,
    `an array of ${shape.join('x')}`,
    mend,
  );
}

function rangeOf(type: string, low: number, high: number, whole: boolean, subject: string): Range {
  const clamp = (value: number): number => Math.max(0, Math.min(255, Math.round(value)));
  if (type === 'u1') return { said: '', toLevel: (value) => value };
  if (type === 'b1') return { said: 'True is white, False black.', toLevel: (value) => (value ? 255 : 0) };
  const found = `Numbers lie from ${short(low)} to ${short(high)}`;
  if (low >= 0 && high <= 1)
    return { said: `${found}: taken as 0 black, 1 white.`, toLevel: (value) => clamp(value * 255) };
  if (low >= 0 && high <= 255)
    return { said: `${found}: taken as grey levels 0 to 255${whole ? '' : ', rounded'}.`, toLevel: clamp };
  if (low >= -1 && high <= 1)
    return { said: `${found}: taken as -1 black, 1 white.`, toLevel: (value) => clamp((value + 1) * 127.5) };
  if (low >= 0 && high <= 65535 && whole)
    return { said: `${found}: taken as 16 bits, scaled to 8.`, toLevel: (value) => clamp(value / 257) };
  throw mismatch(
    'numbers from 0 to 1, -1 to 1, 0 to 255 or 0 to 65535',
    subject,
    `${short(low)} to ${short(high)}`,
    'Save the pictures before they are standardised',
  );
}

const short = (value: number): string => (Number.isInteger(value) ? String(value) : value.toPrecision(4));

function toBytes(numbers: NpyNumbers, count: number, layout: Layout, { toLevel, said }: Range): Uint8Array {
  const { height, width, channels, planes } = layout;
  if (!planes && said === '' && numbers instanceof Uint8Array) return numbers;
  const pixels = new Uint8Array(numbers.length);
  const area = height * width;
  let to = 0;
  for (let i = 0; i < count; i++) {
    const start = i * area * channels;
    for (let at = 0; at < area; at++) {
      for (let c = 0; c < channels; c++, to++)
        pixels[to] = toLevel(numbers[planes ? start + c * area + at : start + at * channels + c]);
    }
  }
  return pixels;
}
