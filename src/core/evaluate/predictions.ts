import type { Engine } from '../backend/backend.ts';
import type { Classifier } from '../classifier/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { loadWeights } from '../model/weights.ts';
import { evaluateBatches } from '../train/evaluate-batches.ts';
import { firstLargest } from '../train/history.ts';
import { compileEvaluation } from '../train/programs.ts';

/**
 * Which pictures a classifier has right: 1 or 0 each, in the data set's order, whose classes and size must be those of
 * the classifier. @throws the signal's reason when aborted.
 */
export async function rightOnes(
  engine: Engine,
  { model, classNames, preprocessing, weights, algorithm }: Classifier,
  dataset: Dataset,
  signal?: AbortSignal,
): Promise<Uint8Array> {
  const program = await compileEvaluation(engine, model, preprocessing, Math.min(128, dataset.count), algorithm);
  loadWeights(engine, program.model.parameters, weights, 'the classifier');
  const right = new Uint8Array(dataset.count);
  await evaluateBatches(
    program,
    dataset,
    ({ n, labels, logits }, done) => {
      for (let i = 0; i < n; i++) {
        const predicted = firstLargest(logits, i * classNames.length, classNames.length);
        right[done - n + i] = predicted === labels[i] ? 1 : 0;
      }
    },
    () => signal?.aborted === true,
  );
  signal?.throwIfAborted();
  program.program.dispose();
  return right;
}
