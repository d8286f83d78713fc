import { type Dataset, pictureAt } from '../../dataset/dataset.ts';
import { FoveaError } from '../../errors.ts';
import { findHead } from '../../model/head.ts';
import { inputId } from '../../model/spec.ts';
import type { Explainer, PreparedPicture } from '../session.ts';

/** What the network makes of pictures before it names them: a row of numbers each. */
export interface Features {
  /** [count, size], each row of length 1, so that distances are those of directions. */
  readonly rows: Float32Array;
  readonly count: number;
  readonly size: number;
  /** Places in the data set. */
  readonly indices: Int32Array;
  readonly labels: Int32Array;
}

/** The layer whose output the head reads. @throws FoveaError for a model that is a head alone. */
export function featureLayer({ classifier, network }: Explainer): string {
  const { layers } = network.model;
  let head = layers[layers.length - 1];
  try {
    const id = findHead(classifier.model, network.model);
    head = layers.find((layer) => layer.id === id) ?? head;
  } catch (error) {
    // A model of another form: the last layer is what names.
    if (!(error instanceof FoveaError)) throw error;
  }
  const [layer] = head.inputs;
  if (layer === inputId)
    throw new FoveaError('This model has no layer before the one that names classes', 'Use a model with hidden layers');
  return layer;
}

/** Features of pictures. A map counts with the mean of each channel. */
export async function featuresOf(
  explainer: Explainer,
  pictures: readonly PreparedPicture[],
): Promise<{ rows: Float32Array; size: number }> {
  const layer = featureLayer(explainer);
  const { shape } = explainer.layers.find(({ id }) => id === layer) as { shape: readonly number[] };
  const outputs = await explainer.network.outputs(
    pictures.map(({ input }) => input),
    layer,
  );
  const size = shape[shape.length - 1];
  const each = outputs.length / pictures.length;
  const rows = new Float32Array(pictures.length * size);
  outputs.forEach((value, i) => {
    rows[Math.floor(i / each) * size + (i % size)] += (value * size) / each;
  });
  for (let row = 0; row < rows.length; row += size) {
    const part = rows.subarray(row, row + size);
    const length = Math.sqrt(part.reduce((sum, value) => sum + value * value, 0));
    if (length > 0) for (let i = 0; i < size; i++) part[i] /= length;
  }
  return { rows, size };
}

/** Pictures of a data set whose features are kept. */
const mostPictures = 10_000;

/** Features of a data set: of all its pictures, or of so many taken at even steps. */
export async function embedDataset(
  explainer: Explainer,
  data: Dataset,
  {
    most = mostPictures,
    signal,
    onProgress,
  }: { most?: number; signal?: AbortSignal; onProgress?: (done: number, total: number) => void } = {},
): Promise<Features> {
  const count = Math.min(data.count, most);
  const indices = Int32Array.from({ length: count }, (_, i) => Math.floor((i * data.count) / count));
  let rows = new Float32Array(0);
  let size = 0;
  const { capacity } = explainer.network;
  for (let from = 0; from < count; from += capacity) {
    signal?.throwIfAborted();
    const batch = [...indices.subarray(from, from + capacity)].map((index) =>
      explainer.prepare(pictureAt(data, index)),
    );
    const part = await featuresOf(explainer, batch);
    if (rows.length === 0) {
      size = part.size;
      rows = new Float32Array(count * size);
    }
    rows.set(part.rows, from * size);
    onProgress?.(from + batch.length, count);
  }
  return { rows, count, size, indices, labels: indices.map((index) => data.labels[index]) };
}

/** So many rows at even steps, so that data in the order of their classes keep all of them. */
export function thinned(features: Features, most: number): Features {
  const { rows, size, count, labels, indices } = features;
  if (count <= most) return features;
  const chosen = Array.from({ length: most }, (_, i) => Math.floor((i * count) / most));
  const kept = new Float32Array(most * size);
  chosen.forEach((row, i) => {
    kept.set(rows.subarray(row * size, (row + 1) * size), i * size);
  });
  const of = (list: Int32Array): Int32Array => Int32Array.from(chosen, (row) => list[row]);
  return { rows: kept, size, count: most, labels: of(labels), indices: of(indices) };
}
