import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../node/engine.ts';
import { differentiate } from '../autodiff/differentiate.ts';
import type { Engine } from '../backend/backend.ts';
import { elementCount, Graph, type Value } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { add, conv2d, maxPool2d, relu, relu6 } from '../ops/index.ts';
import { RandomStream } from '../random.ts';
import { compilePlan } from './compile.ts';

interface Case {
  readonly size: readonly [number, number];
  readonly channels: readonly [number, number];
  readonly activation: Op;
  readonly pool?: { readonly kernelSize: readonly number[]; readonly stride: readonly number[] };
}

/** Thin, direct with left-over channels, Winograd; even and odd sides; windows side by side and overlapping. */
const cases: readonly Case[] = [
  { size: [12, 12], channels: [1, 32], activation: relu },
  { size: [9, 8], channels: [3, 13], activation: relu },
  { size: [9, 11], channels: [9, 18], activation: relu6 },
  { size: [13, 13], channels: [16, 24], activation: relu },
  { size: [12, 10], channels: [16, 16], activation: relu6 },
  { size: [13, 13], channels: [16, 16], activation: relu, pool: { kernelSize: [3, 3], stride: [2, 2] } },
];
const halving = { kernelSize: [2, 2], stride: [2, 2] };

/** conv2d, activation, pooling, and the gradients by the pixels, the weight and the bias. */
function build({ size, channels: [inputs, outputs], activation, pool = halving }: Case, twice = false) {
  const graph = new Graph();
  const x = graph.source('input', 'x', { shape: [...size, inputs] });
  const weight = graph.source('input', 'weight', { shape: [3, 3, inputs, outputs], batched: false });
  const bias = graph.source('input', 'bias', { shape: [outputs], batched: false });
  const [sum] = graph.apply(conv2d, [x, weight, bias], {}, 'conv');
  const [result] = graph.apply(activation, [sum], {}, 'activation');
  const [pooled] = graph.apply(maxPool2d, [result], pool, 'pool');
  const of = twice ? graph.apply(add, [pooled, graph.apply(maxPool2d, [result], pool, 'again')[0]])[0] : pooled;
  const seed = graph.source('input', 'seed', { shape: of.shape });
  const sources = [x, weight, bias, seed];
  const gradients = differentiate(graph, { of, seed, wanted: [x, weight, bias] });
  return { graph, sources, result, outputs: [of, ...gradients.values()] };
}

const n = 5;
/** Few values, so that many are equal; now and then NaN. */
function tied(value: Value, k: number): Float32Array {
  const random = new RandomStream(k, 'sample');
  return Float32Array.from({ length: elementCount(value, n) }, () => (random.below(7) - 3) / 2);
}

describe('a pooling of an activation', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await createEngine({ threads: 2, inlineWork: 0, poison: true });
  });
  afterAll(() => engine.dispose());

  async function run(given: ReturnType<typeof build>, fuse: boolean, nan = false): Promise<Float32Array[]> {
    const { graph, sources, outputs } = given;
    const program = await engine.compile(graph, { capacity: n + 2, outputs, fuse });
    sources.forEach((source, k) => {
      const data = tied(source, k);
      if (nan && k === 0) data[data.length >> 1] = Number.NaN;
      program.write(source, data);
    });
    await program.run(n);
    return outputs.map((output) => program.read(output));
  }

  it.each(cases)('gives the same bits when its activation is never stored: $size, $channels', async (one) => {
    for (const nan of [false, true]) {
      const given = build(one);
      const [fused, apart] = [await run(given, true, nan), await run(given, false, nan)];
      fused.forEach((data, i) => {
        // A zero's sign may differ: it follows what was added to it, 0 or nothing.
        expect(data.every((v, k) => v === apart[i][k] || (Number.isNaN(v) && Number.isNaN(apart[i][k])))).toBe(true);
        expect(data.some((v) => v !== 0)).toBe(true);
      });
    }
  });

  it('keeps the activation where somebody asks for it or reads it too', async () => {
    const [one] = cases;
    const placed = ({ graph, outputs, result }: ReturnType<typeof build>, more: readonly Value[] = []): boolean =>
      compilePlan(graph, { capacity: n, outputs: [...outputs, ...more] }).places.has(result);
    const given = build(one);
    expect(placed(given)).toBe(false);
    expect(placed(given, [given.result])).toBe(true);
    const twice = build(one, true);
    expect(placed(twice)).toBe(true);
    const [fused, apart] = [await run(twice, true), await run(twice, false)];
    expect(fused).toEqual(apart);
  });
});
