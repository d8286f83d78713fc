import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../backend/reference.ts';
import { createDataset } from '../dataset/dataset.ts';
import { evaluate } from '../evaluate/evaluate.ts';
import { readLogits } from '../evaluate/logits.ts';
import { readSafetensors, writeSafetensors } from '../formats/safetensors.ts';
import { buildModel } from '../model/build.ts';
import { batchNorm2d, conv2d, globalAvgPool2d, linear, relu, sequential } from '../model/builder.ts';
import { adapt } from '../model/spec.ts';
import { initializeWeights, saveWeights } from '../model/weights.ts';
import { RandomStream } from '../random.ts';
import { type Classifier, createClassifier } from './classifier.ts';
import { classify, openClassifier, softmax } from './classify.ts';
import { readClassifier, writeClassifier } from './file.ts';

const model = adapt(sequential([conv2d(4, { kernelSize: 3 }), batchNorm2d(), relu(), globalAvgPool2d(), linear()]), {
  input: [6, 6, 3],
  classes: 3,
});
const preprocessing = { fit: 'stretch' as const, mean: [0.4, 0.5, 0.6], std: [0.2, 0.3, 0.25] };

async function example(): Promise<Classifier> {
  const engine = createReferenceEngine({ roundToFloat32: true });
  const built = buildModel(model, { training: false, inputType: 'uint8', preprocessing });
  await engine.compile(built.graph, { capacity: 1, outputs: [built.logits] });
  initializeWeights(engine, built.parameters, 3);
  const weights = saveWeights(engine, built.parameters);
  return createClassifier({
    model,
    weights,
    classNames: ['cat', 'dog', 'owl'],
    preprocessing,
    origin: { metrics: { valLoss: 1 } },
  });
}

const picture = (seed: number, width = 9, height = 7) => {
  const random = new RandomStream(seed, 'dataset');
  return {
    width,
    height,
    channels: 3 as const,
    data: Uint8Array.from({ length: width * height * 3 }, () => random.below(256)),
  };
};

describe('a classifier', () => {
  it('classifies pictures of any size; a picture does not depend on its batch', async () => {
    const classifier = await example();
    const pictures = [picture(1), picture(2, 30, 4), picture(3, 6, 6)];
    const together = await classify(createReferenceEngine(), classifier, pictures);
    for (const [i, predictions] of together.entries()) {
      expect(predictions.map((p) => p.class).sort()).toEqual(['cat', 'dog', 'owl']);
      expect(predictions.reduce((sum, p) => sum + p.probability, 0)).toBeCloseTo(1, 12);
      expect(predictions[0].probability).toBeGreaterThanOrEqual(predictions[1].probability);
      const session = await openClassifier(createReferenceEngine(), classifier, 2);
      expect((await session.classify([pictures[i]], 1))[0]).toEqual(predictions.slice(0, 1));
    }
  });

  it('is the same after being written and read', async () => {
    const classifier = await example();
    const read = readClassifier(writeClassifier(classifier), 'a.safetensors');
    expect(read.model).toEqual(model);
    expect(read.classNames).toEqual(classifier.classNames);
    expect(read.preprocessing).toEqual(preprocessing);
    expect(read.origin).toEqual({ metrics: { valLoss: 1 } });
    expect([...read.weights]).toEqual(expect.arrayContaining([...classifier.weights]));
  });

  it('gives the loss and accuracy that follow from its logits', async () => {
    const classifier = await example();
    const pictures = [1, 2, 3, 4, 5].map((seed) => picture(seed, 6, 6));
    const pixels = Uint8Array.from(pictures.flatMap(({ data }) => [...data]));
    const labels = Int32Array.of(0, 1, 2, 1, 0);
    // The data set counts its classes in another order.
    const classNames = ['owl', 'cat', 'dog'];
    const dataset = createDataset({ name: 'five', classNames, height: 6, width: 6, channels: 3, pixels, labels });
    const result = await evaluate(createReferenceEngine(), classifier, dataset);
    const session = await openClassifier(createReferenceEngine(), classifier);
    const logits = await session.logits(pictures);
    let loss = 0;
    let hits = 0;
    labels.forEach((label, i) => {
      const probabilities = softmax(logits.subarray(3 * i, 3 * i + 3));
      const truth = classifier.classNames.indexOf(classNames[label]);
      loss -= Math.log(probabilities[truth]) / 5;
      if (probabilities.every((p) => p <= probabilities[truth])) hits++;
    });
    expect(result.loss).toBeCloseTo(loss, 5);
    expect(result.accuracy).toBe(hits / 5);
    expect(result.classes.map(({ class: name, support }) => [name, support])).toEqual([
      ['cat', 2],
      ['dog', 1],
      ['owl', 2],
    ]);
    const strange = { ...dataset, classNames: ['owl', 'cat', 'cow'] };
    await expect(evaluate(createReferenceEngine(), classifier, strange)).rejects.toThrow(
      /Expected classes that the model knows \(cat, dog, owl\) .* received 'cow'/,
    );
  });
});

describe('a file that is no classifier', () => {
  const damaged = async (
    change: (
      metadata: Record<string, string>,
      tensors: Map<string, { shape: readonly number[]; data: Float32Array }>,
    ) => void,
  ) => {
    const { tensors, metadata } = readSafetensors(writeClassifier(await example()), 'a');
    change(metadata, tensors as never);
    return writeSafetensors(tensors, metadata);
  };

  it.each<[string, Parameters<typeof damaged>[0], RegExp]>([
    ['weights alone', (m) => void delete m['fovea.format'], /Expected a classifier .* weights alone/],
    ['a newer format', (m) => void (m['fovea.format'] = 'fovea-classifier-9'), /fovea-classifier-9/],
    ['no class names', (m) => void delete m['fovea.classes'], /fovea\.classes/],
    ['too few class names', (m) => void (m['fovea.classes'] = '["cat","dog"]'), /Expected 3 class names .* received 2/],
    ['a class name twice', (m) => void (m['fovea.classes'] = '["cat","dog","cat"]'), /'cat' twice/],
    ['class names that are no texts', (m) => void (m['fovea.classes'] = '[1,2,3]'), /fovea\.classes/],
    ['a spec that is no JSON', (m) => void (m['fovea.spec'] = '{"format":'), /Expected JSON text .*fovea\.spec/],
    [
      'an unknown layer',
      (m) => void (m['fovea.spec'] = m['fovea.spec'].replace('"relu"', '"telu"')),
      /telu.*Did you mean 'relu'/,
    ],
    [
      'a spec with an enormous layer',
      (m) => void (m['fovea.spec'] = m['fovea.spec'].replace('"channels":4', '"channels":999999999999')),
      /conv1|channels/,
    ],
    [
      'a std of 0',
      (m) => void (m['fovea.preprocessing'] = m['fovea.preprocessing'].replace('0.25', '0')),
      /std above 0/,
    ],
    [
      'a preprocessing for grey',
      (m) => void (m['fovea.preprocessing'] = '{"fit":"stretch","mean":[0],"std":[1]}'),
      /each of 3 channels/,
    ],
    [
      'a preprocessing of another kind',
      (m) => void (m['fovea.preprocessing'] = '{"fit":"melt","mean":[0],"std":[1]}'),
      /fit/,
    ],
    ['a missing tensor', (_, t) => void t.delete('conv1.weight'), /Expected a tensor 'conv1\.weight'/],
    ['a tensor too many', (_, t) => void t.set('spy', { shape: [1], data: new Float32Array(1) }), /'spy'/],
    [
      'a tensor of another shape',
      (_, t) => void t.set('fc1.bias', { shape: [4], data: new Float32Array(4) }),
      /Expected the shape 3 .*fc1\.bias/,
    ],
  ])('%s', async (_, change, message) => {
    const bytes = await damaged(change);
    expect(() => readClassifier(bytes, 'a.safetensors')).toThrow(message);
    expect(() => readClassifier(bytes, 'a.safetensors')).toThrow(/a\.safetensors/);
  });
});

describe('softmax', () => {
  it('bears large logits', () => {
    expect([...softmax(Float32Array.of(1000, 1000, -1000))]).toEqual([0.5, 0.5, 0]);
  });
});

describe('test-time augmentation', () => {
  it('answers by the mean over a picture and its mirror image, in classifying and in testing', async () => {
    const plain = await example();
    const classifier = createClassifier({ ...plain, testTimeAugmentation: 'mirror' });
    const pictures = [picture(1, 6, 6), picture(2, 6, 6), picture(3, 6, 6)];
    const backwards = pictures.map((one) => ({
      ...one,
      data: Uint8Array.from(
        one.data,
        (_, i) => one.data[3 * (6 * Math.floor(i / 18) + 5 - (Math.floor(i / 3) % 6)) + (i % 3)],
      ),
    }));
    const logitsOf = async (given: Classifier, shown: typeof pictures): Promise<Float32Array> =>
      (await openClassifier(createReferenceEngine({ roundToFloat32: true }), given, 2)).logits(shown);
    const [there, back] = [await logitsOf(plain, pictures), await logitsOf(plain, backwards)];
    expect(back).not.toEqual(there);
    const mean = there.map((logit, i) => (logit + back[i]) / 2);
    const answered = await logitsOf(classifier, pictures);
    for (const [i, logit] of mean.entries()) expect(answered[i]).toBeCloseTo(logit, 6);
    // A picture and its mirror image are one and the same to it.
    expect(await logitsOf(classifier, backwards)).toEqual(answered);

    const dataset = createDataset({
      ...{
        name: 'noise',
        classNames: plain.classNames,
        height: 6,
        width: 6,
        channels: 3,
        labels: Int32Array.of(0, 1, 2),
      },
      pixels: Uint8Array.from(pictures.flatMap(({ data }) => [...data])),
    });
    const read = await readLogits(createReferenceEngine({ roundToFloat32: true }), classifier, dataset);
    expect(read.logits).toEqual(answered);
    const losses = [0, 1, 2].map((i) => -Math.log(softmax(answered.subarray(3 * i, 3 * i + 3))[i]));
    expect(read.loss).toBeCloseTo((losses[0] + losses[1] + losses[2]) / 3, 9);
  });

  it('is written with the model, and refused where it is unknown', async () => {
    const bytes = writeClassifier(createClassifier({ ...(await example()), testTimeAugmentation: 'mirror' }));
    expect(readClassifier(bytes, 'a.safetensors').testTimeAugmentation).toBe('mirror');
    expect(readClassifier(writeClassifier(await example()), 'a.safetensors').testTimeAugmentation).toBeUndefined();
    const { tensors, metadata } = readSafetensors(bytes, 'a.safetensors');
    const other = writeSafetensors(
      new Map([...tensors].map(([name, { shape, data }]) => [name, { shape, data: data as Float32Array }])),
      {
        ...metadata,
        'fovea.testTimeAugmentation': '"ten-crop"',
      },
    );
    expect(() => readClassifier(other, 'a.safetensors')).toThrow(/a\.safetensors.*testTimeAugmentation/);
  });
});
