import type { Engine } from '../backend/backend.ts';
import type { Classifier } from '../classifier/classifier.ts';
import type { Dataset } from '../dataset/dataset.ts';
import { invalid } from '../errors.ts';
import { loadWeights } from '../model/weights.ts';
import { evaluateBatches } from '../train/evaluate-batches.ts';
import { addBatch, emptyTotals, firstLargest } from '../train/history.ts';
import { compileEvaluation } from '../train/programs.ts';
import { type ClassMetrics, type ConfusionMatrix, classMetrics, confusionMatrix, macroAverage } from './confusion.ts';
import { wilsonInterval } from './interval.ts';

/** How well a classifier does on labelled pictures. */
export interface Evaluation {
  readonly images: number;
  /** Mean softmax cross-entropy. */
  readonly loss: number;
  readonly accuracy: number;
  /** 95 % confidence interval of the accuracy (Wilson). */
  readonly interval: readonly [low: number, high: number];
  /** Mean over the classes of their F1, each class counting alike. */
  readonly macroF1: number;
  readonly classes: readonly ({ readonly class: string } & ClassMetrics)[];
  /** [true class][predicted class], in the order of the classifier's class names. */
  readonly confusion: ConfusionMatrix;
}

export interface EvaluateOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (done: number, images: number) => void;
}

/**
 * Classifies every picture of a data set and compares with its labels. Classes are matched by name.
 * @throws FoveaError when the data set has a class that the classifier does not know, or pictures of another size.
 * @throws the signal's reason when aborted.
 */
export async function evaluate(
  engine: Engine,
  classifier: Classifier,
  dataset: Dataset,
  { signal, onProgress }: EvaluateOptions = {},
): Promise<Evaluation> {
  const { model, classNames, preprocessing, weights, algorithm } = classifier;
  const known = withClassesOf(classifier, dataset);
  const [height, width, channels] = model.input;
  if (known.height !== height || known.width !== width || known.channels !== channels) {
    const received = [known.height, known.width, known.channels];
    throw invalid(
      `pictures of ${height}x${width}x${channels}`,
      `data set '${dataset.name}'`,
      received,
      'Open the data with that size',
    );
  }
  const program = await compileEvaluation(engine, model, preprocessing, Math.min(128, known.count), algorithm);
  loadWeights(engine, program.model.parameters, weights, 'the classifier');
  const totals = emptyTotals();
  const predictions = new Int32Array(known.count);
  await evaluateBatches(
    program,
    known,
    ({ n, labels, logits, losses }, done) => {
      addBatch(totals, losses, logits, labels, n);
      for (let i = 0; i < n; i++)
        predictions[done - n + i] = firstLargest(logits, i * classNames.length, classNames.length);
      onProgress?.(done, known.count);
    },
    () => signal?.aborted === true,
  );
  signal?.throwIfAborted();
  const confusion = confusionMatrix(known.labels, predictions, classNames.length);
  const metrics = classMetrics(confusion);
  return {
    images: known.count,
    loss: totals.loss / totals.images,
    accuracy: totals.correct / totals.images,
    interval: wilsonInterval(totals.correct, totals.images),
    macroF1: macroAverage(metrics, 'f1'),
    classes: metrics.map((one, i) => ({ class: classNames[i], ...one })),
    confusion,
  };
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
