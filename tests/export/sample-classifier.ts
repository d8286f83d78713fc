import { type Classifier, createClassifier } from '../../src/core/classifier/classifier.ts';
import { openClassifier, preparePicture } from '../../src/core/classifier/classify.ts';
import { generateShapes } from '../../src/core/dataset/builtin/shapes.ts';
import { pictureAt } from '../../src/core/dataset/dataset.ts';
import { inputTensor } from '../../src/core/export/pictures.ts';
import { type Agreement, compareLogits } from '../../src/core/export/proof.ts';
import type { Picture } from '../../src/core/image/picture.ts';
import { buildModel, type ParameterInfo } from '../../src/core/model/build.ts';
import { initialValues } from '../../src/core/model/initialize.ts';
import { toFileLayout } from '../../src/core/model/layout.ts';
import type { ModelSpec } from '../../src/core/model/spec.ts';
import { loadWeights } from '../../src/core/model/weights.ts';
import { hashName, RandomStream } from '../../src/core/random.ts';
import type { FileTensor } from '../../src/core/train/state.ts';
import { createEngine } from '../../src/node/engine.ts';

const normalisation = { mean: [0.5, 0.4, 0.45], std: [0.25, 0.2, 0.3] };

/** Drawn pictures as a model takes them. */
export function samplePictures(model: ModelSpec, count: number): Picture[] {
  const { test } = generateShapes({ train: 1, test: count, seed: 3 });
  const preprocessing = { fit: 'stretch', ...normalisation } as const;
  return Array.from({ length: count }, (_, i) =>
    preparePicture({ model, preprocessing } as unknown as Classifier, pictureAt(test!, i)),
  );
}

/**
 * A classifier whose weights are made so that what an export leaves out is seen: no scale is 1 and no shift 0, running
 * statistics are those of drawn pictures and then shifted, and logits differ by about 1 between pictures. (With default
 * weights a MobileNet gives every picture the same logits, and a wrong export would pass.)
 * @param measuredOn pictures that the statistics are of. Where many pictures are compared they must be many: of feature
 * maps of one pixel they are of so many values, and a picture unlike those is blown up until float32 itself is lost
 * (efficientnet_b0, statistics of 8: float32 lies 3e-3 of the range from float64, whoever computes it).
 */
export async function sampleClassifier(model: ModelSpec, measuredOn = 8): Promise<Classifier> {
  const channels = model.input[2];
  const preprocessing = {
    fit: 'stretch' as const,
    mean: normalisation.mean.slice(0, channels),
    std: normalisation.std.slice(0, channels),
  };
  const { parameters } = buildModel(model, { training: false, inputType: 'float32' });
  const weights = new Map<string, FileTensor>(
    parameters.map((info) => [info.name, { shape: info.fileShape, data: started(info) }]),
  );
  await measureStatistics(model, weights, measuredOn);
  const classifier = (): Classifier =>
    createClassifier({
      model,
      weights,
      classNames: Array.from({ length: model.classes }, (_, i) => `class ${i}`),
      preprocessing,
    });
  const spread = between(await logitsOf(classifier(), samplePictures(model, measuredOn)), model.classes);
  const head = [...parameters].reverse().find(({ fileShape }) => fileShape.length > 1)!;
  const { shape, data } = weights.get(head.name)!;
  weights.set(head.name, { shape, data: data.map((value) => value / Math.max(spread, 1e-6)) });
  return classifier();
}

/** He et al. 2015 for weights; scales about 1 and shifts about 0. */
function started(info: ParameterInfo): Float32Array {
  if (info.fileShape.length > 1) {
    const taps = info.fileShape.slice(1).reduce((a, b) => a * b, 1);
    return initialValues({ ...info, initialization: { kind: 'kaimingNormal', fan: taps } }, 1);
  }
  const stream = new RandomStream(1, 'sample', 0, hashName(info.name));
  const isScale = info.name.endsWith('weight') || info.name.endsWith('running_var');
  return new Float32Array(info.fileShape[0]).map(() => (isScale ? 0.75 : -0.25) + 0.5 * stream.uniform());
}

/** Running statistics of a batch of drawn pictures, shifted. */
async function measureStatistics(
  model: ModelSpec,
  weights: Map<string, FileTensor>,
  measuredOn: number,
): Promise<void> {
  if (!model.layers.some(({ type }) => type === 'batchNorm2d')) return;
  const layers = model.layers.map((layer) => (layer.type === 'batchNorm2d' ? { ...layer, momentum: 1 } : layer));
  const built = buildModel({ ...model, layers }, { training: true, inputType: 'float32' });
  const engine = await createEngine({ threads: 1, inline: true });
  try {
    const pictures = samplePictures(model, measuredOn);
    const program = await engine.compile(built.graph, { capacity: pictures.length, outputs: [built.logits] });
    loadWeights(engine, built.parameters, weights);
    const { mean, std } = normalisation;
    const channels = model.input[2];
    const own = { mean: mean.slice(0, channels), std: std.slice(0, channels) };
    program.write(
      built.input,
      inputTensor(pictures, { type: 'float32', layout: 'nhwc', normalisation: own }).data as Float32Array,
    );
    if (built.step) program.write(built.step, Int32Array.of(1, 1));
    await program.run(pictures.length);
    for (const info of built.parameters.filter(({ trainable }) => !trainable)) {
      const data = toFileLayout(info, engine.readPersistent(info.name));
      const isMean = info.name.endsWith('mean');
      weights.set(info.name, {
        shape: info.fileShape,
        data: data.map((value, c) => (isMean ? value + 0.1 * ((c % 3) - 1) : value * (1 + 0.1 * (c % 2)) + 1e-3)),
      });
    }
  } finally {
    await engine.dispose();
  }
}

/** Deviation of a class's logit between pictures, over the classes. */
function between(logits: Float32Array, classes: number): number {
  const pictures = logits.length / classes;
  let sum = 0;
  for (let c = 0; c < classes; c++) {
    const values = Array.from({ length: pictures }, (_, i) => logits[i * classes + c]);
    const mean = values.reduce((a, b) => a + b, 0) / pictures;
    sum += values.reduce((a, b) => a + (b - mean) * (b - mean), 0) / pictures;
  }
  return Math.sqrt(sum / classes);
}

export async function logitsOf(classifier: Classifier, pictures: readonly Picture[]): Promise<Float32Array> {
  const engine = await createEngine({ threads: 1, inline: true });
  try {
    return await (await openClassifier(engine, classifier, Math.min(16, pictures.length))).logits(pictures);
  } finally {
    await engine.dispose();
  }
}

/** As `compareLogits`, refusing to compare what does not differ between pictures. */
export function compare(expected: Float32Array, actual: ArrayLike<number>, classes: number): Agreement {
  const spread = between(expected, classes);
  if (!(spread > 0.05)) throw new Error(`logits differ by ${spread} between pictures: nothing would be proved`);
  return compareLogits(expected, actual, classes);
}
