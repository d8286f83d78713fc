import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { openClassifier } from '../../src/core/classifier/classify.ts';
import { compareLogits } from '../../src/core/export/proof.ts';
import { importOnnx } from '../../src/core/import/onnx/import-onnx.ts';
import { buildModel } from '../../src/core/model/build.ts';
import { sizeOf } from '../../src/core/shape.ts';
import { asGiven } from '../../src/core/workbench/run-onnx.ts';
import { createEngine } from '../../src/node/engine.ts';

/** Classifiers that PyTorch exported, with its own logits: see make_onnx.py. */
const folder = fileURLToPath(new URL('./data/onnx', import.meta.url));
const names = readdirSync(folder).filter((name) => name.endsWith('.onnx'));

describe('classifiers exported by PyTorch', () => {
  it('are there', () => expect(names).toHaveLength(8));

  it.each(names)('%s', async (name) => {
    const golden = JSON.parse(readFileSync(join(folder, name.replace('.onnx', '.json')), 'utf8'));
    const { classifier, use, notes } = importOnnx(readFileSync(join(folder, name)), name);
    const [height, width, channels] = classifier.model.input;
    const size = sizeOf(classifier.model.input);
    const pictures = [0, 1, 2].map((i) => ({
      height,
      width,
      channels: channels as 3,
      data: Uint8Array.from(golden.pixels.slice(i * size, (i + 1) * size)),
    }));
    const engine = await createEngine({ threads: 1, inline: true });
    const logits = await (await openClassifier(engine, classifier)).logits(pictures);
    await engine.dispose();
    const given = asGiven(logits, classifier.model.classes, use.gives);
    const { relativeDifference, sameTopClass } = compareLogits(Float32Array.from(golden.output), given, 4);
    expect(relativeDifference).toBeLessThan(5e-6);
    expect(sameTopClass).toBe(3);
    expect(notes.join(' ')).toMatch(/class 0/);
    // A normal model: it can be trained on.
    const { parameters } = buildModel(classifier.model, {
      training: true,
      inputType: 'uint8',
      preprocessing: classifier.preprocessing,
    });
    expect(parameters.some(({ trainable }) => trainable)).toBe(true);
  });

  it('keeps the names of modules', () => {
    const { classifier } = importOnnx(readFileSync(join(folder, 'squeeze-17.onnx')), 'squeeze-17.onnx');
    const ids = classifier.model.layers.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['stem.0', 'stem.1', 'depthwise.0', 'project.1', 'classifier']));
  });

  it('takes normalisation inside of the graph as preprocessing', () => {
    const { classifier } = importOnnx(readFileSync(join(folder, 'dense-17.onnx')), 'dense-17.onnx');
    expect(classifier.preprocessing.mean[0]).toBeCloseTo(0.485, 6);
    expect(classifier.preprocessing.std[2]).toBeCloseTo(0.225, 6);
    expect(classifier.model.layers[0].id).toBe('conv0');
  });
});
