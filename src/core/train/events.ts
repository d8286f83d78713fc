import type { TrainingMemory } from './forecast.ts';
import type { TrainingDuration } from './forecast-duration.ts';
import type { EpochRecord } from './history.ts';
import type { TelemetryRecord } from './telemetry.ts';

/** What a training tells while it goes on. */
export type TrainEvent =
  | {
      readonly kind: 'begin';
      readonly epochs: number;
      readonly stepsPerEpoch: number;
      readonly trainImages: number;
      readonly valImages: number;
      /** Trained numbers. */
      readonly parameters: number;
      /** Undefined where another program trains. */
      readonly memory?: TrainingMemory;
      /** How long it will take, measured with a few steps; undefined where that is not foretold. */
      readonly duration?: TrainingDuration;
      /** Where it goes on; undefined for a new training. */
      readonly resumed: { readonly epoch: number; readonly step: number } | undefined;
    }
  /** Other layers learn from here on; told only where a recipe freezes some. */
  | {
      readonly kind: 'stage';
      readonly epoch: number;
      /** Numbers that learn now. */
      readonly parameters: number;
      /** Layers that do not. */
      readonly frozenLayers: number;
      /** Of which pictures what the frozen layers make is computed once and kept: of none, of the validation pictures, of all. */
      readonly kept: 'none' | 'val' | 'all';
    }
  | {
      readonly kind: 'step';
      readonly epoch: number;
      /** From 1, in the epoch. */
      readonly step: number;
      /** Means over the epoch so far. */
      readonly loss: number;
      readonly accuracy: number;
      readonly learningRate: number;
      /** Pictures a second in steps, since this process began to train. */
      readonly imagesPerSecond: number;
    }
  | { readonly kind: 'validate'; readonly epoch: number; readonly done: number; readonly images: number }
  /** What the layers are like, and what is predicted: see `telemetry.jsonl`. */
  | { readonly kind: 'telemetry'; readonly record: TelemetryRecord }
  | { readonly kind: 'epoch'; readonly record: EpochRecord; readonly best: boolean };
