import { z } from 'zod';

/**
 * What one epoch gave. Losses are plain softmax cross-entropy (no label smoothing), so that train and val compare.
 * `loss` and `accuracy` are of the training pictures as the epoch met them, weights changing; `valLoss` and
 * `valAccuracy` of the validation pictures with the weights at the epoch's end; `trainLoss` and `trainAccuracy` of training
 * pictures in the same way, so that they and the validation pictures' differ by nothing but the pictures.
 */
export interface EpochRecord {
  /** From 1. */
  readonly epoch: number;
  readonly loss: number;
  readonly valLoss: number;
  /** 0 … 1. */
  readonly accuracy: number;
  readonly valAccuracy: number;
  /**
   * Of a fixed sample of training pictures, taken as validation pictures are: not augmented, without dropout, with the
   * weights at the epoch's end. Absent in runs from before it was measured.
   */
  readonly trainLoss?: number;
  readonly trainAccuracy?: number;
  /** At the epoch's last step. */
  readonly learningRate: number;
  /** Wall time, validation included. */
  readonly seconds: number;
}

export const epochRecordSchema = z.object({
  epoch: z.int().min(1),
  loss: z.number(),
  valLoss: z.number(),
  accuracy: z.number(),
  valAccuracy: z.number(),
  trainLoss: z.number().optional(),
  trainAccuracy: z.number().optional(),
  learningRate: z.number(),
  seconds: z.number(),
});

/** The epoch with the lowest val loss, the earlier one of equals; undefined before the first. */
export function bestEpoch(history: readonly EpochRecord[]): EpochRecord | undefined {
  let best: EpochRecord | undefined;
  for (const record of history) if (best === undefined || record.valLoss < best.valLoss) best = record;
  return best;
}

/** `metrics.jsonl`: one JSON object a line, one line an epoch. */
export const formatMetrics = (history: readonly EpochRecord[]): string =>
  history.map((record) => `${JSON.stringify(record)}\n`).join('');

/** Means over pictures while an epoch goes on; plain sums, so that a checkpoint can hold them exactly. */
export interface Totals {
  images: number;
  loss: number;
  correct: number;
}

export const emptyTotals = (): Totals => ({ images: 0, loss: 0, correct: 0 });

export const totalsSchema = z.object({ images: z.int().min(0), loss: z.number(), correct: z.int().min(0) });

/**
 * Adds a batch: losses [n] one a picture, logits [n, classes]; the prediction is the first class of the largest logit.
 */
export function addBatch(
  totals: Totals,
  losses: Float32Array,
  logits: Float32Array,
  labels: Int32Array,
  n: number,
): void {
  const classes = logits.length / n;
  for (let i = 0; i < n; i++) {
    totals.loss += losses[i];
    if (firstLargest(logits, i * classes, classes) === labels[i]) totals.correct++;
  }
  totals.images += n;
}

/** Index (from 0) of the first largest of `count` numbers from `start`; NaN is never larger. */
export function firstLargest(values: ArrayLike<number>, start: number, count: number): number {
  let best = 0;
  for (let c = 1; c < count; c++) if (values[start + c] > values[start + best]) best = c;
  return best;
}
