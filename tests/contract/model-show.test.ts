import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { canonicalModel } from '../../src/core/model/canonical.ts';
import { buildPreset, presets } from '../../src/core/model/presets/index.ts';
import { parseShorthand } from '../../src/core/model/shorthand.ts';
import { defaultsOf } from '../../src/core/train/defaults.ts';
import { planDrafts, prepareTraining } from '../../src/core/train/prepare.ts';
import { alignLayers } from '../../src/core/workbench/compare-models.ts';
import { createWorkbench } from '../../src/core/workbench/workbench.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { createEngine } from '../../src/node/engine.ts';
import { checkForms } from '../property/run-spec.ts';

const workbench = createWorkbench(nodeAdapters);
const folder = mkdtempSync(join(tmpdir(), 'fovea-models-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const usual = { input: [32, 32, 3], classes: 10, threads: 2 };

describe('every preset', () => {
  it.each(presets.map(({ name, minimumSize }) => [name, minimumSize] as const))('%s', async (name, minimumSize) => {
    const side = Math.max(32, minimumSize);
    const spec = buildPreset(name, { input: [side, side, 3], classes: 10 });
    checkForms(spec);
    const file = join(folder, `${name}.json`);
    const { text } = await workbench.writeModel({ model: name, ...usual, input: spec.input }, 'json');
    writeFileSync(file, text as string);
    const again = await workbench.writeModel({ model: file }, 'json');
    expect(again).toEqual({ model: canonicalModel(spec), text });
  });
});

describe('showModel', () => {
  it('foretells the engine memory to the byte', async () => {
    const shown = await workbench.showModel({ model: 'resnet20', ...usual, batch: 8 });
    const engine = await createEngine({ threads: 2 });
    const { optimizer } = defaultsOf('resnet20');
    const recipe = {
      ...{ version: 1 as const, modelName: 'resnet20', model: shown.model, optimizer, learningRate: 1, epochs: 1 },
      ...{ schedule: { type: 'constant' }, batch: 8, loss: { type: 'softmaxCrossEntropy' }, augmentation: {}, seed: 1 },
      val: 0,
    };
    const normalisation = { mean: [0, 0, 0], std: [1, 1, 1] };
    for (const { draft } of planDrafts(prepareTraining(recipe, normalisation, { train: 8, val: 100 }))) {
      await engine.compile(draft.graph, draft.options);
    }
    expect(shown.memory?.memory).toBe(engine.reserved?.memory);
    expect(shown.memory?.used).toBe(engine.reserved?.used);
    await engine.dispose();
  });

  it('tells what training keeps: inputs of weight gradients, one copy each', async () => {
    const { kernels } = await workbench.showModel({
      model: 'conv 4, relu, pool 2, conv 6 id=last, relu, gap, linear',
      ...usual,
    });
    const kept = new Map(kernels.layers.map(({ id, kept: bytes }) => [id, bytes]));
    // The first convolution needs the picture, the second what came out of the pooling, whose gradient needs the places
    // of the maxima, a byte each; a rectifier needs its output, the first one that behind the pooling.
    expect(kernels.kept.picture).toBeGreaterThanOrEqual(4 * 32 * 32 * 3);
    expect(kept.get('maxpool1')).toBe(4 * 15 * 15 * 4 + 15 * 15 * 4);
    expect((kept.get('last') ?? 0) + (kept.get('relu2') ?? 0)).toBe(4 * 13 * 13 * 6);
    expect(kernels.kept.layers).toBe([...kept.values()].reduce((sum, bytes) => sum + bytes, 0));
  });

  it('names the kernels that run', async () => {
    const { kernels } = await workbench.showModel({ model: 'resnet20', ...usual });
    const layer = kernels.layers.find(({ id }) => id === 'layer1.0.conv1');
    expect(layer?.evaluation.running).toEqual(['conv2d_forward_winograd']);
    expect(layer?.evaluation.kernels.length).toBeGreaterThan(1);
  });

  it('foretells time from steps that it ran', async () => {
    const { time } = await workbench.showModel({ model: 'mnist-cnn', threads: 1, batch: 20_000, time: true });
    expect(time).toMatchObject({ batch: 20_000, threads: 1 });
    const [most, half] = time!.measured;
    expect(most.pictures).toBeLessThan(20_000);
    expect(half.pictures).toBe(Math.ceil(most.pictures / 2));
    expect(time!.stepMilliseconds).toBeGreaterThan(most.milliseconds);
    expect(time!.method).toContain('straight line');
  });

  it('reads a line, and a file that leaves input and classes open', async () => {
    const line = await workbench.showModel({ model: 'conv 8 same, flatten, linear' });
    expect(line).toMatchObject({ name: 'model', kind: 'shorthand', model: { input: [28, 28, 1], classes: 10 } });
    const file = join(folder, 'mine, too (1).json');
    writeFileSync(file, JSON.stringify({ ...parseShorthand('flatten, linear'), name: 'mine' }));
    expect(await workbench.showModel({ model: file, classes: 3 })).toMatchObject({
      name: 'mine',
      kind: 'file',
      model: { classes: 3, layers: [{}, { features: 3 }] },
    });
  });

  it('says what it does not find', async () => {
    await expect(workbench.showModel({ model: 'resnet-20' })).rejects.toThrow("Did you mean 'resnet20'?");
    await expect(workbench.showModel({ model: 'none.json' })).rejects.toThrow('none.json');
    await expect(workbench.showModel({ model: folder })).rejects.toThrow('run.json');
    writeFileSync(join(folder, 'bad.json'), '{"format":"fovea-model","version":9}');
    await expect(workbench.showModel({ model: join(folder, 'bad.json') })).rejects.toThrow('Expected version 1');
  });
});

describe('drawModel', () => {
  it('is an SVG of its own with a box for each convolution', async () => {
    const shown = await workbench.showModel({ model: 'resnet20', ...usual });
    const svg = await workbench.drawModel({ ...shown, name: '<script>alert("1")</script>' });
    expect(svg).toMatch(/^<svg xmlns=/);
    expect(svg).not.toContain('<script');
    expect(svg).not.toMatch(/(href|src|url\()/);
    expect(svg.match(/class="convolution"/g)).toHaveLength(21);
    expect(svg.match(/class="merge"/g)).toHaveLength(9);
  });
});

describe('compareModels', () => {
  it('pairs layers', async () => {
    const models = ['conv 8, relu, pool 2, gap, linear', 'conv 8, bn, relu, pool 2, conv 16, gap, linear'] as const;
    const { left, right, layers } = await workbench.compareModels({ models });
    expect(left.summary.parameters).toBeLessThan(right.summary.parameters);
    const told = layers.map((pair) => `${pair.left?.type ?? '-'} ${pair.same ? '=' : '~'} ${pair.right?.type ?? '-'}`);
    expect(told).toEqual([
      'conv2d = conv2d',
      '- ~ batchNorm2d',
      'relu = relu',
      'maxPool2d = maxPool2d',
      '- ~ conv2d',
      'globalAvgPool2d ~ globalAvgPool2d',
      'linear ~ linear',
    ]);
    expect(alignLayers(left.summary.layers, left.summary.layers).every(({ same }) => same)).toBe(true);
  });
});
