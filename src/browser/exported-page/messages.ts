import type { Prediction } from '../../core/classifier/classify.ts';
import type { FitMode } from '../../core/image/fit.ts';

/** What a page asks its model's worker. Pictures are numbered by who asks. */
export type Question =
  /** Both in base64, as they stand in the page. */
  | { readonly kind: 'open'; readonly model: string; readonly kernels: string }
  | { readonly kind: 'classify'; readonly source: Blob | ImageBitmap }
  /** Of the picture that was classified last. @see PictureAnswer.turn */
  | { readonly kind: 'heatmap'; readonly turn: number; readonly target: number };

/** What the page tells of the model. */
export interface ModelFacts {
  readonly name: string;
  readonly classNames: readonly string[];
  readonly input: readonly number[];
  readonly fit: FitMode;
  /** Mean of each channel, 0 … 1: of the pictures that it learnt from. */
  readonly mean: readonly number[];
  readonly parameters: number;
  readonly threshold?: number;
  readonly calibrated: boolean;
}

/** Pixels to show: RGBA, row by row. */
export interface ShownPixels {
  readonly width: number;
  readonly height: number;
  readonly rgba: Uint8ClampedArray<ArrayBuffer>;
}

export interface PictureAnswer {
  /** Every class, the most likely first. */
  readonly all: readonly Prediction[];
  readonly unknown: boolean;
  /** The picture as the model takes it. */
  readonly seen: ShownPixels;
  /** Of the classifying, without decoding. */
  readonly milliseconds: number;
  /** Names this picture for `heatmap`. */
  readonly turn: number;
}

export interface HeatmapAnswer {
  readonly method: string;
  /** Nothing in the picture speaks for the class. */
  readonly empty: boolean;
  /** Colours with how much they cover, to lay over `seen`. */
  readonly overlay: ShownPixels;
}

export interface Answers {
  readonly open: ModelFacts;
  readonly classify: PictureAnswer;
  readonly heatmap: HeatmapAnswer;
}

/** Every question is answered once, with its number. */
export type Reply = { readonly number: number } & ({ readonly answer: unknown } | { readonly error: string });
