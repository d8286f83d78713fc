import { describe, expect, it } from 'vitest';
import { exportOnnx, type OnnxOptions } from '../../src/core/export/onnx/export-onnx.ts';
import { compareLogits } from '../../src/core/export/proof.ts';
import { importOnnx } from '../../src/core/import/onnx/import-onnx.ts';
import { layers } from '../../src/core/layers/index.ts';
import { buildPreset, presets } from '../../src/core/model/presets/index.ts';
import { summarize } from '../../src/core/model/summary.ts';
import { asGiven, runOnnx } from '../../src/core/workbench/run-onnx.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { layerModels } from './layer-models.ts';
import { hasOnnxruntime } from './runtime.ts';
import { compare, logitsOf, sampleClassifier, samplePictures } from './sample-classifier.ts';

/** Presets up to these sizes are run here; all of them, on 1,000 pictures, in the acceptance runs. */
const mostParameters = Number(process.env.FOVEA_EXPORT_PARAMETERS ?? 3e6);
const pictureCount = Number(process.env.FOVEA_EXPORT_PICTURES ?? 16);

type Sampled = Awaited<ReturnType<typeof sampleClassifier>>;

async function inOnnxruntime(classifier: Sampled, options: OnnxOptions, count: number) {
  const { model } = classifier;
  const pictures = samplePictures(model, count);
  const expected = await logitsOf(classifier, pictures);
  const bytes = exportOnnx(classifier, options);
  const use = importOnnx(bytes, 'exported.onnx').use;
  expect(use.gives).toBe(options.softmax ? 'probabilities' : 'logits');
  const ran = await runOnnx(nodeAdapters, bytes, use, { source: 'drawn', pictures });
  if ('missing' in ran) throw new Error(ran.missing);
  // Of logits, whose differences between pictures say whether anything is proved.
  compare(expected, expected, model.classes);
  const agreement = compareLogits(asGiven(expected, model.classes, use.gives), ran.values, model.classes);
  return { bytes, pictures, expected, agreement };
}

describe.skipIf(!hasOnnxruntime())('in onnxruntime', () => {
  describe.each(layers.map(({ type }) => type))('%s', (type) => {
    it.each(layerModels(type).map(({ title, model }) => [title, model] as const))('%s', async (_, model) => {
      const { agreement } = await inOnnxruntime(await sampleClassifier(model), {}, 4);
      expect(agreement.relativeDifference).toBeLessThan(1e-5);
    });
  });

  const sized = presets.map((preset) => {
    const side = Math.max(32, preset.minimumSize);
    const model = buildPreset(preset, { input: [side, side, 3], classes: 10 });
    return { name: preset.name, model, parameters: summarize(model).parameters };
  });

  describe.each(sized.filter(({ parameters }) => parameters <= mostParameters))('preset $name', ({ name, model }) => {
    it('gives the same logits there, and comes back', { timeout: 600_000 }, async () => {
      const classifier = await sampleClassifier(model, Math.max(8, Math.ceil(pictureCount / 8)));
      const { bytes, pictures, expected, agreement } = await inOnnxruntime(classifier, {}, pictureCount);
      expect(agreement.relativeDifference, name).toBeLessThan(1e-4);
      expect(agreement.otherTopClass).toBe(0);
      const back = importOnnx(bytes, 'exported.onnx').classifier;
      const again = compare(expected, await logitsOf(back, pictures), model.classes);
      expect(again.relativeDifference, `${name} imported`).toBeLessThan(1e-4);
      expect(again.otherTopClass).toBe(0);
      if (pictureCount >= 1000) console.log(`${name}: ${JSON.stringify({ agreement, again })}`);
    });
  });

  it.each([{ withPreprocessing: true }, { softmax: true }, { withPreprocessing: true, softmax: true }])(
    'with %o',
    async (options) => {
      const { model } = sized.find(({ name }) => name === 'lenet5')!;
      const { agreement } = await inOnnxruntime(await sampleClassifier(model), options, 8);
      expect(agreement.relativeDifference).toBeLessThan(1e-5);
      expect(agreement.sameTopClass).toBe(8);
    },
  );
});
