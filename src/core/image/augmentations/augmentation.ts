import type { RandomStream } from '../../random.ts';

/** Size of the pictures: all of a data set are alike. Pixels lie as [height, width, channels], 8 bits each. */
export interface PictureShape {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
}

/** One option of an augmentation: enough for validation, the command line and the docs. Bounds are inclusive. */
export interface AugmentationOption {
  readonly type: 'number' | 'integer';
  /** One phrase. */
  readonly doc: string;
  readonly default: number;
  readonly minimum: number;
  readonly maximum: number;
}

export type AugmentationValues = Readonly<Record<string, number>>;

/**
 * Changes one picture: reads `from`, fills all of `to`. Returns false where the picture stays as it is; `to` is then
 * left alone. All chance comes from `random`.
 */
export type Change = (from: Uint8Array, to: Uint8Array, random: RandomStream) => boolean;

/** Mixes a partner into `picture`. Returns the share of the picture's own label, 0 … 1. */
export type Mix = (picture: Uint8Array, partner: Uint8Array, random: RandomStream) => number;

interface AugmentationBase {
  /** As in a recipe and on the command line. */
  readonly name: string;
  /** One sentence for a person. */
  readonly doc: string;
  /** The first is the one that `name:value` sets. */
  readonly options: Readonly<Record<string, AugmentationOption>>;
  /** What a picture's meaning may suffer from: true where it is mirrored. */
  readonly mirrors?: boolean;
  /** The largest turn, in degrees. */
  turns?(values: AugmentationValues): number;
}

/** One kind of change of a picture by itself: a constant in its own file, and a line in `augmentations/index.ts`. */
export interface PictureAugmentation extends AugmentationBase {
  /** Limits that follow from the pictures. @throws FoveaError. */
  check?(values: AugmentationValues, shape: Omit<PictureShape, 'channels'>, subject: string): void;
  /** @param values complete and validated. */
  create(values: AugmentationValues, shape: PictureShape): Change;
}

/** One way of mixing two pictures and their labels. */
export interface MixingAugmentation extends AugmentationBase {
  createMix(values: AugmentationValues, shape: PictureShape): Mix;
}

export type AugmentationKind = PictureAugmentation | MixingAugmentation;

export const isMixing = (kind: AugmentationKind): kind is MixingAugmentation => 'createMix' in kind;

/** A float as a byte: rounded half up, cut to 0 … 255. */
export const toByte = (value: number): number => (value <= 0 ? 0 : value >= 255 ? 255 : Math.floor(value + 0.5));

/** A number drawn from [low, high). */
export const between = (random: RandomStream, low: number, high: number): number =>
  low + (high - low) * random.uniform();

/** The option of a share of pictures that are changed. */
export const probabilityOption = (share: number): AugmentationOption => ({
  type: 'number',
  default: share,
  minimum: 0,
  maximum: 1,
  doc: 'share of the pictures that are changed',
});

/** The option of changes by a factor within [1 - strength, 1 + strength]. */
export const strengthOption: AugmentationOption = {
  type: 'number',
  default: 0.2,
  minimum: 0,
  maximum: 1,
  doc: 'by a factor from 1 - this to 1 + this',
};

export const strengthRange = (random: RandomStream, strength: number): number =>
  between(random, 1 - strength, 1 + strength);
