import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { kernelImports } from '../../src/core/backend/kernel-imports.ts';
import { createWasmEngine } from '../../src/core/backend/wasm.ts';
import { openClassifier } from '../../src/core/classifier/classify.ts';
import { layers } from '../../src/core/layers/index.ts';
import { buildModel } from '../../src/core/model/build.ts';
import { buildPreset, presets } from '../../src/core/model/presets/index.ts';
import type { ModelSpec } from '../../src/core/model/spec.ts';
import { compilePlan } from '../../src/core/plan/compile.ts';
import { layerModels } from '../export/layer-models.ts';
import { logitsOf, sampleClassifier, samplePictures } from '../export/sample-classifier.ts';

const built = (path: string): Buffer<ArrayBuffer> =>
  readFileSync(new URL(`../../dist/${path}`, import.meta.url)) as Buffer<ArrayBuffer>;
const kernels = built('kernels/kernels-classify.wasm');
const { exports } = await WebAssembly.instantiate(
  await WebAssembly.compile(kernels),
  kernelImports(new WebAssembly.Memory({ initial: 64 })),
);
const held = new Set(Object.keys(exports));

/** What every plan that classifies with a model calls. */
function called(model: ModelSpec): string[] {
  const preprocessing = { mean: Array(model.input[2]).fill(0.5), std: Array(model.input[2]).fill(0.5) };
  const { graph, logits } = buildModel(model, { training: false, inputType: 'uint8', preprocessing });
  const options = [
    { capacity: 1, algorithm: 'auto' },
    { capacity: 32, algorithm: 'auto' },
    { capacity: 32, algorithm: 'direct' },
  ] as const;
  return options.flatMap((one) => compilePlan(graph, { ...one, outputs: [logits] }).calls.map(({ kernel }) => kernel));
}

describe('the kernels for classifying alone', () => {
  it.each(presets.map(({ name }) => name))('hold all that %s calls, of small pictures and of large', (name) => {
    // Small and with one channel; and large enough that Winograd's convolution is chosen where it ever is.
    const smallest = Math.max(28, presets.find((preset) => preset.name === name)!.minimumSize);
    for (const input of [
      [smallest, smallest, 1],
      [64, 64, 3],
    ]) {
      const missing = called(buildPreset(name, { input, classes: 7 })).filter((kernel) => !held.has(kernel));
      expect([...new Set(missing)]).toEqual([]);
    }
  });

  it.each(layers.map(({ type }) => type))('hold all that a model with %s calls', (type) => {
    for (const { model } of layerModels(type)) expect(called(model).filter((kernel) => !held.has(kernel))).toEqual([]);
  });

  it('hold nothing of training', () => {
    const training = [...held].filter((name) => /backward|update|softmaxCrossEntropy|muon|dropout/.test(name));
    expect(training).toEqual([]);
    expect(held.size).toBeGreaterThan(20);
  });

  it('give the bits that all kernels give', async () => {
    const classifier = await sampleClassifier(buildPreset('resnet20', { input: [32, 32, 3], classes: 3 }));
    const pictures = samplePictures(classifier.model, 4);
    const engine = await createWasmEngine({ loadKernels: () => WebAssembly.compile(kernels) }, { threads: 1 });
    const logits = await (await openClassifier(engine, classifier, 4)).logits(pictures);
    expect(logits).toEqual(await logitsOf(classifier, pictures));
  });
});

describe('the classifier for others’ pages', () => {
  const script = built('embed/classifier.js');

  it('is one script without imports, that makes no code of strings', () => {
    const text = script.toString();
    expect(text).not.toMatch(/(^|[;}])\s*import\s*[{*"']|\beval\(/);
    expect(text).toContain('kernels-classify.wasm');
  });

  it('takes at most 100 kB with its kernels (gzip)', () => {
    const bytes = [script, kernels].reduce((sum, part) => sum + gzipSync(part, { level: 9 }).length, 0);
    console.log(`fovea/browser/classifier: ${(bytes / 1000).toFixed(1)} kB (gzip) with kernels`);
    expect(bytes).toBeGreaterThan(20_000);
    expect(bytes).toBeLessThanOrEqual(100_000);
  });
});
