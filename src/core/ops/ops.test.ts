import { describe, expect, it } from 'vitest';
import { evaluateReference } from '../backend/reference.ts';
import { FoveaError } from '../errors.ts';
import { Graph, type Value, type ValueType } from '../graph/graph.ts';
import type { Attributes, Op } from '../graph/op.ts';
import { philox, purposes } from '../random.ts';
import * as op from './index.ts';

type Given = Partial<ValueType> & { shape: readonly number[] };

/** The message with which an op refuses inputs of these types, as node 'c3'. */
function refusal(of: Op, given: readonly Given[], attributes: Attributes = {}): string {
  const graph = new Graph();
  const inputs = given.map((type, i) => graph.source('input', `i${i}`, type));
  try {
    graph.apply(of, inputs, attributes, 'c3');
  } catch (error) {
    expect(error).toBeInstanceOf(FoveaError);
    return (error as Error).message;
  }
  throw new Error('took it');
}

/** Runs one op on inputs; returns its outputs and the inputs as they are afterwards. */
function run(of: Op, n: number, given: readonly (Given & { data: readonly number[] })[], attributes: Attributes = {}) {
  const graph = new Graph();
  const values = new Map<Value, Float64Array>();
  const inputs = given.map(({ data, ...type }, i) => {
    const value = graph.source('input', `i${i}`, type);
    values.set(value, Float64Array.from(data));
    return value;
  });
  const outputs = graph.apply(of, inputs, attributes);
  evaluateReference(graph, n, values);
  const all = (list: readonly Value[]): number[][] => list.map((value) => [...values.get(value)!]);
  return { outputs: all(outputs), inputs: all(inputs), types: outputs };
}

const fixed = (...shape: number[]): Given => ({ shape, batched: false });

describe('the list of ops', () => {
  it('has each name once, and every op that a gradient rule makes', () => {
    const names = op.ops.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const { name, gradient } of op.ops) {
      if (gradient) continue;
      expect(name === 'constant' || name === 'imageToFloat' || /Backward|Again/.test(name), name).toBe(true);
    }
  });
});

describe('shape errors name the layer, both shapes and the mend', () => {
  it('conv2d: a window larger than the feature map', () => {
    expect(refusal(op.conv2d, [{ shape: [4, 4, 16] }, fixed(5, 5, 16, 32)])).toBe(
      "Expected a feature map of at least 5x5 for conv2d 'c3' but received 4x4x16: " +
        'a window of 5x5 cannot slide over 4x4. ' +
        'Use kernelSize 4 or larger pictures, or fewer poolings and strides before it',
    );
  });
  it('conv2d: channels and groups', () => {
    expect(refusal(op.conv2d, [{ shape: [8, 8, 3] }, fixed(3, 3, 4, 8)])).toMatch(
      /Expected 4 input channels .* for conv2d 'c3' but received 8x8x3/,
    );
    expect(refusal(op.conv2d, [{ shape: [8, 8, 6] }, fixed(3, 3, 1, 8)], { groups: 4 })).toMatch(/4 groups divide/);
    expect(refusal(op.conv2d, [{ shape: [8, 8, 6] }, fixed(3, 3, 2, 8)], { groups: 3 })).toMatch(/output channels/);
    expect(refusal(op.conv2d, [{ shape: [8, 8, 6] }, fixed(3, 3, 6, 8), fixed(7)])).toMatch(
      /8 for bias .* received '7'/,
    );
  });
  it('conv2d after flatten', () => {
    expect(refusal(op.conv2d, [{ shape: [100] }, fixed(3, 3, 3, 8)])).toMatch(
      /feature map .* received 100\. Put it before/,
    );
  });
  it('linear on a feature map', () => {
    expect(refusal(op.linear, [{ shape: [4, 4, 16] }, fixed(16, 10)])).toBe(
      "Expected features (one dimension) for linear 'c3' but received 4x4x16. Put flatten or a global pooling before it",
    );
  });
  it('others', () => {
    expect(refusal(op.add, [{ shape: [8, 8, 3] }, { shape: [4, 4, 3] }])).toMatch(/nx8x8x3 and nx4x4x3.*kernelSize 1/);
    expect(refusal(op.concat, [{ shape: [8, 8, 3] }, { shape: [8, 7, 3] }])).toMatch(
      /one height and width for concat 'c3'/,
    );
    expect(refusal(op.multiply, [{ shape: [8, 8, 3] }, { shape: [4] }])).toMatch(/factor for each of its channels/);
    expect(refusal(op.maxPool2d, [{ shape: [1, 1, 3] }], { kernelSize: [2, 2] })).toMatch(/at least 2x2/);
    const padding = { kernelSize: [2, 2], padding: [2, 0, 0, 0] };
    expect(refusal(op.maxPool2d, [{ shape: [8, 8, 3] }], padding)).toMatch(/padding smaller than kernelSize/);
    expect(refusal(op.groupNorm, [{ shape: [8, 8, 6] }], { groups: 4, eps: 1e-5 })).toMatch(/4 groups divide/);
    expect(refusal(op.zeroPad2d, [{ shape: [8, 8, 6] }], { padding: [1, -1, 0, 0] })).toMatch(/0 or more/);
    expect(refusal(op.imageToFloat, [{ shape: [8, 8, 3], type: 'uint8' }], { mean: [0], std: [1] })).toMatch(
      /1 channels/,
    );
    const labels: Given = { shape: [], type: 'int32' };
    expect(refusal(op.softmaxCrossEntropy, [{ shape: [2, 2, 5] }, labels], { reduction: 'mean' })).toMatch(
      /End the model/,
    );
    expect(refusal(op.batchNorm, [{ shape: [2, 2, 5] }, fixed(4), fixed(5)])).toMatch(
      /5 for runningMean of batchNorm 'c3'/,
    );
  });
});

describe('references', () => {
  it('a NaN goes through relu and pooling, so that a broken training is seen', () => {
    for (const activation of [
      op.relu,
      op.relu6,
      op.leakyRelu,
      op.hardSwish,
      op.hardSigmoid,
      op.silu,
      op.gelu,
      op.elu,
    ]) {
      const attributes: Attributes = activation === op.leakyRelu ? { slope: 0.1 } : {};
      expect(run(activation, 1, [{ shape: [2], data: [NaN, 1] }], attributes).outputs[0][0], activation.name).toBeNaN();
    }
    const pixels = { shape: [2, 2, 1], data: [5, NaN, 7, 1] };
    expect(run(op.maxPool2d, 1, [pixels], { kernelSize: [2, 2] }).outputs[0]).toEqual([NaN]);
  });

  it('ops that share memory or an epilogue need only what they keep', () => {
    for (const { epilogue, gradient, name } of op.ops) {
      if (!epilogue) continue;
      const graph = new Graph();
      const x = graph.source('input', 'x', { shape: [2] });
      const seed = graph.source('input', 'seed', { shape: [2] });
      const [y] = graph.apply(op.ops.find((one) => one.name === name)!, [x]);
      const [gradX] = gradient!({ graph, node: y.node!, outputGradients: [seed], wanted: [true] });
      expect(gradX!.node!.inputs).toEqual([seed, y]);
    }
  });

  it('flatten emits channels, height, width', () => {
    const x = { shape: [2, 2, 2], data: [1, 10, 2, 20, 3, 30, 4, 40] };
    expect(run(op.flatten, 1, [x]).outputs[0]).toEqual([1, 2, 3, 4, 10, 20, 30, 40]);
    expect(run(op.flatten, 2, [{ shape: [3], data: [1, 2, 3, 4, 5, 6] }]).outputs[0]).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('imageToFloat is pixel · scale + offset with float32 factors', () => {
    const attributes = { mean: [0.5, 0.25], std: [0.5, 0.2] };
    const { outputs } = run(
      op.imageToFloat,
      1,
      [{ shape: [1, 2, 2], type: 'uint8', data: [0, 255, 255, 0] }],
      attributes,
    );
    const scale = [Math.fround(1 / 127.5), Math.fround(1 / 51)];
    const offset = [-1, Math.fround(-1.25)];
    expect(outputs[0]).toEqual([offset[0], 255 * scale[1] + offset[1], 255 * scale[0] + offset[0], offset[1]]);
  });

  it('batchNorm of a single value a channel keeps finite statistics', () => {
    const stats = (value: number) => ({ ...fixed(1), data: [value] });
    const { outputs, inputs } = run(op.batchNorm, 1, [{ shape: [1], data: [5] }, stats(1), stats(2)], {
      eps: 1e-5,
      momentum: 0.5,
    });
    expect(outputs[0]).toEqual([0]);
    expect(inputs.slice(1)).toEqual([[3], [1]]);
  });

  it('multiply scales channels of each image by its own factors', () => {
    const x = { shape: [1, 2, 2], data: [1, 2, 3, 4, 5, 6, 7, 8] };
    expect(run(op.multiply, 2, [x, { shape: [2], data: [1, 10, 100, 1000] }]).outputs[0]).toEqual([
      1, 20, 3, 40, 500, 6000, 700, 8000,
    ]);
  });

  it('conv2d pads top, bottom, left and right by itself', () => {
    const x = { shape: [1, 1, 1], data: [3] };
    const weight = { ...fixed(1, 1, 1, 1), data: [2] };
    const { outputs, types } = run(op.conv2d, 1, [x, weight], { padding: [1, 0, 0, 2] });
    expect(types[0].shape).toEqual([2, 3, 1]);
    expect(outputs[0]).toEqual([0, 0, 0, 6, 0, 0]);
  });

  it('softmaxCrossEntropy of a batch whose images are all ignored is NaN for mean, as in PyTorch, and 0 for sum', () => {
    const logits = { shape: [2], data: [1, 2] };
    const labels: Given & { data: number[] } = { shape: [], type: 'int32', data: [-100] };
    const loss = (reduction: string) =>
      run(op.softmaxCrossEntropy, 1, [logits, labels], { reduction, ignoreIndex: -100 });
    expect(loss('mean').outputs[0]).toEqual([NaN]);
    expect(loss('sum').outputs[0]).toEqual([0]);
  });
});

describe('dropout', () => {
  const count = 4000;
  const ones = { shape: [count], data: new Array<number>(count).fill(1) };
  const step = (seed: number, at: number): Given & { data: number[] } => ({
    ...fixed(2),
    type: 'int32',
    data: [seed, at],
  });
  const mask = (rate: number, seed = 1, at = 0, key = 3): number[] =>
    run(op.dropout, 1, [ones, step(seed, at)], { rate, key }).outputs[0];

  it('keeps the share it should, scaled by a float32, and all for rate 0', () => {
    const kept = mask(0.3).filter((value) => value !== 0);
    expect(new Set(kept)).toEqual(new Set([Math.fround(1 / 0.7)]));
    expect(Math.abs(kept.length / count - 0.7)).toBeLessThan(0.03);
    expect(mask(0)).toEqual(ones.data);
  });

  it('depends on seed, step and key, and on nothing else; the gradient has the same mask', () => {
    expect(mask(0.5)).toEqual(mask(0.5));
    for (const other of [mask(0.5, 2), mask(0.5, 1, 1), mask(0.5, 1, 0, 4)]) expect(other).not.toEqual(mask(0.5));
    expect(run(op.dropoutBackward, 1, [ones, step(1, 0)], { rate: 0.5, key: 3 }).outputs[0]).toEqual(mask(0.5));
  });

  it('takes word e & 3 of Philox block e >> 2 for element e; a seed above 2^31 arrives as a negative int32', () => {
    const words = new Uint32Array(4);
    philox([25, 6, 3, 0], 4000000000, purposes.dropout, words);
    const expected = [...words].map((word) => (word >>> 8 >= 0.5 * 2 ** 24 ? 2 : 0));
    expect(mask(0.5, 4000000000 | 0, 6).slice(100, 104)).toEqual(expected);
  });
});
