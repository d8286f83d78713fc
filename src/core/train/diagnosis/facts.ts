import { z } from 'zod';
import { classCounts, type Dataset, pictureSize } from '../../dataset/dataset.ts';
import type { Normalisation } from '../../model/build.ts';
import { trainSample } from '../train-sample.ts';

/** What of the pictures themselves decides how a training's curves are to be read. */
export const dataFactsSchema = z.object({
  classNames: z.array(z.string()),
  /** Pictures of each class, in that order. */
  train: z.array(z.int().min(0)),
  val: z.array(z.int().min(0)),
  /** What enters the model, after normalisation, over a sample of training pictures. */
  input: z.object({ mean: z.number(), deviation: z.number() }),
  /** Correlation of pixels with their neighbours, 0 … 1 in photographs; by chance 0. */
  neighbours: z.number(),
  /** Validation pictures that are among the training pictures, byte for byte or as near copies. */
  leaked: z.int().min(0),
});
export type DataFacts = z.infer<typeof dataFactsSchema>;

const looked = 300;

/** @param leaks validation pictures of which copies are known to be among the training pictures. */
export function gatherFacts(train: Dataset, val: Dataset, preprocessing: Normalisation, leaks = 0): DataFacts {
  const sample = trainSample(train, 0, Math.min(looked, train.count));
  return {
    classNames: [...train.classNames],
    train: classCounts(train),
    val: classCounts(val),
    input: inputStatistics(sample, preprocessing),
    neighbours: neighbourCorrelation(sample),
    leaked: Math.max(leaks, countCopies(train, val)),
  };
}

function inputStatistics(sample: Dataset, { mean, std }: Normalisation): DataFacts['input'] {
  const { channels } = sample;
  let sum = 0;
  let squares = 0;
  for (let i = 0; i < sample.count; i++) {
    const bytes = sample.pixels.at(i);
    for (let p = 0; p < bytes.length; p++) {
      const c = p % channels;
      const value = (bytes[p] / 255 - mean[c]) / (std[c] || 1);
      sum += value;
      squares += value * value;
    }
  }
  const count = sample.count * pictureSize(sample);
  const average = sum / count;
  return { mean: average, deviation: Math.sqrt(Math.max(0, squares / count - average * average)) };
}

/** Pearson's, of each pixel with its right-hand and its lower neighbour, deviations taken from each picture's own mean. */
function neighbourCorrelation(sample: Dataset): number {
  const { height, width, channels } = sample;
  let together = 0;
  let pairs = 0;
  let squares = 0;
  let pixels = 0;
  for (let i = 0; i < sample.count; i++) {
    const bytes = sample.pixels.at(i);
    let sum = 0;
    for (let p = 0; p < bytes.length; p++) sum += bytes[p];
    const mean = sum / bytes.length;
    for (let p = 0; p < bytes.length; p++) {
      const own = bytes[p] - mean;
      squares += own * own;
      pixels++;
      const place = Math.floor(p / channels);
      if ((place + 1) % width !== 0) {
        together += own * (bytes[p + channels] - mean);
        pairs++;
      }
      if (place < width * (height - 1)) {
        together += own * (bytes[p + width * channels] - mean);
        pairs++;
      }
    }
  }
  return squares > 0 && pairs > 0 ? together / pairs / (squares / pixels) : 1;
}

/** Validation pictures that are training pictures, byte for byte: found by some of their bytes, then compared whole. */
function countCopies(train: Dataset, val: Dataset): number {
  const step = Math.max(1, Math.floor(pictureSize(val) / 256));
  const keyOf = (bytes: Uint8Array): number => {
    let hash = 0x811c9dc5;
    for (let p = 0; p < bytes.length; p += step) hash = Math.imul(hash ^ bytes[p], 0x01000193);
    return hash >>> 0;
  };
  const wanted = new Map<number, number[]>();
  for (let i = 0; i < val.count; i++) {
    const key = keyOf(val.pixels.at(i));
    wanted.set(key, [...(wanted.get(key) ?? []), i]);
  }
  const found = new Set<number>();
  for (let i = 0; i < train.count; i++) {
    const bytes = train.pixels.at(i);
    for (const candidate of wanted.get(keyOf(bytes)) ?? []) {
      if (found.has(candidate)) continue;
      const other = val.pixels.at(candidate);
      if (other.every((byte, p) => byte === bytes[p])) found.add(candidate);
    }
  }
  return found.size;
}
