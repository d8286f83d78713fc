import { describe, expect, it } from 'vitest';
import { createReferenceEngine } from '../../src/core/backend/reference.ts';
import { Graph } from '../../src/core/graph/graph.ts';
import { multiplyAddPeak } from '../../src/core/ops/peak.ts';
import { winogradProducts } from '../../src/core/ops/winogradProducts.ts';
import { bench } from '../../src/core/workbench/bench/bench.ts';
import { nodeAdapters } from '../../src/node/adapters.ts';
import { createEngine } from '../../src/node/engine.ts';

describe('the peak', () => {
  it('is a product that is computed in full', async () => {
    const engine = await createEngine({ threads: 2, inlineWork: 0, poison: true });
    const results: Float32Array[] = [];
    for (const on of [engine, createReferenceEngine()]) {
      const graph = new Graph();
      const x = graph.source('input', 'x', { shape: [4, 20], batched: false });
      const w = graph.source('input', 'w', { shape: [20, 8], batched: false });
      const outputs = graph.apply(multiplyAddPeak, [x, w], { repeats: 3 });
      const program = await on.compile(graph, { capacity: 5, outputs });
      program.write(
        x,
        Float32Array.from({ length: 80 }, (_, i) => (i % 7) - 3),
      );
      program.write(
        w,
        Float32Array.from({ length: 160 }, (_, i) => (i % 11) / 8 - 0.5),
      );
      await program.run(5);
      results.push(program.read(outputs[0]));
    }
    await engine.dispose();
    // Small multiples of 1/8: exact in any order.
    expect(results[0]).toEqual(results[1]);
    expect(results[0]).toHaveLength(5 * 32);
    expect(new Set(results[0]).size).toBeGreaterThan(10);
    expect(multiplyAddPeak.macs?.({ inputs: [{ shape: [4, 20] }], attributes: { repeats: 3 } } as never)).toBe(1920);
  });
});

describe('the products of Winograd', () => {
  it('are computed in full, also for tiles that are no multiple of 4', async () => {
    const engine = await createEngine({ threads: 2, inlineWork: 0, poison: true });
    const results: Float32Array[] = [];
    for (const on of [engine, createReferenceEngine()]) {
      const graph = new Graph();
      const v = graph.source('input', 'v', { shape: [36, 6, 12] });
      const u = graph.source('input', 'u', { shape: [36, 2, 12, 8], batched: false });
      const outputs = graph.apply(winogradProducts, [v, u], { repeats: 2 });
      const program = await on.compile(graph, { capacity: 3, outputs });
      program.write(
        v,
        Float32Array.from({ length: 3 * 36 * 6 * 12 }, (_, i) => (i % 7) - 3),
      );
      program.write(
        u,
        Float32Array.from({ length: 36 * 2 * 12 * 8 }, (_, i) => (i % 11) / 8 - 0.5),
      );
      await program.run(3);
      results.push(program.read(outputs[0]));
    }
    await engine.dispose();
    expect(results[0]).toEqual(results[1]);
    expect(results[0]).toHaveLength(3 * 36 * 6 * 16);
    expect(new Set(results[0]).size).toBeGreaterThan(10);
  });
});

describe('bench', () => {
  it('measures peak, kernels, presets and threads, and disposes of every engine', async () => {
    let open = 0;
    const threads: (number | undefined)[] = [];
    const adapters: typeof nodeAdapters = {
      ...nodeAdapters,
      async createEngine(options) {
        const engine = await nodeAdapters.createEngine(options);
        open++;
        threads.push(options.threads);
        const dispose = engine.dispose.bind(engine);
        engine.dispose = () => {
          open--;
          return dispose();
        };
        return engine;
      },
    };
    const told: [string, number][] = [];
    const request = { threads: 2, seconds: 0.02, preset: 'lenet5' };
    const report = await bench(adapters, request, { onProgress: (what, share) => void told.push([what, share]) });
    expect(open).toBe(0);
    expect(threads).toEqual([2, 1, 2, 1, 2]);
    expect(report).toMatchObject({ threads: 2, seconds: 0.02, environment: nodeAdapters.environment });
    expect(report.peak.oneThread).toBeGreaterThan(0);
    for (const figure of report.kernels) {
      expect(figure.gflops).toBeGreaterThan(0);
      expect(figure.share).toBeCloseTo(figure.gflops / report.peak.allThreads, 10);
      expect(figure.kernels.some((name) => name.includes('winograd'))).toBe(figure.method !== 'direct');
    }
    // Each pass of a layer that Winograd suits is there twice, to compare.
    const ways = report.kernels.filter(({ layer }) => layer === 'conv 3x3, 32 to 32 channels, 16x16');
    expect(ways.map(({ pass, method }) => `${pass} ${method}`)).toEqual([
      'forward winograd',
      'forward direct',
      'backwardInput winograd',
      'backwardInput direct',
      'backwardWeight winograd',
      'backwardWeight direct',
    ]);
    const names = new Set(report.kernels.map(({ layer }) => layer.replace(/,.*/, '')));
    expect([...names]).toEqual(['conv 3x3', 'conv 1x1', 'depthwise 3x3', 'linear', 'products of Winograd']);
    expect(report.presets).toHaveLength(1);
    expect(report.presets[0]).toMatchObject({ preset: 'lenet5', input: [28, 28, 1], batch: 64 });
    expect(report.presets[0].trainingImagesPerSecond).toBeGreaterThan(0);
    expect(report.scaling.preset).toBe('lenet5');
    expect(report.scaling.figures.map((figure) => figure.threads)).toEqual([1, 2]);
    expect(report.scaling.figures[0].speedup).toBe(1);
    const progress = told.map(([, share]) => share);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBeCloseTo(1);
  });

  it('refuses what is no preset and no time', async () => {
    await expect(bench(nodeAdapters, { preset: 'lenet6' })).rejects.toThrow(/Did you mean 'lenet5'/);
    await expect(bench(nodeAdapters, { seconds: 0 })).rejects.toThrow(/Expected a number above 0 for option 'seconds'/);
  });

  it('stops when aborted', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(bench(nodeAdapters, { threads: 1, seconds: 1 }, { signal })).rejects.toThrow('enough');
  });
});
