import type { Engine, Program } from '../backend/backend.ts';
import { withChannels } from '../image/channels.ts';
import { fitPicture } from '../image/fit.ts';
import type { Picture } from '../image/picture.ts';
import { averageInto, mirrored } from '../image/test-time-augmentation.ts';
import { exp } from '../maths.ts';
import { type BuiltModel, buildModel } from '../model/build.ts';
import { loadWeights } from '../model/weights.ts';
import { sizeOf } from '../shape.ts';
import type { Classifier } from './classifier.ts';

export interface Prediction {
  readonly class: string;
  /** 0 … 1, by the classifier's temperature where it has one; over all classes they sum to 1. */
  readonly probability: number;
}

/** A classifier loaded into an engine. An engine holds one at a time: opening another replaces its weights. */
export interface ClassifierSession {
  /** The most likely classes of each picture (any size), the most likely first. @param top how many; default all. */
  classify(pictures: readonly Picture[], top?: number): Promise<Prediction[][]>;
  /** [pictures, classes]. */
  logits(pictures: readonly Picture[]): Promise<Float32Array>;
}

/** @param capacity pictures a run; it never changes a result. @throws FoveaError when the model does not fit. */
export async function openClassifier(
  engine: Engine,
  classifier: Classifier,
  capacity = 32,
): Promise<ClassifierSession> {
  const { model: spec, preprocessing, classNames, weights, algorithm, testTimeAugmentation } = classifier;
  const model = buildModel(spec, { training: false, inputType: 'uint8', preprocessing });
  const program = await engine.compile(model.graph, { capacity, outputs: [model.logits], algorithm });
  loadWeights(engine, model.parameters, weights, 'the classifier');
  const logits = async (pictures: readonly Picture[]): Promise<Float32Array> => {
    const all = new Float32Array(pictures.length * classNames.length);
    for (let start = 0; start < pictures.length; start += capacity) {
      const batch = pictures.slice(start, start + capacity).map((picture) => preparePicture(classifier, picture));
      const one = await runBatch(program, model, batch);
      if (testTimeAugmentation) averageInto(one, await runBatch(program, model, batch.map(mirrored)));
      all.set(one, start * classNames.length);
    }
    return all;
  };
  return {
    logits,
    async classify(pictures, top = classNames.length) {
      const all = await logits(pictures);
      const classes = classNames.length;
      const temperature = classifier.calibration?.temperature;
      return pictures.map((_, i) =>
        rank(softmax(all.subarray(i * classes, (i + 1) * classes), temperature), classNames, top),
      );
    },
  };
}

/** Classifies pictures once. To classify again and again, keep what `openClassifier` gives. */
export async function classify(
  engine: Engine,
  classifier: Classifier,
  pictures: readonly Picture[],
  top?: number,
): Promise<Prediction[][]> {
  const session = await openClassifier(engine, classifier, Math.max(1, Math.min(32, pictures.length)));
  return session.classify(pictures, top);
}

/** A picture as the classifier takes it: its channels and size. */
export function preparePicture({ model, preprocessing }: Classifier, picture: Picture): Picture {
  const [height, width, channels] = model.input;
  return fitPicture(withChannels(picture, channels as 1 | 3), height, width, preprocessing.fit);
}

async function runBatch(program: Program, model: BuiltModel, pictures: readonly Picture[]): Promise<Float32Array> {
  const size = sizeOf(model.input.shape);
  const pixels = new Uint8Array(pictures.length * size);
  pictures.forEach(({ data }, i) => {
    pixels.set(data, i * size);
  });
  program.write(model.input, pixels);
  await program.run(pictures.length);
  return program.read(model.logits);
}

/** Probabilities of logits / temperature, in float64 with the project's own exp: the same everywhere. */
export function softmax(logits: Float32Array, temperature = 1): Float64Array {
  let largest = -Infinity;
  for (const value of logits) largest = Math.max(largest, value);
  const powers = Float64Array.from(logits, (value) => exp((value - largest) / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** The most likely classes, the most likely first, earlier classes before later ones of equals. */
export function rank(probabilities: Float64Array, classNames: readonly string[], top: number): Prediction[] {
  const order = [...classNames.keys()].sort((a, b) => probabilities[b] - probabilities[a] || a - b);
  return order.slice(0, top).map((i) => ({ class: classNames[i], probability: probabilities[i] }));
}
