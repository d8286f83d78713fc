import fc from 'fast-check';
import { expect, it } from 'vitest';
import { exportOnnx } from '../../src/core/export/onnx/export-onnx.ts';
import { compareLogits } from '../../src/core/export/proof.ts';
import { importOnnx } from '../../src/core/import/onnx/import-onnx.ts';
import { buildModel } from '../../src/core/model/build.ts';
import type { LayerSpec, ModelSpec } from '../../src/core/model/spec.ts';
import { logitsOf, sampleClassifier, samplePictures } from '../export/sample-classifier.ts';

const size = fc.integer({ min: 1, max: 4 });
const padding = fc.constantFrom<'same' | 'valid' | number>('same', 'valid', 1);
const window = { kernelSize: fc.oneof(size, fc.tuple(size, size)), stride: fc.oneof(size, fc.tuple(size, size)) };
const pooling = { ...window, padding, ceilMode: fc.boolean() };

/** A layer from map to map, without its id. */
const layer = fc.oneof(
  fc.record({
    type: fc.constant('conv2d'),
    channels: fc.constantFrom(2, 4, 6),
    ...window,
    padding,
    bias: fc.boolean(),
  }),
  fc.record({ type: fc.constant('depthwiseConv2d'), ...window, padding, multiplier: fc.constantFrom(1, 2) }),
  fc.record({ type: fc.constant('maxPool2d'), ...pooling }),
  fc.record({ type: fc.constant('avgPool2d'), ...pooling, countIncludePad: fc.boolean() }),
  fc.record({ type: fc.constant('adaptiveAvgPool2d'), outputSize: fc.tuple(size, size) }),
  fc.record({ type: fc.constant('zeroPad2d'), top: size, left: size }),
  fc.record({ type: fc.constantFrom('batchNorm2d', 'layerNorm'), affine: fc.boolean() }),
  fc.record({ type: fc.constantFrom('relu', 'relu6', 'silu', 'gelu', 'hardSwish', 'elu', 'leakyRelu', 'tanh') }),
  // Junctions of a layer with itself as another branch sees it.
  fc.record({ type: fc.constantFrom('add', 'multiply', 'concat') }),
  fc.record({ type: fc.constant('gate') }),
);

function modelOf(drawn: readonly { readonly type: string }[]): ModelSpec {
  const layers: LayerSpec[] = [{ id: 'stem', type: 'conv2d', channels: 4, kernelSize: 3, padding: 1 }];
  drawn.forEach(({ type, ...options }, i) => {
    const before = layers[layers.length - 1].id;
    if (['add', 'multiply', 'concat'].includes(type)) {
      layers.push({ id: `side${i}`, type: 'sigmoid', inputs: [before] });
      layers.push({ id: `l${i}`, type, inputs: [before, `side${i}`] });
    } else if (type === 'gate') {
      layers.push({ id: `mean${i}`, type: 'globalAvgPool2d', inputs: [before] });
      layers.push({ id: `gate${i}`, type: 'hardSigmoid' });
      layers.push({ id: `l${i}`, type: 'multiply', inputs: [before, `gate${i}`] });
    } else layers.push({ id: `l${i}`, type, ...options });
  });
  layers.push({ id: 'flat', type: 'flatten' }, { id: 'head', type: 'linear', features: 3 });
  return { format: 'fovea-model', version: 1, input: [9, 8, 3], classes: 3, layers };
}

const fits = (model: ModelSpec): boolean => {
  try {
    buildModel(model, { training: false, inputType: 'float32' });
    return true;
  } catch {
    return false;
  }
};

it('any model comes back from ONNX with the same logits', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(layer, { minLength: 1, maxLength: 5 }), async (drawn) => {
      const model = modelOf(drawn);
      fc.pre(fits(model));
      const classifier = await sampleClassifier(model);
      const pictures = samplePictures(model, 3);
      const { classifier: back } = importOnnx(exportOnnx(classifier), 'any.onnx');
      const agreement = compareLogits(await logitsOf(classifier, pictures), await logitsOf(back, pictures), 3);
      expect(agreement.relativeDifference).toBeLessThan(1e-4);
    }),
    { numRuns: Number(process.env.FOVEA_RUNS ?? 60), seed: 1 },
  );
});
