import { describe, expect, it } from 'vitest';
import { pixelsOf } from '../../src/core/export/pictures.ts';
import { exportPytorch } from '../../src/core/export/pytorch/export-pytorch.ts';
import { layers } from '../../src/core/layers/index.ts';
import { buildPreset, presets } from '../../src/core/model/presets/index.ts';
import type { ModelSpec } from '../../src/core/model/spec.ts';
import { summarize } from '../../src/core/model/summary.ts';
import { runPytorch } from '../../src/node/pytorch.ts';
import { layerModels } from './layer-models.ts';
import { compare, logitsOf, sampleClassifier, samplePictures } from './sample-classifier.ts';

if (!process.env.FOVEA_PYTHON) console.warn('skipped: no PyTorch (FOVEA_PYTHON names a Python that has it)');

/** Exported source, loaded and run in PyTorch. */
async function inPytorch(model: ModelSpec): Promise<void> {
  const classifier = await sampleClassifier(model);
  const pictures = samplePictures(model, 6);
  const weightsFile = 'weights of mine.safetensors';
  const { source, weights } = exportPytorch(classifier, weightsFile);
  const code = new TextEncoder().encode(source);
  const ran = await runPytorch({ code, weights, weightsFile }, pixelsOf(pictures), pictures.length);
  if ('missing' in ran) throw new Error(ran.missing);
  const { relativeDifference, otherTopClass } = compare(
    await logitsOf(classifier, pictures),
    ran.values,
    model.classes,
  );
  expect(relativeDifference).toBeLessThan(1e-4);
  expect(otherTopClass).toBe(0);
}

describe.skipIf(!process.env.FOVEA_PYTHON)('in PyTorch', { timeout: 120_000 }, () => {
  it.each(layers.flatMap(({ type }) => layerModels(type).map(({ title, model }) => [title, model] as const)))(
    '%s',
    (_, model) => inPytorch(model),
  );

  const models = presets
    .map((preset) => {
      const side = Math.max(32, preset.minimumSize);
      return [preset.name, buildPreset(preset, { input: [side, side, 3], classes: 10 })] as const;
    })
    .filter(([, model]) => summarize(model).parameters < 3e6);
  it.each(models)('preset %s', (_, model) => inPytorch(model));
});
