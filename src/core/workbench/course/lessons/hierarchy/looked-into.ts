import { generateDigits } from '../../../../dataset/builtin/digits.ts';
import { type Dataset, pictureAt } from '../../../../dataset/dataset.ts';
import type { Features } from '../../../../explain/embed/features.ts';
import { nearestTo } from '../../../../explain/embed/neighbours.ts';
import { type Explainer, openExplainer } from '../../../../explain/session.ts';
import { parseShorthand } from '../../../../model/shorthand.ts';
import { hashWeights } from '../../../../model/weights.ts';
import type { CourseHost } from '../../lesson.ts';
import { trainPlainly } from '../../train-plainly.ts';
import { withEngine } from '../../with-engine.ts';

/** Three convolutions, whose units see 5, 14 and 24 of 28 pixels: strokes, parts and whole digits. */
export const shorthand = 'conv 8 5, relu, pool 2, conv 16 5, relu, pool 2, conv 32 3, relu, gap, linear';

/** What can be looked at: what relu leaves of each convolution. */
export const stages = ['relu1', 'relu2', 'relu3'] as const;
export type Stage = (typeof stages)[number];
export const fieldOf: Readonly<Record<Stage, number>> = { relu1: 5, relu2: 14, relu3: 24 };
export const channelsOf: Readonly<Record<Stage, number>> = { relu1: 8, relu2: 16, relu3: 32 };
/** The convolution below it: uphill there is a slope even where relu gives 0. */
export const convolutionOf: Readonly<Record<Stage, string>> = { relu1: 'conv1', relu2: 'conv2', relu3: 'conv3' };

export interface LookedInto {
  readonly explainer: Explainer;
  /** Digits that it did not learn from. */
  readonly others: Dataset;
  readonly valAccuracy: number;
  readonly hash: string;
}

export interface Training {
  readonly pictures: number;
  readonly epochs: number;
  readonly seed: number;
  /** How many other digits are looked at; default 200. */
  readonly others?: number;
}

/** Trains the network of this lesson on digits and opens it. */
export const lookInto = <T>(
  host: CourseHost,
  { pictures, epochs, seed, others = 200 }: Training,
  look: (opened: LookedInto) => Promise<T>,
): Promise<T> =>
  withEngine(host, async (engine) => {
    const { train, test } = generateDigits({ train: pictures, test: others, seed: 1 });
    const trained = await trainPlainly(host, engine, {
      data: { train: train! },
      model: parseShorthand(shorthand),
      epochs,
      seed,
    });
    const [valAccuracy, hash] = [trained.history.at(-1)?.valAccuracy ?? 0, await hashWeights(trained.last.weights)];
    return look({ explainer: openExplainer(engine, trained.last), others: test!, valAccuracy, hash });
  });

/** The share of pictures whose nearest other picture has the same label, by what a layer gives ('input': the pixels). */
export async function nearestAgree({ explainer, others }: LookedInto, layer: string): Promise<number> {
  const inputs = Array.from({ length: others.count }, (_, i) => explainer.prepare(pictureAt(others, i)).input);
  const size = inputs[0].length;
  const pixels = (): Float32Array => {
    const all = new Float32Array(size * inputs.length);
    for (const [i, input] of inputs.entries()) all.set(input, i * size);
    return all;
  };
  const features = featuresOf(layer === 'input' ? pixels() : await explainer.network.outputs(inputs, layer), others);
  const { rows, labels } = features;
  const alike = Array.from(labels).filter((label, i) => {
    const own = rows.subarray(i * features.size, (i + 1) * features.size);
    const nearest = nearestTo(features, own, 2).find(({ index }) => index !== i)!;
    return nearest.label === label;
  });
  return alike.length / labels.length;
}

/** Rows of length 1, one a picture. */
function featuresOf(values: Float32Array, { count, labels }: Dataset): Features {
  const size = values.length / count;
  const rows = values.slice();
  for (let at = 0; at < rows.length; at += size) {
    const row = rows.subarray(at, at + size);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value * value, 0)) || 1;
    row.forEach((value, i) => {
      row[i] = value / length;
    });
  }
  return { rows, count, size, indices: Int32Array.from({ length: count }, (_, i) => i), labels };
}
