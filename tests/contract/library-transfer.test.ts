import { expect, it } from 'vitest';
import { createReferenceEngine } from '../../src/core/backend/reference.ts';
import {
  createDataset,
  type Dataset,
  FoveaError,
  findHead,
  readClassifier,
  readWeights,
  sequential,
  train,
  writeClassifier,
} from '../../src/core/index.ts';
import { conv2d, globalAvgPool2d, linear, relu } from '../../src/core/model/builder.ts';

const engine = () => createReferenceEngine({ roundToFloat32: true });
const stripes = (classNames: readonly string[]): Dataset =>
  createDataset({
    name: 'stripes',
    classNames,
    height: 6,
    width: 6,
    channels: 3,
    pixels: Uint8Array.from(
      { length: 24 * 108 },
      (_, i) => (i * 37 + (i % (3 + (Math.floor(i / 108) % 3))) * 50) % 256,
    ),
    labels: Int32Array.from({ length: 24 }, (_, i) => i % classNames.length),
  });
const draft = sequential([
  conv2d(4, { kernelSize: 3, id: 'see' }),
  relu(),
  globalAvgPool2d(),
  linear(undefined, { id: 'name' }),
]);

it('the library begins with a classifier as the command does: trunk frozen, head new', async () => {
  const first = await train({ engine: engine(), data: { train: stripes(['a', 'b']) }, model: draft, epochs: 1 });
  const bytes = writeClassifier(first.classifier);
  const start = await readWeights(bytes, 'first.safetensors');
  const data = { train: stripes(['a', 'b', 'c']) };
  const second = await train({ engine: engine(), data, start, freeze: 'trunk', epochs: 2 });
  expect(findHead(second.recipe.model)).toBe('name');
  expect(second.weights).toMatchObject({
    matched: ['see.weight', 'see.bias'],
    newHead: ['name.weight', 'name.bias'],
    unused: [],
  });
  expect(second.recipe.weights).toEqual({ source: 'first.safetensors', hash: start.hash, newHead: 'name' });
  expect(second.classifier.weights.get('see.weight')).toEqual(first.classifier.weights.get('see.weight'));
  expect(second.classifier.preprocessing).toEqual(first.classifier.preprocessing);
  // The same classes keep their head, others of the same number do not.
  const same = await train({ engine: engine(), data: { train: stripes(['a', 'b']) }, start, epochs: 1 });
  expect(same.weights?.newHead).toEqual([]);
  const named = await train({ engine: engine(), data: { train: stripes(['x', 'y']) }, start, epochs: 1 });
  expect(named.weights?.newHead).toEqual(['name.weight', 'name.bias']);
  // A file from a training in stages is a classifier like any other.
  expect(readClassifier(writeClassifier(second.classifier), 'f').classNames).toEqual(['a', 'b', 'c']);
  await expect(train({ engine: engine(), data, start, model: 'mlp', epochs: 1 })).rejects.toThrow(FoveaError);
});
