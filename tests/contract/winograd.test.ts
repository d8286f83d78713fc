import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { differentiate } from '../../src/core/autodiff/differentiate.ts';
import type { Engine } from '../../src/core/backend/backend.ts';
import { evaluateReference } from '../../src/core/backend/reference.ts';
import { elementCount, Graph, type Value } from '../../src/core/graph/graph.ts';
import { conv2d, conv2dBackwardInput, conv2dBackwardWeight } from '../../src/core/ops/conv2d.ts';
import { maxPool2d } from '../../src/core/ops/maxPool2d.ts';
import { compilePlan } from '../../src/core/plan/compile.ts';
import { RandomStream } from '../../src/core/random.ts';
import { createEngine } from '../../src/node/engine.ts';

interface Case {
  readonly size: readonly [number, number];
  readonly channels: readonly [number, number];
  readonly padding: readonly [number, number, number, number];
  readonly n: number;
}

/** Below, at and above the 4x4 tile, the 8-channel tile and the block of tiles; odd sides, each padding, batch 1. */
const cases: Case[] = [
  { size: [4, 4], channels: [16, 16], padding: [1, 1, 1, 1], n: 1 },
  { size: [8, 8], channels: [16, 24], padding: [1, 1, 1, 1], n: 5 },
  { size: [13, 13], channels: [32, 64], padding: [0, 0, 0, 0], n: 3 },
  { size: [9, 15], channels: [24, 16], padding: [1, 1, 1, 1], n: 2 },
  { size: [12, 11], channels: [16, 16], padding: [0, 2, 1, 0], n: 2 },
  { size: [14, 14], channels: [16, 40], padding: [2, 2, 2, 2], n: 1 },
  // The last tiles each way hold two outputs, or one.
  { size: [10, 14], channels: [16, 24], padding: [1, 1, 1, 1], n: 6 },
  { size: [11, 15], channels: [32, 16], padding: [0, 0, 0, 0], n: 9 },
  { size: [32, 32], channels: [16, 16], padding: [1, 1, 1, 1], n: 2 },
  // Many channels on few tiles, whose weight gradient is summed over the whole batch at once.
  { size: [4, 4], channels: [64, 72], padding: [1, 1, 1, 1], n: 3 },
  { size: [11, 9], channels: [104, 48], padding: [1, 0, 1, 1], n: 2 },
];

function build({ size, channels: [inputs, outputs], padding }: Case): {
  graph: Graph;
  sources: Value[];
  results: Value[];
} {
  const graph = new Graph();
  const x = graph.source('input', 'x', { shape: [...size, inputs] });
  const weight = graph.source('input', 'weight', { shape: [3, 3, inputs, outputs], batched: false });
  const bias = graph.source('input', 'bias', { shape: [outputs], batched: false });
  const [y] = graph.apply(conv2d, [x, weight, bias], { padding }, 'y');
  const gradient = graph.source('input', 'gradient', { shape: y.shape });
  const [gradX] = graph.apply(
    conv2dBackwardInput,
    [gradient, weight],
    { padding, inputShape: x.shape, kernelSize: [3, 3] },
    'gradX',
  );
  const [gradWeight] = graph.apply(conv2dBackwardWeight, [x, gradient], { padding, kernelSize: [3, 3] }, 'gradWeight');
  return { graph, sources: [x, weight, bias, gradient], results: [y, gradX, gradWeight] };
}

describe('Winograd convolution', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine({ threads: 2, inlineWork: 0, poison: true });
  });
  afterAll(() => engine.dispose());

  it.each(cases)('agrees with float64: $size, channels $channels, padding $padding, batch $n', async (one) => {
    const { graph, sources, results } = build(one);
    const kernels = compilePlan(graph, { capacity: one.n, outputs: results }).calls.map(({ kernel }) => kernel);
    expect(kernels.filter((kernel) => !kernel.includes('winograd'))).toEqual([]);
    const random = new RandomStream(one.n, 'sample', one.size[0]);
    const data = sources.map((value) =>
      Float32Array.from({ length: elementCount(value, one.n) }, () => random.uniform() - 0.5),
    );
    const program = await engine.compile(graph, { capacity: one.n + 2, outputs: results });
    sources.forEach((value, i) => {
      program.write(value, data[i]);
    });
    await program.run(one.n);
    const expected = new Map(sources.map((value, i) => [value, Float64Array.from(data[i])]));
    evaluateReference(graph, one.n, expected);
    for (const value of results) {
      const truth = expected.get(value) as Float64Array;
      const rms = Math.sqrt(truth.reduce((sum, v) => sum + v * v, 0) / truth.length);
      const got = program.read(value);
      let worst = 0;
      truth.forEach((v, i) => {
        worst = Math.max(worst, Number.isNaN(got[i]) ? Number.POSITIVE_INFINITY : Math.abs(got[i] - v));
      });
      expect(worst / rms).toBeLessThan(6e-5);
    }
  });

  // Without fusing, each gradient has its kernel, and one of pooled results is spread first.
  const together: readonly (Case & { readonly pooled?: boolean })[] = [
    ...cases.filter(({ channels: [inputs, outputs] }) => inputs * outputs <= 32 * 32),
    { size: [13, 15], channels: [16, 32], padding: [0, 0, 0, 0], n: 19 },
    { size: [14, 14], channels: [16, 16], padding: [3, 0, 5, 1], n: 2 },
    { size: [10, 16], channels: [24, 16], padding: [1, 1, 1, 1], n: 21, pooled: true },
    { size: [11, 15], channels: [32, 32], padding: [0, 0, 1, 1], n: 3, pooled: true },
  ];
  it.each(together)(
    'gives the same bits computing both gradients at once: $size, channels $channels, batch $n',
    async (one) => {
      const { graph, sources, results } = build(one);
      const [x, weight] = sources;
      const [y] = results;
      const [of] = one.pooled ? graph.apply(maxPool2d, [y], { kernelSize: [2, 2], stride: [2, 2] }) : [y];
      const seed = graph.source('input', 'seed', { shape: of.shape });
      const outputs = [...differentiate(graph, { of, seed, wanted: [x, weight] }).values()];
      const random = new RandomStream(one.n, 'sample', one.size[1]);
      const given = [...sources, seed];
      const data = given.map((value) =>
        Float32Array.from({ length: elementCount(value, one.n) }, () => random.uniform() - 0.5),
      );
      const run = async (fuse: boolean): Promise<Float32Array[]> => {
        // A partial batch: a last part without images, or with fewer.
        const options = { capacity: one.n + 2, outputs, fuse };
        expect(compilePlan(graph, options).steps.filter(({ joined }) => joined)).toHaveLength(fuse ? 1 : 0);
        const program = await engine.compile(graph, options);
        given.forEach((value, i) => {
          program.write(value, data[i]);
        });
        await program.run(one.n);
        return outputs.map((value) => program.read(value).slice() as Float32Array);
      };
      const [apart, joined] = [await run(false), await run(true)];
      for (const i of outputs.keys()) {
        expect(apart[i].some((value) => value !== 0)).toBe(true);
        expect(Buffer.from(joined[i].buffer).equals(Buffer.from(apart[i].buffer))).toBe(true);
      }
    },
  );

  // Then the last tiles may hold two outputs or one each way, which take fewer products.
  it.each([
    [13, 13],
    [12, 16],
    [18, 12],
    [11, 15],
    [8, 8],
  ])('agrees with float64 in evaluation, pooled and not: %i x %i', async (height, width) => {
    const graph = new Graph();
    const x = graph.source('input', 'x', { shape: [height, width, 16] });
    const weight = graph.source('input', 'weight', { shape: [3, 3, 16, 24], batched: false });
    const [sums] = graph.apply(conv2d, [x, weight], { padding: [0, 0, 0, 0] });
    const [pooled] = graph.apply(maxPool2d, [sums], { kernelSize: [2, 2], stride: [2, 2] });
    const random = new RandomStream(height, 'sample', width);
    const data = [x, weight].map((value) =>
      Float32Array.from({ length: elementCount(value, 5) }, () => random.uniform() - 0.5),
    );
    const expected = new Map([x, weight].map((value, i) => [value, Float64Array.from(data[i])]));
    evaluateReference(graph, 5, expected);
    for (const result of [pooled, sums]) {
      expect(compilePlan(graph, { capacity: 5, outputs: [result] }).steps).toHaveLength(1);
      const program = await engine.compile(graph, { capacity: 5, outputs: [result] });
      [x, weight].forEach((value, i) => {
        program.write(value, data[i]);
      });
      await program.run(5);
      const got = program.read(result);
      (expected.get(result) as Float64Array).forEach((truth, i) => {
        expect(Math.abs(got[i] - truth)).toBeLessThan(1e-4);
      });
    }
  });

  it('is not used where it would not pay, nor when told to be direct', () => {
    const kernelsOf = (one: Case, algorithm: 'auto' | 'direct' = 'auto'): string => {
      const { graph, results } = build(one);
      return compilePlan(graph, { capacity: 4, outputs: results, algorithm })
        .calls.map(({ kernel }) => kernel)
        .join(' ');
    };
    expect(kernelsOf(cases[1])).toMatch(/winograd/);
    expect(kernelsOf(cases[1], 'direct')).not.toMatch(/winograd/);
    expect(kernelsOf({ ...cases[1], channels: [8, 16] })).not.toMatch(/winograd/);
    expect(kernelsOf({ ...cases[1], channels: [17, 16] })).not.toMatch(/winograd/);
    expect(kernelsOf({ ...cases[1], size: [5, 5] })).not.toMatch(/winograd/);
  });
});
