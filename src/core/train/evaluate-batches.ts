import { fileOrder, fillBatch } from '../dataset/batches.ts';
import { type Dataset, pictureSize } from '../dataset/dataset.ts';
import type { EvaluationProgram } from './programs.ts';

/** What one batch gave. The arrays are its own. */
export interface EvaluatedBatch {
  readonly n: number;
  readonly labels: Int32Array;
  /** [n, classes]. */
  readonly logits: Float32Array;
  /** [n]. */
  readonly losses: Float32Array;
}

/**
 * Runs all pictures of a data set, in their order, through the model; the next batch is put together while one runs.
 * Ends early, without an error, when `stop` says so.
 */
export async function evaluateBatches(
  { program, model, labels, losses }: EvaluationProgram,
  dataset: Dataset,
  onBatch: (batch: EvaluatedBatch, done: number) => void,
  stop: () => boolean = () => false,
): Promise<void> {
  const order = fileOrder(dataset.count);
  const prepare = (start: number): { n: number; pixels: Uint8Array; labels: Int32Array } => {
    const pixels = new Uint8Array(program.capacity * pictureSize(dataset));
    const own = new Int32Array(program.capacity);
    return { n: fillBatch(dataset, order, start, program.capacity, pixels, own), pixels, labels: own };
  };
  let next = prepare(0);
  for (let start = 0; start < dataset.count && !stop(); ) {
    const batch = next;
    program.write(model.input, batch.pixels.subarray(0, batch.n * pictureSize(dataset)));
    program.write(labels, batch.labels.subarray(0, batch.n));
    const running = program.run(batch.n);
    start += batch.n;
    if (start < dataset.count) next = prepare(start);
    await running;
    const given = {
      n: batch.n,
      labels: batch.labels,
      logits: program.read(model.logits),
      losses: program.read(losses),
    };
    onBatch(given, start);
  }
}
