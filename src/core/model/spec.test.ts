import { describe, expect, it } from 'vitest';
import { buildModel } from './build.ts';
import { conv2d, flatten, linear, sequential } from './builder.ts';
import { buildPreset, presets } from './presets/index.ts';
import { adapt, type LayerSpec, parseModelSpec } from './spec.ts';

const head: LayerSpec[] = [
  { id: 'flatten', type: 'flatten' },
  { id: 'fc', type: 'linear', features: 3 },
];
const model = (layers: readonly unknown[], rest: object = {}) => ({
  format: 'fovea-model',
  version: 1,
  input: [8, 8, 1],
  classes: 3,
  layers,
  ...rest,
});

describe('parseModelSpec', () => {
  it('returns presets unchanged after JSON', () => {
    for (const preset of presets) {
      const spec = buildPreset(preset, { input: [32, 32, 3], classes: 7 });
      const read = parseModelSpec(JSON.parse(JSON.stringify(spec)));
      expect(read).toEqual(spec);
      expect(JSON.stringify(read)).toBe(JSON.stringify(spec));
    }
  });

  it.each([
    [[], 'Expected a model spec (a JSON object) for a.json but received'],
    [{}, "Expected 'fovea-model' for a.json, 'format' but received nothing"],
    [model(head, { version: 2 }), "Expected version 1 for a.json, 'version' but received 2. A newer Fovea may read it"],
    [
      model(head, { input: [8, 8] }),
      "Expected [height, width, channels], each up to 65536 for a.json, 'input' but received 8x8",
    ],
    [model(head, { classes: 1 }), "Expected 2 to 1000000 classes for a.json, 'classes' but received 1"],
    [model(head, { layer: 1 }), "for a.json but received 'layer'"],
    [model([]), "Expected at least one layer for a.json, 'layers'"],
    [model([{ type: 'relu' }, ...head]), 'for a.json, layer 1 but received nothing'],
    [model([{ id: 'a b', type: 'relu' }, ...head]), "received 'a b'"],
    [model([{ id: 'input', type: 'relu' }, ...head]), "received 'input'. That name is taken by Fovea itself"],
    [model([{ id: 'a.weight', type: 'relu' }, ...head]), 'Its last part is the name of a parameter'],
    [
      model([{ id: 'fc', type: 'relu' }, ...head]),
      "for a.json, layer 3 but received 'fc'. Another layer has it already",
    ],
    [
      model([{ id: 'a', type: 'Conv2D' }, ...head]),
      "Expected a type of layer for layer 'a', 'type' but received 'Conv2D'. Did you mean 'conv2d'?",
    ],
    [model([{ id: 'a', type: 'conv2d', channels: 2 }, ...head]), "layer 'a' (conv2d), option 'kernelSize'"],
    [
      model([{ id: 'a', type: 'relu', inputs: ['b'] }, ...head]),
      "Expected ids of layers before it for layer 'a', 'inputs' but received 'b'. Before it stand: input",
    ],
    [
      model([{ id: 'a', type: 'relu', inputs: ['input', 'input'] }, ...head]),
      "Expected one input for layer 'a' (relu)",
    ],
    [model([{ id: 'a', type: 'add' }, ...head]), "Expected two or more inputs for layer 'a' (add) but received 1"],
    [
      model([{ id: 'a', type: 'relu' }, { id: 'b', type: 'relu', inputs: ['input'] }, ...head]),
      "Expected a layer that reads it for layer 'a' but received 'none'",
    ],
    [model([...head, { id: 'p', type: 'softmax' }]), "Expected logits for the last layer 'p' but received 'softmax'"],
  ])('refuses %j', (given, message) => {
    expect(() => parseModelSpec(given, 'a.json')).toThrow(message);
  });
});

describe('buildModel', () => {
  const build = (layers: readonly unknown[]) =>
    buildModel(parseModelSpec(model(layers)), { training: false, inputType: 'uint8' });

  it('names the layer, both shapes and the mend when shapes do not fit', () => {
    expect(() => build([{ id: 'c', type: 'conv2d', channels: 2, kernelSize: 9 }, ...head])).toThrow(
      "Expected a feature map of at least 9x9 for conv2d 'c' but received 8x8x1: a window of 9x9 cannot slide over 8x8. Use padding 'same' or kernelSize 7",
    );
    expect(() => build([{ id: 'fc', type: 'linear', features: 3 }])).toThrow(
      "Expected features (one dimension) for linear 'fc' but received 8x8x1. Put flatten before it, or put globalAvgPool2d before it",
    );
    expect(() => build([...head, { id: 'c', type: 'conv2d', channels: 2, kernelSize: 1 }])).toThrow(
      /Expected a feature map .* for conv2d 'c' but received 3/,
    );
    expect(() => build([{ id: 'c', type: 'conv2d', channels: 4, kernelSize: 1, groups: 2 }, ...head])).toThrow(
      "Expected channels that 2 groups divide for layer 'c' but received '1 channels in and 4 out'",
    );
    expect(() => build([{ id: 'p', type: 'maxPool2d', kernelSize: 2, padding: 2 }, ...head])).toThrow(
      "Expected at most half the kernelSize 2x2 for layer 'p', option 'padding' but received 2x2",
    );
  });

  it('wants one logit a class', () => {
    const flat = { id: 'flatten', type: 'flatten' };
    expect(() => build([flat, { id: 'fc', type: 'linear', features: 4 }])).toThrow(
      "Expected 3 logits, one a class for the last layer 'fc' (linear) but received 4. Use features 3, or add a linear layer with 3 features",
    );
    expect(() => build([{ id: 'a', type: 'relu' }])).toThrow(
      'Add globalAvgPool2d and a linear layer with 3 features, or add flatten and',
    );
    expect(() => build([flat])).toThrow('Add a linear layer with 3 features');
  });

  it('normalises uint8 pictures', () => {
    const spec = parseModelSpec(model(head));
    const preprocessing = { mean: [0.5], std: [0.25] };
    const { graph, input } = buildModel(spec, { training: false, inputType: 'uint8', preprocessing });
    expect(input.type).toBe('uint8');
    expect(graph.nodes[0].op.name).toBe('imageToFloat');
    expect(graph.nodes[0].attributes).toEqual(preprocessing);
    expect(() =>
      buildModel(spec, { training: false, inputType: 'uint8', preprocessing: { mean: [0, 0, 0], std: [1, 1, 1] } }),
    ).toThrow("Expected mean and std of 1 channels for the preprocessing but received '3 and 3'");
  });

  it('has a step input only where dropout asks for one', () => {
    const dropout = parseModelSpec(model([{ id: 'd', type: 'dropout' }, ...head]));
    const step = buildModel(dropout, { training: true, inputType: 'float32' }).step;
    expect(step).toMatchObject({ role: 'input', type: 'int32', shape: [2], batched: false });
    expect(buildModel(dropout, { training: false, inputType: 'float32' }).step).toBeUndefined();
    expect(buildModel(parseModelSpec(model(head)), { training: true, inputType: 'float32' }).step).toBeUndefined();
  });

  it('gives dropout in evaluation its input, and batch norm the same buffers in both modes', () => {
    const layers = [{ id: 'bn', type: 'batchNorm2d' }, { id: 'd', type: 'dropout' }, ...head];
    const spec = parseModelSpec(model(layers));
    const evaluation = buildModel(spec, { training: false, inputType: 'float32' });
    expect(evaluation.layerOutputs.get('d')).toBe(evaluation.layerOutputs.get('bn'));
    expect([...evaluation.layerOutputs.keys()]).toEqual(['bn', 'd', 'flatten', 'fc']);
    expect(evaluation.parameters.map(({ name, value, decay }) => [name, value.role, decay])).toEqual([
      ['bn.weight', 'parameter', false],
      ['bn.bias', 'parameter', false],
      ['bn.running_mean', 'buffer', false],
      ['bn.running_var', 'buffer', false],
      ['fc.weight', 'parameter', true],
      ['fc.bias', 'parameter', false],
    ]);
  });
});

describe('adapt', () => {
  const data = { input: [28, 28, 1], classes: 10 };

  it('fills in what the draft leaves open', () => {
    const spec = adapt(sequential([flatten(), linear()], { name: 'mine' }), data);
    expect(spec).toEqual({
      format: 'fovea-model',
      version: 1,
      name: 'mine',
      input: [28, 28, 1],
      classes: 10,
      layers: [
        { id: 'flatten1', type: 'flatten' },
        { id: 'fc1', type: 'linear', features: 10 },
      ],
    });
  });

  it('keeps what the draft says', () => {
    const spec = adapt(sequential([flatten(), linear(10)], { input: [8, 8, 3] }), data);
    expect(spec.input).toEqual([8, 8, 3]);
    expect(() => adapt(sequential([flatten(), linear()], { classes: 3 }), data)).toThrow(
      'Expected 3 classes for the model but received data with 10 classes',
    );
  });

  it('checks options', () => {
    expect(() => adapt(sequential([conv2d(0, { kernelSize: 3 }), flatten(), linear()]), data)).toThrow(
      "layer 'conv1' (conv2d), option 'channels' but received 0",
    );
  });
});
