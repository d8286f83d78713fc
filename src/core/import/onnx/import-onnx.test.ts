import { describe, expect, it } from 'vitest';
import { float, int, ints, type OnnxAttributes, text } from '../../export/onnx/form.ts';
import type { OnnxModel, OnnxNode, OnnxTensor } from '../../formats/onnx/messages.ts';
import { writeOnnx } from '../../formats/onnx/write.ts';
import { type ImportOptions, importOnnx } from './import-onnx.ts';

const node = (opType: string, inputs: string[], output: string, attributes: OnnxAttributes = {}): OnnxNode => ({
  name: '',
  opType,
  domain: '',
  inputs,
  outputs: [output],
  attributes: new Map(Object.entries(attributes)),
});
const tensor = (name: string, dims: number[], values?: number[]): OnnxTensor => {
  const count = dims.reduce((a, b) => a * b, 1);
  return { name, dims, type: 'float32', data: Float32Array.from({ length: count }, (_, i) => values?.[i] ?? 0.01 * i) };
};
const sizes = (name: string, values: number[]): OnnxTensor => ({
  name,
  dims: [values.length],
  type: 'int64',
  data: Float64Array.from(values),
});

/** `nodes` read x and give m, a feature map [n, channels, h, w]; its means are the logits. */
function imported(
  nodes: OnnxNode[],
  tensors: OnnxTensor[] = [],
  more: Partial<OnnxModel> = {},
  options?: ImportOptions,
) {
  const model: OnnxModel = {
    producer: 'test',
    opset: 17,
    nodes: [...nodes, node('GlobalAveragePool', ['m'], 'g'), node('Flatten', ['g'], 'y')],
    initializers: tensors,
    inputs: [{ name: 'x', type: 'float32', dims: ['n', 3, 7, 8] }],
    outputs: [{ name: 'y', type: 'float32', dims: ['n', 3] }],
    metadata: new Map(),
    ...more,
  };
  return importOnnx(writeOnnx(model, 'g'), 'a.onnx', options).classifier;
}
const layersOf = (...given: Parameters<typeof imported>) =>
  imported(...given).model.layers.map(({ id: _, inputs: __, ...layer }) => layer);

const relu = node('Relu', ['x'], 'r');
const pooling = (attributes: OnnxAttributes, opType = 'MaxPool') =>
  node(opType, ['r'], 'm', { kernel_shape: ints([3, 3]), strides: ints([2, 2]), ...attributes });

describe('windows', () => {
  it.each<[string, OnnxNode[], object]>([
    ['even pads', [relu, pooling({ pads: ints([1, 1, 1, 1]) })], { type: 'maxPool2d', padding: 1 }],
    [
      'pads as SAME_UPPER gives them',
      [relu, pooling({ pads: ints([1, 0, 1, 1]) })],
      { type: 'maxPool2d', padding: 'same' },
    ],
    ['SAME_UPPER', [relu, pooling({ auto_pad: text('SAME_UPPER') })], { type: 'maxPool2d', padding: 'same' }],
    [
      'room at the end as ceilMode',
      [relu, pooling({ pads: ints([0, 0, 0, 1]) })],
      { type: 'maxPool2d', padding: 'valid', ceilMode: true },
    ],
    [
      'means that leave padding out',
      [relu, pooling({ pads: ints([1, 1, 1, 1]) }, 'AveragePool')],
      { type: 'avgPool2d', countIncludePad: false, padding: 1 },
    ],
  ])('%s', (_, nodes, expected) => {
    expect(layersOf(nodes)[1]).toMatchObject(expected);
  });

  it('other pads are zeros of their own: around a convolution, a maximum of what is not below 0, a mean that counts them', () => {
    const pads = ints([2, 0, 0, 1]);
    const conv = node('Conv', ['x', 'w'], 'm', { pads });
    expect(layersOf([conv], [tensor('w', [3, 3, 2, 2])])).toMatchObject([
      { type: 'zeroPad2d', top: 2, bottom: 0, left: 0, right: 1 },
      { type: 'conv2d', padding: 'valid', kernelSize: 2 },
      { type: 'globalAvgPool2d' },
    ]);
    expect(layersOf([relu, pooling({ pads })])[1]).toMatchObject({ type: 'zeroPad2d', top: 2 });
    const counted = pooling({ pads, count_include_pad: int(1) }, 'AveragePool');
    expect(layersOf([relu, counted])[1]).toMatchObject({ type: 'zeroPad2d', top: 2 });
    expect(() => layersOf([node('Tanh', ['x'], 'r'), pooling({ pads })])).toThrow(/pads that our poolings have/);
  });

  it('depthwise, grouped and pointwise convolutions', () => {
    const conv = (weight: number[], group: number) =>
      [node('Conv', ['x', 'w'], 'm', { group: int(group) })].map((one) => layersOf([one], [tensor('w', weight)])[0])[0];
    expect(conv([6, 1, 1, 1], 3)).toMatchObject({ type: 'depthwiseConv2d', multiplier: 2 });
    expect(conv([4, 3, 3, 3], 1)).toMatchObject({ type: 'conv2d', channels: 4, groups: 1 });
    expect(() => conv([4, 3, 3, 3], 2)).toThrow(/weights for 3 channels in 2 groups/);
  });
});

describe('constants', () => {
  it('become part of the weights before, or of the preprocessing', () => {
    const nodes = [
      node('Mul', ['x', 'k'], 'a'),
      node('Sub', ['a', 'h'], 'b'),
      node('Conv', ['b', 'w'], 'c'),
      node('Add', ['c', 'bias'], 'd'),
      node('Mul', ['d', 'k'], 'm'),
    ];
    const tensors = [
      tensor('w', [3, 3, 1, 1], [1, 0, 0, 0, 1, 0, 0, 0, 1]),
      tensor('bias', [1, 3, 1, 1], [1, 2, 3]),
      tensor('k', [], [2]),
      tensor('h', [3, 1, 1], [1, 0.5, 0]),
    ];
    const { model, weights, preprocessing } = imported(nodes, tensors);
    expect(model.layers.map(({ type }) => type)).toEqual(['conv2d', 'globalAvgPool2d']);
    expect([...weights.get('conv1.bias')!.data]).toEqual([2, 4, 6]);
    expect([...weights.get('conv1.weight')!.data]).toEqual([2, 0, 0, 0, 2, 0, 0, 0, 2]);
    // pixels / 255 · 2 - h
    expect(preprocessing.std).toEqual([0.5, 0.5, 0.5]);
    expect(preprocessing.mean).toEqual([0.5, 0.25, 0]);
  });

  it('become a layer where something else reads what they change', () => {
    const nodes = [relu, node('Mul', ['r', 'k'], 'a'), node('Add', ['a', 'r'], 'm')];
    expect(layersOf(nodes, [tensor('k', [], [2])])[1]).toEqual({ type: 'scale', factor: 2 });
    const shifted = nodes.map((one) => (one.opType === 'Mul' ? { ...one, opType: 'Sub' } : one));
    expect(layersOf(shifted, [tensor('k', [3, 1, 1], [1, 2, 3])])[1]).toMatchObject({ type: 'depthwiseConv2d' });
    expect(layersOf(nodes, [tensor('k', [3, 1, 1], [1, 2, 3])])).toMatchObject([
      { type: 'relu' },
      { type: 'layerScale' },
      { type: 'add' },
      { type: 'globalAvgPool2d' },
    ]);
  });

  it('shapes that are computed in the graph', () => {
    const nodes = [
      relu,
      node('Shape', ['r'], 's'),
      node('Gather', ['s', 'zero'], 'n'),
      node('Unsqueeze', ['n', 'axes'], 'u'),
      node('Concat', ['u', 'rest'], 'shape', { axis: int(0) }),
      node('Reshape', ['r', 'shape'], 'row'),
      node('Gemm', ['row', 'w'], 'y2', { alpha: float(2) }),
    ];
    const tensors = [
      { ...sizes('zero', [0]), dims: [] },
      sizes('axes', [0]),
      sizes('rest', [-1]),
      tensor('w', [168, 2]),
    ];
    const { model, weights } = imported(nodes, tensors, {
      nodes,
      outputs: [{ name: 'y2', type: 'float32', dims: ['n', 2] }],
    });
    expect(model.layers.map(({ type }) => type)).toEqual(['relu', 'flatten', 'linear']);
    expect(weights.get('fc1.weight')!.data[1]).toBeCloseTo(0.04);
  });
});

describe('pictures with channels last', () => {
  it('are turned, and a row made of them gets its weights in our order', () => {
    const nodes = [
      node('Transpose', ['x'], 't', { perm: ints([0, 3, 1, 2]) }),
      node('Relu', ['t'], 'r'),
      node('Transpose', ['r'], 'b', { perm: ints([0, 2, 3, 1]) }),
      node('Reshape', ['b', 'shape'], 'row'),
      node('MatMul', ['row', 'w'], 'y'),
    ];
    // Weight of feature i (height, width, channels) for class 0 is i.
    const values = Array.from({ length: 2 * 2 * 3 * 2 }, (_, i) => (i % 2 === 0 ? i / 2 : 0));
    const { model, weights } = imported(nodes, [sizes('shape', [-1, 12]), tensor('w', [12, 2], values)], {
      nodes,
      inputs: [{ name: 'x', type: 'float32', dims: [undefined, 2, 2, 3] }],
      outputs: [{ name: 'y', type: 'float32', dims: [undefined, 2] }],
    });
    expect(model.input).toEqual([2, 2, 3]);
    expect([...weights.get('fc1.weight')!.data.subarray(0, 12)]).toEqual([0, 3, 6, 9, 1, 4, 7, 10, 2, 5, 8, 11]);
  });
});

describe('what a file does not say', () => {
  const free: Partial<OnnxModel> = { inputs: [{ name: 'x', type: 'float32', dims: ['n', 3, 'h', 'w'] }] };
  const nodes = [node('Relu', ['x'], 'm')];

  it('can be said', () => {
    const options = {
      size: { height: 5, width: 6 },
      classNames: ['a', 'b', 'c'],
      mean: [0.1, 0.2, 0.3],
      std: [1, 2, 3],
      fit: 'crop',
    } as const;
    const classifier = imported(nodes, [], free, options);
    expect(classifier.model.input).toEqual([5, 6, 3]);
    expect(classifier.classNames).toEqual(['a', 'b', 'c']);
    expect(classifier.preprocessing).toEqual({ fit: 'crop', mean: [0.1, 0.2, 0.3], std: [1, 2, 3] });
  });

  it('or is asked for', () => {
    expect(() => imported(nodes, [], free)).toThrow(/a height and a width .* --size 224x224/);
    expect(() => imported(nodes, [], {}, { classNames: ['a'] })).toThrow(/Expected 3 class names .* received 1/);
    expect(() => imported(nodes, [], {}, { mean: [1], std: [1] })).toThrow(/each of 3 channels/);
  });

  it('operators that are not known are named, all kinds of them', () => {
    expect(() => imported([node('Resize', ['x'], 'a'), node('TopK', ['a'], 'm')])).toThrow(
      /knows for file 'a\.onnx' but received Resize, TopK \(the first is Resize 'a'\)/,
    );
  });
});
