import { log } from '../../maths.ts';
import { bestEpoch, type EpochRecord } from '../history.ts';
import type { RecipeOverrides } from '../override-recipe.ts';
import type { Recipe } from '../recipe.ts';
import type { LayerTelemetry, PredictionTelemetry, TelemetryRecord } from '../telemetry.ts';
import type { DataFacts } from './facts.ts';
import type { NextExperiment } from './finding.ts';

/** Everything that a diagnosis follows from. */
export interface Symptoms {
  readonly history: readonly EpochRecord[];
  /** Empty in runs from before it was recorded: what needs it is not looked for. */
  readonly telemetry: readonly TelemetryRecord[];
  readonly recipe: Recipe;
  readonly facts?: DataFacts;
  /** Where training came to numbers that are not finite. */
  readonly failure?: { readonly epoch: number; readonly step: number; readonly layer?: string };
  /** No epoch follows. */
  readonly over?: boolean;
  /** How commands name the run and its data. Default RUN and DATA. */
  readonly names?: { readonly run: string; readonly data: string };
}

/** A look at the layers at one moment. */
export interface Look {
  readonly epoch: number;
  readonly step: number;
  readonly layers: readonly LayerTelemetry[];
  readonly sampleLoss: number;
}

/** The symptoms, and what many checks ask of them. */
export interface Signs extends Symptoms {
  readonly last: EpochRecord | undefined;
  readonly best: EpochRecord | undefined;
  readonly classes: number;
  /** Loss of one who knows nothing: the logarithm of the number of classes. */
  readonly chance: number;
  /** Looks at the layers, in order; the first one before the first step, where the run was watched from its beginning. */
  readonly looks: readonly Look[];
  /** After the last epoch the training loss in evaluation mode is hardly below chance. */
  readonly stuck: boolean;
  /** The largest of all looks' medians over the layers of `update`; undefined where none was recorded. */
  readonly largestUpdate: number | undefined;
  predictions(part: 'val' | 'train', epoch: number | undefined): PredictionTelemetry | undefined;
  /** A training like this one with some fields of the recipe otherwise. */
  again(words: string, overrides: RecipeOverrides): NextExperiment;
  /** Another command about this run's data. */
  onData(words: string, ...command: readonly string[]): NextExperiment;
}

/** The training loss that compares with val loss; in older runs, that of the epoch as it was met. */
export const trainLossOf = (record: EpochRecord): number => record.trainLoss ?? record.loss;
export const trainAccuracyOf = (record: EpochRecord): number => record.trainAccuracy ?? record.accuracy;

export function readSigns(symptoms: Symptoms): Signs {
  const { history, telemetry, recipe, names = { run: 'RUN', data: 'DATA' } } = symptoms;
  const last = history[history.length - 1];
  const { classes } = recipe.model;
  const chance = log(classes);
  const looks = telemetry.flatMap(({ epoch, step, layers, sampleLoss = Number.NaN }) =>
    layers ? [{ epoch, step, layers, sampleLoss }] : [],
  );
  const updates = looks.flatMap(({ layers }) => {
    const own = layers.flatMap(({ update }) => (update === undefined ? [] : [update]));
    return own.length > 0 ? [median(own)] : [];
  });
  return {
    ...symptoms,
    last,
    best: bestEpoch(history),
    classes,
    chance,
    looks,
    stuck: last !== undefined && trainLossOf(last) > 0.85 * chance,
    largestUpdate: updates.length > 0 ? Math.max(...updates) : undefined,
    predictions: (part, epoch) => telemetry.find((record) => record.epoch === epoch && record[part])?.[part],
    again: (words, overrides) => ({
      words,
      command: ['train', '--like', names.run, '--set', settingsText(overrides)],
      overrides,
    }),
    onData: (words, ...command) => ({ words, command: command.map((word) => (word === 'DATA' ? names.data : word)) }),
  };
}

/** `learningRate=0.01;schedule={"type":"cosine"}`. */
const settingsText = (overrides: RecipeOverrides): string =>
  Object.entries(overrides)
    .map(([field, value]) => `${field}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(';');

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A number of few figures for a recipe: 0.000123 of 0.00012345. */
export const plain = (value: number): number => Number(value.toPrecision(2));

/** Half the width of a share's 95 % interval (Wilson 1927): how uncertain it is by chance of the pictures. */
export function halfWidth(share: number, images: number): number {
  const z = 1.96;
  const inside = (share * (1 - share)) / images + (z * z) / (4 * images * images);
  return (z / (1 + (z * z) / images)) * Math.sqrt(inside);
}
