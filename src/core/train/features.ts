import type { Program } from '../backend/backend.ts';
import { fileOrder, fillBatch } from '../dataset/batches.ts';
import { type Dataset, pictureSize } from '../dataset/dataset.ts';
import { createAugmenter } from '../image/augment.ts';
import type { BuiltTrunk } from '../model/parts.ts';
import { sizeOf } from '../shape.ts';
import type { EvaluatedBatch } from './evaluate-batches.ts';
import type { RestEvaluation } from './programs.ts';
import type { Recipe } from './recipe.ts';
import { trainSampleSize } from './train-sample.ts';

/** What frozen layers make of n pictures: [n, …shape] for each value that later layers read, in the trunk's order. */
export type Features = readonly Float32Array[];

/** Frozen layers, ready to run. A picture's features do not depend on its batch, to the bit. */
export interface FeatureProgram {
  readonly capacity: number;
  /** @param n at most `capacity` pictures. */
  run(pixels: Uint8Array, n: number): Promise<Features>;
}

export function createFeatureProgram(program: Program, { input, features }: BuiltTrunk): FeatureProgram {
  return {
    capacity: program.capacity,
    async run(pixels, n) {
      program.write(input, pixels);
      await program.run(n);
      return [...features.values()].map((value) => program.read(value));
    },
  };
}

/** Bytes of a picture's features. */
export const featureBytes = ({ features }: BuiltTrunk): number =>
  [...features.values()].reduce((sum, { shape }) => sum + 4 * sizeOf(shape), 0);

/** Features that take more than this in all are computed whenever they are needed: no bit changes. */
const mostBytes = 2 ** 30;

/** How many pictures' features are kept, and what they take. */
export interface KeptFeatures {
  /** Training pictures, augmented copies counted; 0: none are kept. */
  readonly train: number;
  readonly val: number;
  /** Of the fixed sample of training pictures that is evaluated. */
  readonly sample: number;
  readonly bytes: number;
}

/**
 * What can be kept while the layers of `trunk` are frozen: the features of validation pictures, and those of training
 * pictures that come again as they were: not augmented, or in a number of augmented copies.
 */
export function keptFeatures(
  { augmentation, augmentedCopies, sampling }: Pick<Recipe, 'augmentation' | 'augmentedCopies' | 'sampling'>,
  trunk: BuiltTrunk,
  images: { readonly train: Dataset; readonly val: Dataset },
): KeptFeatures {
  const augmenter = createAugmenter(augmentation, images.train);
  const repeated = sampling === 'balanced' || augmenter?.mixing ? 0 : (augmentedCopies ?? 0);
  const size = featureBytes(trunk);
  let left = Math.floor(mostBytes / size);
  const room = (wanted: number): number => {
    if (wanted > left) return 0;
    left -= wanted;
    return wanted;
  };
  const val = room(images.val.count);
  const train = room(images.train.count * (augmenter ? repeated : 1));
  const sample = room(trainSampleSize(images.train.count));
  return { train, val, sample, bytes: (train + val + sample) * size };
}

/** Features of pictures, computed once and kept. */
export interface FeatureStore {
  /** The features of these places, one after the other; undefined unless all are known. */
  get(places: Uint32Array): Features | undefined;
  put(places: Uint32Array, features: Features): void;
}

/** @param places how many pictures there is room for. */
export function createFeatureStore({ features }: BuiltTrunk, places: number): FeatureStore {
  const sizes = [...features.values()].map(({ shape }) => sizeOf(shape));
  const kept = sizes.map((size) => new Float32Array(size * places));
  const known = new Uint8Array(places);
  return {
    get(wanted) {
      if (wanted.some((place) => known[place] === 0)) return undefined;
      return kept.map((all, f) => {
        const result = new Float32Array(wanted.length * sizes[f]);
        wanted.forEach((place, i) => {
          result.set(all.subarray(place * sizes[f], (place + 1) * sizes[f]), i * sizes[f]);
        });
        return result;
      });
    },
    put(given, data) {
      given.forEach((place, i) => {
        known[place] = 1;
        kept.forEach((all, f) => {
          all.set(data[f].subarray(i * sizes[f], (i + 1) * sizes[f]), place * sizes[f]);
        });
      });
    },
  };
}

/** As `evaluateBatches`, for a model whose first layers are frozen: what they make of a picture is kept in `store`. */
export async function evaluateFrozen(
  trunk: FeatureProgram,
  { program, model, labels, losses }: RestEvaluation & { readonly program: Program },
  dataset: Dataset,
  store: FeatureStore | undefined,
  onBatch: (batch: EvaluatedBatch, done: number) => void,
  stop: () => boolean = () => false,
): Promise<void> {
  const order = fileOrder(dataset.count);
  const size = pictureSize(dataset);
  for (let start = 0; start < dataset.count && !stop(); ) {
    const places = order.subarray(start, start + program.capacity);
    const n = places.length;
    const own = dataset.labels.slice(start, start + n);
    let features = store?.get(places);
    if (!features) {
      const pixels = new Uint8Array(n * size);
      fillBatch(dataset, order, start, n, pixels, new Int32Array(n));
      features = await trunk.run(pixels, n);
      store?.put(places, features);
    }
    [...model.features.values()].forEach((value, i) => void program.write(value, (features as Features)[i]));
    program.write(labels, own);
    await program.run(n);
    start += n;
    onBatch({ n, labels: own, logits: program.read(model.logits), losses: program.read(losses) }, start);
  }
}
