import { describe, expect, it } from 'vitest';
import { evaluateReference } from '../backend/reference.ts';
import { Graph, type Value } from '../graph/graph.ts';
import type { OptionValues } from '../layers/layer.ts';
import { type Optimizer, optimizerOps, optimizers, sgd, updateAttributes } from './index.ts';

/** One update of a parameter [size]; returns parameter and states after it. */
function update(
  optimizer: Optimizer,
  options: OptionValues,
  given: { parameter: number[]; gradient: number[]; states: number[][] },
) {
  const graph = new Graph();
  const shape = [given.parameter.length];
  const values = new Map<Value, Float64Array>();
  const add = (role: 'parameter' | 'input' | 'state', name: string, data: readonly number[]): Value => {
    const value = graph.source(role, name, { shape: [data.length], batched: false });
    values.set(value, Float64Array.from(data));
    return value;
  };
  const parameter = add('parameter', 'p', given.parameter);
  const gradient = add('input', 'g', given.gradient);
  const scalars = add('input', 's', optimizer.scalars(options, 0.1, 2));
  const states = optimizer
    .states(options)
    .map((name, i) => add('state', name, given.states[i] ?? new Array(shape[0]).fill(0)));
  expect(graph.apply(optimizer.update, [parameter, gradient, scalars, ...states], options)).toEqual([]);
  evaluateReference(graph, 1, values);
  return { parameter: [...values.get(parameter)!], states: states.map((state) => [...values.get(state)!]) };
}

const defaults = (optimizer: Optimizer): OptionValues =>
  Object.fromEntries(Object.entries(optimizer.options).map(([name, option]) => [name, option.default!]));

describe('optimizers', () => {
  it('have names and options of their own, each with a default', () => {
    expect(optimizers.map(({ name }) => name)).toEqual(['sgd', 'adam', 'adamw', 'rmsprop', 'lion', 'muon']);
    expect(new Set(optimizerOps.map(({ name }) => name)).size).toBe(optimizerOps.length);
    for (const { options } of optimizers) {
      expect('weightDecay' in options).toBe(true);
      for (const option of Object.values(options)) expect(option.default).toBeDefined();
    }
  });

  it('write 0 into states below 1e-30: denormal numbers are slow', () => {
    for (const optimizer of optimizers) {
      for (const variant of [{}, { momentum: 0.9, centered: true, amsgrad: true }]) {
        const known = Object.entries(variant).filter(([name]) => name in optimizer.options);
        const options: OptionValues = { ...defaults(optimizer), ...Object.fromEntries(known) };
        const names = optimizer.states(options);
        const tiny = names.map(() => [9e-31, 1e-20]);
        const { states } = update(optimizer, options, { parameter: [1, 1], gradient: [0, 0], states: tiny });
        names.forEach((name, i) => {
          // The largest square so far does not shrink: its own value stays.
          if (name !== 'largestSquare') expect(states[i][0], `${optimizer.name} ${name}`).toBe(0);
          expect(states[i][1], `${optimizer.name} ${name}`).toBeGreaterThan(0);
        });
      }
    }
  });

  it('let a parameter that must not decay be', () => {
    const options = { ...defaults(sgd), momentum: 0, weightDecay: 0.5 };
    const given = { parameter: [2], gradient: [0], states: [] };
    expect(update(sgd, updateAttributes(options, true), given).parameter).toEqual([2 - 0.1 * 0.5 * 2]);
    expect(update(sgd, updateAttributes(options, false), given).parameter).toEqual([2]);
  });

  it('a step of no gradient and no state moves nothing', () => {
    for (const optimizer of optimizers) {
      const options = { ...defaults(optimizer), weightDecay: 0 };
      expect(
        update(optimizer, options, { parameter: [3], gradient: [0], states: [] }).parameter,
        optimizer.name,
      ).toEqual([3]);
    }
  });

  it('refuse a state that is missing', () => {
    const graph = new Graph();
    const p = graph.source('parameter', 'p', { shape: [2] });
    const s = graph.source('input', 's', { shape: [2], batched: false });
    expect(() => graph.apply(sgd.update, [p, p, s], { momentum: 0.9 })).toThrow(/4 inputs/);
  });
});
