import { z } from 'zod';

/** What one layer was like at one moment, on a small fixed sample of training pictures in training mode. */
export interface LayerTelemetry {
  readonly layer: string;
  readonly type: string;
  /** Of all numbers that it gives. */
  readonly mean: number;
  readonly deviation: number;
  /** Share (0 … 1) that is exactly 0. */
  readonly zeros: number;
  /** Share (0 … 1) of units (channels of a map, numbers of a vector) that give one and the same for every picture. */
  readonly dead: number;
  /** Of batch norm: how far the batch's means lie from the running ones, in running deviations; mean over channels. */
  readonly drift?: number;
  /** Euclidean norm of the loss's gradient by its weights; absent without weights, or where they are too many to watch. */
  readonly gradient?: number;
  /** Euclidean norm of its weights. */
  readonly weights?: number;
  /** Norm of what one step changed in them, relative to `weights`; absent before the first step that was watched. */
  readonly update?: number;
}

/** How the pictures of a set were predicted at an epoch's end, in evaluation mode. */
export interface PredictionTelemetry {
  /** Pictures that were predicted as each class. */
  readonly predicted: readonly number[];
  readonly images: number;
  /** Pictures of which another class was predicted. */
  readonly mistakes: number;
  /**
   * Of the mistakes: where the true class stands among those that were not predicted, 0 the likeliest, 1 the least
   * likely; mean. By chance 0.5; undefined without mistakes or with fewer than 3 classes.
   */
  readonly labelRank?: number;
}

/** A line of `telemetry.jsonl`: a training at one moment. */
export interface TelemetryRecord {
  readonly epoch: number;
  /** Steps of that epoch that were done; 0: before the first one. */
  readonly step: number;
  /** In the order of the model; absent where layers were not looked at. */
  readonly layers?: readonly LayerTelemetry[];
  /** Loss of the sample on which `layers` were watched. */
  readonly sampleLoss?: number;
  /** At the end of an epoch: of the validation pictures, and of the fixed sample of training pictures. */
  readonly val?: PredictionTelemetry;
  readonly train?: PredictionTelemetry;
}

const share = z.number().min(0).max(1);
// JSON writes an infinity as null: a norm that is not finite is read as one.
const norm = z
  .union([z.number(), z.null()])
  .transform((value) => value ?? Number.POSITIVE_INFINITY)
  .optional();

const layerSchema = z.object({
  layer: z.string(),
  type: z.string(),
  mean: norm.transform((value) => value ?? Number.NaN),
  deviation: norm.transform((value) => value ?? Number.NaN),
  zeros: share,
  dead: share,
  drift: norm,
  gradient: norm,
  weights: norm,
  update: norm,
});

const predictionSchema = z.object({
  predicted: z.array(z.int().min(0)),
  images: z.int().min(0),
  mistakes: z.int().min(0),
  labelRank: share.optional(),
});

export const telemetrySchema = z.object({
  epoch: z.int().min(1),
  step: z.int().min(0),
  layers: z.array(layerSchema).optional(),
  sampleLoss: norm,
  val: predictionSchema.optional(),
  train: predictionSchema.optional(),
});

/** `telemetry.jsonl`: one JSON object a line. */
export const formatTelemetry = (records: readonly TelemetryRecord[]): string =>
  records.map((record) => `${JSON.stringify(record)}\n`).join('');
