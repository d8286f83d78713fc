import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { evaluateReference } from '../../src/core/backend/reference.ts';
import { elementCount, Graph, type Value } from '../../src/core/graph/graph.ts';
import type { Attributes } from '../../src/core/graph/op.ts';
import { conv2d, conv2dBackwardInput, conv2dBackwardWeight } from '../../src/core/ops/index.ts';
import { RandomStream } from '../../src/core/random.ts';
import { samplesOf } from './opSamples.ts';

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);
const random = (seed: number, length: number): Float64Array => {
  const stream = new RandomStream(seed, 'sample');
  return new Float64Array(length).map(() => stream.uniform() * 2 - 1);
};

/** y = conv2d(x, weight) of one image and given sizes. */
function convolve(
  x: Float64Array,
  shape: number[],
  weight: Float64Array,
  weightShape: number[],
  attributes: Attributes,
) {
  const graph = new Graph();
  const input = graph.source('input', 'x', { shape });
  const kernel = graph.source('parameter', 'w', { shape: weightShape });
  const [y] = graph.apply(conv2d, [input, kernel], attributes);
  const values = new Map([
    [input, x],
    [kernel, weight],
  ]);
  evaluateReference(graph, 1, values);
  return { shape: y.shape, data: values.get(y)! };
}

describe('conv2d', () => {
  it('has adjoint backward passes: <conv(x, w), g> = <x, backwardInput(g, w)> = <w, backwardWeight(x, g)>', () => {
    fc.assert(
      fc.property(samplesOf(conv2d), ({ n, inputs, attributes, seed }) => {
        const graph = new Graph();
        const x = graph.source('input', 'x', { shape: inputs[0].shape });
        const weight = graph.source('parameter', 'w', { shape: inputs[1].shape });
        const [y] = graph.apply(conv2d, [x, weight], attributes);
        const g = graph.source('input', 'g', { shape: y.shape });
        const [gradX] = graph.apply(conv2dBackwardInput, [g, weight], { ...attributes, inputShape: x.shape });
        const kernelSize = weight.shape.slice(0, 2);
        const [gradWeight] = graph.apply(conv2dBackwardWeight, [x, g], { ...attributes, kernelSize });
        const values = new Map<Value, Float64Array>();
        [x, weight, g].forEach((value, i) => {
          values.set(value, random(seed + i, elementCount(value, n)));
        });
        evaluateReference(graph, n, values);
        const data = (value: Value): Float64Array => values.get(value)!;
        const forward = dot(data(y), data(g));
        expect(dot(data(x), data(gradX))).toBeCloseTo(forward, 10);
        expect(dot(data(weight), data(gradWeight))).toBeCloseTo(forward, 10);
      }),
      { numRuns: 200, seed: 7 },
    );
  });

  it('counts its multiply-adds: as many as an input of ones and a weight of ones sum up to without padding', () => {
    fc.assert(
      fc.property(samplesOf(conv2d), ({ inputs, attributes }) => {
        const graph = new Graph();
        const x = graph.source('input', 'x', { shape: inputs[0].shape });
        const weight = graph.source('parameter', 'w', { shape: inputs[1].shape });
        const [y] = graph.apply(conv2d, [x, weight], { ...attributes, padding: [0, 0, 0, 0] });
        const values = new Map([x, weight].map((value) => [value, new Float64Array(elementCount(value, 1)).fill(1)]));
        evaluateReference(graph, 1, values);
        expect(conv2d.macs!(y.node!)).toBe(values.get(y)!.reduce((a, b) => a + b, 0));
      }),
      { seed: 8 },
    );
  });

  it('moves with its input: a picture shifted by the stride gives the output shifted by one', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 1e6 }), (stride, seed) => {
        const [height, width, channels] = [9, 10, 2];
        const weight = random(seed, 3 * 3 * channels * 4);
        const x = random(seed + 1, height * width * channels);
        const shifted = new Float64Array(x.length);
        shifted.set(x.subarray(0, x.length - stride * width * channels), stride * width * channels);
        const attributes = { stride: [stride, stride] };
        const a = convolve(x, [height, width, channels], weight, [3, 3, channels, 4], attributes);
        const b = convolve(shifted, [height, width, channels], weight, [3, 3, channels, 4], attributes);
        const row = a.shape[1] * a.shape[2];
        expect(b.data.subarray(row)).toEqual(a.data.subarray(0, a.data.length - row));
      }),
      { numRuns: 20, seed: 9 },
    );
  });
});
