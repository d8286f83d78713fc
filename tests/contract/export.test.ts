import { describe, expect, it } from 'vitest';
import { exportOnnx } from '../../src/core/export/onnx/export-onnx.ts';
import { onnxForms } from '../../src/core/export/onnx/forms.ts';
import { exportPytorch } from '../../src/core/export/pytorch/export-pytorch.ts';
import { pytorchForms } from '../../src/core/export/pytorch/forms.ts';
import { importOnnx } from '../../src/core/import/onnx/import-onnx.ts';
import { layers } from '../../src/core/layers/index.ts';
import { layerModels, layersWithUses } from '../export/layer-models.ts';
import { compare, logitsOf, sampleClassifier, samplePictures } from '../export/sample-classifier.ts';

const types = layers.map(({ type }) => type).sort();

describe('every layer can be written for others', () => {
  it('has an ONNX form and a PyTorch form', () => {
    expect(Object.keys(onnxForms).sort()).toEqual(types);
    expect(Object.keys(pytorchForms).sort()).toEqual(types);
  });

  it('is used in tests/export/layer-models.ts', () => {
    expect([...layersWithUses].sort()).toEqual(types);
  });
});

describe.each(types)('%s comes back from ONNX', (type) => {
  it.each(layerModels(type).map(({ title, model }) => [title, model] as const))('%s', async (_, model) => {
    const classifier = await sampleClassifier(model);
    const pictures = samplePictures(model, 6);
    const expected = await logitsOf(classifier, pictures);
    for (const options of [{}, { withPreprocessing: true, softmax: true }]) {
      const { classifier: back, notes } = importOnnx(exportOnnx(classifier, options), 'back.onnx');
      expect(notes).toEqual([]);
      expect(back.classNames).toEqual(classifier.classNames);
      expect(back.preprocessing).toEqual(classifier.preprocessing);
      const { relativeDifference, otherTopClass } = compare(expected, await logitsOf(back, pictures), 3);
      expect(relativeDifference).toBeLessThan(2e-6);
      expect(otherTopClass).toBe(0);
    }
  });
});

it('hostile names are data in PyTorch source, not code', async () => {
  const [{ model }] = layerModels('relu');
  const names = ['"""\nimport os\nos.system("x")', "'); exit()#", '\u2028{x}'];
  const classifier = { ...(await sampleClassifier({ ...model, name: names[0] })), classNames: names };
  const { source, weights } = exportPytorch(classifier, 'a\'"\n\\é.safetensors');
  expect(source).not.toMatch(/os\.system|exit\(\)|\u2028/);
  expect(source).toContain('with_name("a\'\\"\\n\\\\\\u00e9.safetensors")');
  expect(new TextDecoder().decode(weights.subarray(0, 4000))).toContain('exit()');
});
