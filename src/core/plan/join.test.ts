import { describe, expect, it } from 'vitest';
import { differentiate } from '../autodiff/differentiate.ts';
import { Graph, type Value } from '../graph/graph.ts';
import { completeOptions } from '../layers/options.ts';
import { add } from '../ops/add.ts';
import { conv2d, conv2dBackwardInput, conv2dBackwardWeight } from '../ops/conv2d.ts';
import { updateAttributes } from '../optimizers/index.ts';
import { sgd } from '../optimizers/sgd.ts';
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

  it('does not join over an update of the weight that the later one reads', () => {
    const joinedWith = (updates: boolean): string[] => {
      const graph = new Graph();
      const x = graph.source('input', 'x', { shape: [8, 8, 16] });
      const gradient = graph.source('input', 'gradient', { shape: [8, 8, 24] });
      const weight = graph.source('parameter', 'w', { shape: [3, 3, 16, 24], batched: false });
      const sizes = { padding: [1, 1, 1, 1], kernelSize: [3, 3] };
      const [byWeight] = graph.apply(conv2dBackwardWeight, [x, gradient], sizes, 'byWeight');
      const settings = completeOptions(sgd, { momentum: 0 }, 'sgd');
      const scalars = graph.source('input', 'scalars', {
        shape: [sgd.scalars(settings, 0.1, 1).length],
        batched: false,
      });
      if (updates) graph.apply(sgd.update, [weight, byWeight, scalars], updateAttributes(settings, true), 'w.update');
      const shared = { ...sizes, inputShape: x.shape };
      const [byInput] = graph.apply(conv2dBackwardInput, [gradient, weight], shared, 'byInput');
      return pairsOf(graph, [byWeight, byInput]);
    };
    expect(joinedWith(false)).toEqual(['byWeight with byInput']);
    expect(joinedWith(true)).toEqual([]);
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
