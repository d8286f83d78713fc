import { describe, expect, it } from 'vitest';
import { Graph } from '../graph/graph.ts';
import { add, linear, multiply, relu } from '../ops/index.ts';
import { emaUpdate } from '../optimizers/index.ts';
import { createReferenceEngine } from './reference.ts';

describe('the reference engine', () => {
  it('runs any batch up to its capacity, and shares parameters between programs by name', async () => {
    const engine = createReferenceEngine();
    const graph = new Graph();
    const x = graph.source('input', 'x', { shape: [2] });
    const weight = graph.source('parameter', 'w', { shape: [2, 1] });
    const [product] = graph.apply(linear, [x, weight]);
    const [y] = graph.apply(relu, [product]);
    const program = await engine.compile(graph, { capacity: 3, outputs: [y] });
    const other = await engine.compile(graph, { capacity: 1, outputs: [y] });
    expect(engine.persistentNames()).toEqual(['w']);
    expect([...engine.readPersistent('w')]).toEqual([0, 0]);
    engine.writePersistent('w', Float32Array.of(1, 10));
    program.write(x, Float32Array.of(1, 2, 3, 4, -5, -6));
    await program.run(3);
    expect([...program.read(y)]).toEqual([21, 43, 0]);
    program.write(x, Float32Array.of(7, 8));
    await program.run(1);
    expect([...program.read(y)]).toEqual([87]);
    await program.run(2);
    expect([...program.read(y)]).toEqual([87, 43]);
    other.write(x, Float32Array.of(2, 1));
    await other.run(1);
    expect([...other.read(y)]).toEqual([12]);
  });

  it('keeps what ops write into persistent values', async () => {
    const engine = createReferenceEngine();
    const graph = new Graph();
    const average = graph.source('state', 'a', { shape: [1] });
    const parameter = graph.source('parameter', 'p', { shape: [1] });
    const shares = graph.source('parameter', 's', { shape: [2] });
    graph.apply(emaUpdate, [average, parameter, shares]);
    const program = await engine.compile(graph, { capacity: 1, outputs: [] });
    engine.writePersistent('p', Float32Array.of(8));
    engine.writePersistent('s', Float32Array.of(0.5, 0.5));
    await program.run(1);
    await program.run(1);
    expect([...engine.readPersistent('a')]).toEqual([6]);
  });

  it('computes in float64, or rounds after each op when asked', async () => {
    const result = async (roundToFloat32: boolean): Promise<number> => {
      const engine = createReferenceEngine({ roundToFloat32 });
      const graph = new Graph();
      const x = graph.source('input', 'x', { shape: [1] });
      const negative = graph.source('input', 'negative', { shape: [1] });
      const [square] = graph.apply(multiply, [x, x]);
      const [y] = graph.apply(add, [square, negative]);
      const program = await engine.compile(graph, { capacity: 1, outputs: [y] });
      program.write(x, Float32Array.of(4097));
      program.write(negative, Float32Array.of(-16785408));
      await program.run(1);
      return program.read(y)[0];
    };
    // 4097² = 16785409 needs 25 bits; float32 has 24.
    expect(await result(true)).toBe(0);
    expect(await result(false)).toBe(1);
  });

  it('refuses wrong sizes, unknown names and inputs that were never written', async () => {
    const engine = createReferenceEngine();
    const graph = new Graph();
    const x = graph.source('input', 'x', { shape: [2] });
    const [y] = graph.apply(relu, [x]);
    const program = await engine.compile(graph, { capacity: 1, outputs: [y] });
    await expect(program.run(1)).rejects.toThrow(/'x' was never written/);
    await expect(program.run(2)).rejects.toThrow(/capacity 1/);
    expect(() => program.write(x, new Float32Array(3))).toThrow(/holds 2/);
    expect(() => program.write(y, new Float32Array(2))).toThrow(/no input/);
    expect(() => engine.readPersistent('nothing')).toThrow(/no value/);
  });
});
