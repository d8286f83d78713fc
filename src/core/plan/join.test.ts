import { describe, expect, it } from 'vitest';
import { differentiate } from '../autodiff/differentiate.ts';
import { Graph, type Value } from '../graph/graph.ts';
import { add } from '../ops/add.ts';
import { conv2d } from '../ops/conv2d.ts';
import { compilePlan } from './compile.ts';
import type { Step } from './fuse.ts';

/** Two convolutions of one picture whose results are added: both read the same gradient. */
function twoConvolutions(channels: readonly [number, number], paddings: readonly number[]) {
  const graph = new Graph();
  const x = graph.source('input', 'x', { shape: [8, 8, channels[0]] });
  const weights = paddings.map((_, i) =>
    graph.source('parameter', `w${i}`, { shape: [3, 3, ...channels], batched: false }),
  );
  const results = weights.map(
    (weight, i) => graph.apply(conv2d, [x, weight], { padding: Array(4).fill(paddings[i]) }, `conv${i}`)[0],
  );
  const [of] = results.length > 1 ? graph.apply(add, results) : results;
  const gradients = differentiate(graph, { of, wanted: [x, ...weights] });
  return { graph, outputs: [...gradients.values()] };
}

const pairsOf = (graph: Graph, outputs: readonly Value[], changes: { fuse?: boolean; algorithm?: 'direct' } = {}) =>
  compilePlan(graph, { capacity: 4, outputs: [...outputs], ...changes })
    .steps.filter(({ joined }) => joined)
    .map(({ node, joined }: Step) => `${node.name} with ${joined?.node.name}`);

describe('joinSteps', () => {
  it('computes both gradients of a convolution in one step', () => {
    const { graph, outputs } = twoConvolutions([16, 24], [1]);
    expect(pairsOf(graph, outputs)).toEqual(['conv0.gradWeight with conv0.gradInput']);
    const { steps, calls } = compilePlan(graph, { capacity: 4, outputs });
    const pair = steps.findIndex(({ joined }) => joined);
    expect(steps[pair].outputs.map(({ name }) => name).sort()).toEqual(['conv0.gradInput', 'conv0.gradWeight']);
    const kernels = calls.filter(({ step }) => step === pair).map(({ kernel }) => kernel);
    expect(kernels.filter((kernel) => kernel === 'conv2d_backward_winograd')).toHaveLength(1);
  });

  it('pairs each convolution with itself where two read the same gradient', () => {
    const { graph, outputs } = twoConvolutions([16, 24], [1, 1]);
    expect(pairsOf(graph, outputs).sort()).toEqual([
      'conv0.gradWeight with conv0.gradInput',
      'conv1.gradWeight with conv1.gradInput',
    ]);
  });

  it('leaves alone what does not suit: other algorithms, many channels, one gradient, a plan without fusing', () => {
    const { graph, outputs } = twoConvolutions([16, 24], [1]);
    expect(pairsOf(graph, outputs, { algorithm: 'direct' })).toEqual([]);
    expect(pairsOf(graph, outputs, { fuse: false })).toEqual([]);
    expect(pairsOf(graph, outputs.slice(0, 1))).toEqual([]);
    expect(pairsOf(graph, outputs.slice(1))).toEqual([]);
    const many = twoConvolutions([64, 64], [1]);
    expect(pairsOf(many.graph, many.outputs)).toEqual([]);
    const few = twoConvolutions([8, 16], [1]);
    expect(pairsOf(few.graph, few.outputs)).toEqual([]);
  });
});
