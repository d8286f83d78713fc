import { say } from '../say.ts';
/** What is known of pictures before they are decoded. */
export interface PictureSizes {
  /** Pictures that were looked at. */
  readonly sampled: number;
  /** Height and width when all that were looked at are alike. */
  readonly uniform: { readonly height: number; readonly width: number } | undefined;
  /** Median of the shorter sides, in pixels. */
  readonly medianSide: number;
}

export interface ChosenSize {
  readonly height: number;
  readonly width: number;
  /** One sentence. */
  readonly why: string;
}

/** Sides up to this are kept as they are: the size of MNIST, CIFAR and their kin. */
const keptSide = 64;
const sides = [128, 96, 64, 48, 32] as const;
/** Pixels an epoch of a small CNN with batch norm on two cores gets through in about ten seconds. */
const pixelsPerEpoch = 10e6;

/** Heights and widths of some pictures, put together. */
export function pictureSizes(sizes: readonly { readonly height: number; readonly width: number }[]): PictureSizes {
  const shorter = sizes.map(({ height, width }) => Math.min(height, width)).sort((a, b) => a - b);
  const [first] = sizes;
  const uniform =
    first && sizes.every((size) => size.height === first.height && size.width === first.width) ? first : undefined;
  return {
    sampled: sizes.length,
    uniform: uniform && { height: uniform.height, width: uniform.width },
    medianSide: shorter[shorter.length >> 1] ?? 0,
  };
}

/** The input size for training on `count` pictures when the person named none. */
export function chooseSize(sizes: PictureSizes, count: number): ChosenSize {
  const { uniform, medianSide } = sizes;
  if (uniform && Math.max(uniform.height, uniform.width) <= keptSide) {
    return {
      ...uniform,
      why: say`Input size ${uniform.height}x${uniform.width}: all pictures have it and it is small.`,
    };
  }
  const affordable = sides.filter((side) => count * side * side <= pixelsPerEpoch);
  const largest = Math.max(affordable[0] ?? 0, 64);
  const side = sides.find((candidate) => candidate <= Math.min(medianSide, largest)) ?? 32;
  const measured = uniform
    ? say`all pictures are ${uniform.height}x${uniform.width}`
    : say`the pictures' shorter side is ${medianSide} in the median`;
  const held = side < medianSide ? say`; ${count} pictures of a larger size would make an epoch slow` : '';
  return { height: side, width: side, why: say`Input size ${side}x${side}: ${measured}${side >= 128 ? '' : held}.` };
}
