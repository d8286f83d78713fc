import { describe, expect, it } from 'vitest';
import { Graph, type Value } from '../graph/graph.ts';
import { batchNorm, conv2d, relu, silu } from '../ops/index.ts';
import { differentiate } from './differentiate.ts';

const window = { kernelSize: [1, 1], stride: [1, 1], padding: [0, 0, 0, 0], dilation: [1, 1], groups: 1 };

/** Names of what the backward pass computes again, in order. */
function againOf(build: (graph: Graph, x: Value) => Value, recompute: boolean): string[] {
  const graph = new Graph();
  const of = build(graph, graph.source('input', 'x', { shape: [4, 4, 2] }));
  const wanted = graph.values.filter(({ role }) => role === 'parameter');
  differentiate(graph, { of, wanted, recompute });
  const names = graph.nodes.map(({ name }) => name);
  const again = names.filter((name) => name.endsWith('.again'));
  // All of it stands behind the forward pass.
  expect(again.every((name) => names.indexOf(name) > of.node!.id)).toBe(true);
  return again;
}

const conv = (graph: Graph, x: Value, name: string): Value =>
  graph.apply(conv2d, [x, graph.source('parameter', `${name}.weight`, { shape: [1, 1, 2, 2] })], window, name)[0];

function norm(graph: Graph, x: Value): Value {
  const vector = (name: string): Value => graph.source('buffer', name, { shape: [2] });
  return graph.apply(batchNorm, [x, vector('mean'), vector('var')], { eps: 1e-5, momentum: 0.1 }, 'norm')[0];
}

describe('recomputation', () => {
  it('computes a norm and its activation again from what is kept', () => {
    const build = (graph: Graph, x: Value): Value =>
      conv(graph, graph.apply(relu, [norm(graph, conv(graph, x, 'conv1'))], {}, 'relu')[0], 'conv2');
    expect(againOf(build, true)).toEqual(['norm.again', 'relu.again']);
    expect(againOf(build, false)).toEqual([]);
  });

  it('leaves a relu behind a convolution alone: the sum before it would have to be kept instead', () => {
    const build = (graph: Graph, x: Value): Value =>
      conv(graph, graph.apply(relu, [conv(graph, x, 'conv1')], {}, 'relu')[0], 'conv2');
    expect(againOf(build, true)).toEqual([]);
  });

  it('computes an activation again whose input is kept for its gradient anyway', () => {
    const build = (graph: Graph, x: Value): Value =>
      conv(graph, graph.apply(silu, [conv(graph, x, 'conv1')], {}, 'silu')[0], 'conv2');
    expect(againOf(build, true)).toEqual(['silu.again']);
  });
});
