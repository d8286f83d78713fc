import { describe, expect, it } from 'vitest';
import { evaluateReference } from '../backend/reference.ts';
import { Graph, type Value } from '../graph/graph.ts';
import { add, conv2d, multiply, relu, softmaxCrossEntropy, tanh } from '../ops/index.ts';
import { differentiate } from './differentiate.ts';

const scalar = (graph: Graph, name: string): Value => graph.source('input', name, { shape: [1] });

function evaluate(graph: Graph, given: [Value, number[]][], asked: Value): number[] {
  const values = new Map(given.map(([value, data]) => [value, Float64Array.from(data)]));
  evaluateReference(graph, 1, values);
  return [...values.get(asked)!];
}

describe('differentiate', () => {
  it('adds the gradients of all consumers: d(x·x + x·y + x)/dx = 2x + y + 1', () => {
    const graph = new Graph();
    const [x, y] = [scalar(graph, 'x'), scalar(graph, 'y')];
    const [square] = graph.apply(multiply, [x, x]);
    const [product] = graph.apply(multiply, [x, y]);
    const [partial] = graph.apply(add, [square, product]);
    const [of] = graph.apply(add, [partial, x]);
    const gradients = differentiate(graph, { of, wanted: [x, y] });
    expect(
      evaluate(
        graph,
        [
          [x, [3]],
          [y, [5]],
        ],
        gradients.get(x)!,
      ),
    ).toEqual([12]);
    expect(
      evaluate(
        graph,
        [
          [x, [3]],
          [y, [5]],
        ],
        gradients.get(y)!,
      ),
    ).toEqual([3]);
  });

  it('starts from the seed, and from an intermediate value', () => {
    const graph = new Graph();
    const x = scalar(graph, 'x');
    const seed = scalar(graph, 'seed');
    const [middle] = graph.apply(multiply, [x, x]);
    graph.apply(tanh, [middle]);
    const gradient = differentiate(graph, { of: middle, seed, wanted: [x] }).get(x)!;
    expect(
      evaluate(
        graph,
        [
          [x, [3]],
          [seed, [10]],
        ],
        gradient,
      ),
    ).toEqual([60]);
  });

  it('gives the gradient of an intermediate value (Grad-CAM), and of `of` itself', () => {
    const graph = new Graph();
    const x = scalar(graph, 'x');
    const [middle] = graph.apply(relu, [x]);
    const [of] = graph.apply(multiply, [middle, middle]);
    const gradients = differentiate(graph, { of, wanted: [middle, of] });
    expect(evaluate(graph, [[x, [3]]], gradients.get(middle)!)).toEqual([6]);
    expect(evaluate(graph, [[x, [3]]], gradients.get(of)!)).toEqual([1]);
  });

  it('leaves out a value that does not reach `of`, and works only on the way to it', () => {
    const graph = new Graph();
    const [x, y] = [scalar(graph, 'x'), scalar(graph, 'y')];
    const [of] = graph.apply(multiply, [x, y]);
    const [elsewhere] = graph.apply(tanh, [x]);
    const before = graph.nodes.length;
    const gradients = differentiate(graph, { of, wanted: [y, elsewhere] });
    expect([...gradients.keys()]).toEqual([y]);
    // The constant 1 and one product; none for x, which nobody asked for.
    expect(graph.nodes.slice(before).map((node) => node.op.name)).toEqual(['constant', 'multiply']);
  });

  it('computes no gradient by the pixels of a first layer and none by labels', () => {
    const graph = new Graph();
    const x = graph.source('input', 'x', { shape: [1, 1, 4] });
    const weight = graph.source('parameter', 'w', { shape: [1, 1, 4, 3] });
    const labels = graph.source('input', 'labels', { shape: [], type: 'int32' });
    const [y] = graph.apply(conv2d, [x, weight], {}, 'conv1');
    const logits = graph.source('input', 'logits', { shape: [3] });
    const [loss] = graph.apply(softmaxCrossEntropy, [logits, labels], { reduction: 'mean' });
    differentiate(graph, { of: y, wanted: [weight] });
    expect(graph.nodes.map((node) => node.name)).toContain('conv1.gradWeight');
    expect(graph.nodes.map((node) => node.name)).not.toContain('conv1.gradInput');
    expect([...differentiate(graph, { of: loss, wanted: [logits, labels] }).keys()]).toEqual([logits]);
  });

  it('refuses a seed of another type', () => {
    const graph = new Graph();
    const x = scalar(graph, 'x');
    const seed = graph.source('input', 'seed', { shape: [2] });
    const [of] = graph.apply(tanh, [x]);
    expect(() => differentiate(graph, { of, seed, wanted: [x] })).toThrow(/seed/);
  });
});
