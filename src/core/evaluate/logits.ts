import type { Engine } from '../backend/backend.ts';
import type { Classifier } from '../classifier/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { mirroredSet } from '../dataset/mirrored-set.ts';
import { FoveaError, invalid } from '../errors.ts';
import { averageInto } from '../image/test-time-augmentation.ts';
import { loadWeights } from '../model/weights.ts';
import { evaluateBatches } from '../train/evaluate-batches.ts';
import { compileEvaluation } from '../train/programs.ts';
import { answersOf } from './answers.ts';

/** What a classifier says of every picture of a data set. */
export interface Logits {
  /** [n, classes]. */
  readonly logits: Float32Array;
  /** n, as places in the classifier's class names. */
  readonly labels: Int32Array;
  /** Mean softmax cross-entropy: as the engine computes it, or of averaged logits, as `answersOf` does. */
  readonly loss: number;
}

export interface EvaluateOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, images: number) => void;
}

/** Numbers that are kept: 1 GiB. */
const mostLogits = 2 ** 28;

/**
 * Runs every picture through the network. Classes are matched by name.
 * @throws FoveaError when the data set has a class that the classifier does not know, or pictures of another size.
 * @throws the signal's reason when aborted.
 */
export async function readLogits(
  engine: Engine,
  classifier: Classifier,
  dataset: Dataset,
  { signal, onProgress }: EvaluateOptions = {},
): Promise<Logits> {
  const { model, classNames, preprocessing, weights, algorithm, testTimeAugmentation } = classifier;
  const known = withClassesOf(classifier, dataset);
  const [height, width, channels] = model.input;
  const subject = `data set '${dataset.name}'`;
  if (known.height !== height || known.width !== width || known.channels !== channels) {
    const received = [known.height, known.width, known.channels];
    throw invalid(`pictures of ${height}x${width}x${channels}`, subject, received, 'Open the data with that size');
  }
  const classes = classNames.length;
  if (known.count * classes > mostLogits)
    throw new FoveaError(`${known.count} pictures of ${classes} classes are too many for one test`, 'Test on fewer');
  const program = await compileEvaluation(engine, model, preprocessing, Math.min(128, known.count), algorithm);
  loadWeights(engine, program.model.parameters, weights, 'the classifier');
  const views = testTimeAugmentation ? [known, mirroredSet(known)] : [known];
  let loss = 0;
  const given: Float32Array[] = [];
  for (const [view, pictures] of views.entries()) {
    const all = new Float32Array(known.count * classes);
    await evaluateBatches(
      program,
      pictures,
      ({ n, logits, losses }, done) => {
        all.set(logits.subarray(0, n * classes), (done - n) * classes);
        for (let i = 0; i < n; i++) loss += losses[i];
        onProgress?.(Math.floor((view * known.count + done) / views.length), known.count);
      },
      () => signal?.aborted === true,
    );
    given.push(all);
  }
  program.program.dispose();
  signal?.throwIfAborted();
  const [logits, others] = given;
  const { labels } = known;
  if (!others) return { logits, labels, loss: loss / known.count };
  averageInto(logits, others);
  const { losses } = answersOf(logits, labels, classes);
  return { logits, labels, loss: losses.reduce((sum, one) => sum + one, 0) / known.count };
}

/** The data set with its labels counted as the classifier counts its classes. */
function withClassesOf({ classNames }: Classifier, dataset: Dataset): Dataset {
  const same =
    dataset.classNames.length === classNames.length && dataset.classNames.every((name, i) => name === classNames[i]);
  if (same) return dataset;
  const places = dataset.classNames.map((name) => classNames.indexOf(name));
  const unknown = dataset.labels.findIndex((label) => places[label] < 0);
  if (unknown >= 0) {
    const name = dataset.classNames[dataset.labels[unknown]];
    throw invalid(`classes that the model knows (${classNames.join(', ')})`, `data set '${dataset.name}'`, name);
  }
  return { ...dataset, classNames, labels: dataset.labels.map((label) => places[label]) };
}
