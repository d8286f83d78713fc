import { fileOrder, fillBatch } from '../dataset/batches.ts';
import { pictureSize } from '../dataset/dataset.ts';
import { findNonFinite, NonFiniteError } from './non-finite.ts';
import type { PreparedTraining } from './prepare.ts';
import type { TrainingJob } from './training-job.ts';

/** Which layer has a value that is not finite where validation pictures came to such a loss. */
export async function explainValidation(
  { engine, recipe, preprocessing, val }: TrainingJob,
  { validation, step }: PreparedTraining,
  place: { readonly epoch: number; readonly step: number },
  received: number,
): Promise<NonFiniteError> {
  const n = (validation ?? step).options.capacity;
  const pixels = new Uint8Array(n * pictureSize(val));
  fillBatch(val, fileOrder(n), 0, n, pixels, new Int32Array(n));
  const batch = { n, pixels, step: Int32Array.of(recipe.seed | 0, 0), training: false };
  const found = await findNonFinite(engine, recipe.model, preprocessing, batch, recipe.algorithm);
  return new NonFiniteError(received, place, found);
}
