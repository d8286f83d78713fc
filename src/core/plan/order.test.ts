import { describe, expect, it } from 'vitest';
import type { Value } from '../graph/graph.ts';
import { buildPreset, presets } from '../model/presets/index.ts';
import { buildTraining } from '../train/programs.ts';
import { neededNodes } from './compile.ts';
import { fuse, type Step } from './fuse.ts';
import { joinSteps } from './join.ts';
import { lowerings } from './lowerings/index.ts';
import { orderForMemory } from './order.ts';

function stepsOf(preset: string): Step[] {
  const model = buildPreset(preset, { input: [32, 32, 3], classes: 10 });
  const recipe = { model, optimizer: { type: 'sgd', momentum: 0.9 }, loss: { type: 'softmaxCrossEntropy' } };
  const built = buildTraining(recipe, { mean: [0, 0, 0], std: [1, 1, 1] });
  const pinned = new Set([built.model.logits, built.losses]);
  const loweringOf = (op: string) => lowerings.get(op);
  return joinSteps(fuse(neededNodes(built.model.graph, pinned), pinned, loweringOf), loweringOf);
}

/** For every read of a value: which writes of it came before. */
function writesSeen(steps: readonly Step[]): Map<string, string[]> {
  const writers = new Map<Value, string[]>();
  const seen = new Map<string, string[]>();
  for (const { node, inputs, outputs } of steps) {
    for (const value of inputs) seen.set(`${node.name} reads ${value.name}`, [...(writers.get(value) ?? [])]);
    const changed = (node.op.mutates ?? []).flatMap((i) => node.inputs[i] ?? []);
    for (const value of [...outputs, ...changed]) writers.set(value, [...(writers.get(value) ?? []), node.name]);
  }
  return seen;
}

describe('orderForMemory', () => {
  it.each(presets.map(({ name }) => name))('lets every step of %s read what it read before', (preset) => {
    const steps = stepsOf(preset);
    const ordered = orderForMemory(steps);
    expect(new Set(ordered)).toEqual(new Set(steps));
    expect(ordered).toHaveLength(steps.length);
    expect(writesSeen(ordered)).toEqual(writesSeen(steps));
  });

  it('computes a weight gradient before the input gradient, and updates as soon as the old weight is read', () => {
    const names = orderForMemory(stepsOf('mnist-cnn')).map(({ node }) => node.name);
    const place = (name: string): number => {
      expect(names).toContain(name);
      return names.indexOf(name);
    };
    expect(place('conv2.gradWeight')).toBeLessThan(place('conv2.gradInput'));
    expect(place('conv2.weight.update')).toBe(place('conv2.gradInput') + 1);
    expect(place('fc1.weight.update')).toBeLessThan(place('conv2.gradWeight'));
  });
});
