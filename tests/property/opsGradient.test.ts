import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/core/autodiff/differentiate.ts';
import { evaluateReference } from '../../src/core/backend/reference.ts';
import { elementCount, Graph, type Value } from '../../src/core/graph/graph.ts';
import type { Op } from '../../src/core/graph/op.ts';
import { ops } from '../../src/core/ops/index.ts';
import { RandomStream } from '../../src/core/random.ts';
import { dataOf, type Sample, samplesOf } from './opSamples.ts';

const STEP = 1e-5;
/** Elements of each input that are moved: all of a small one. */
const MOVED = 16;

interface Prepared {
  readonly graph: Graph;
  readonly inputs: readonly Value[];
  readonly output: Value;
  readonly data: readonly Float64Array<ArrayBuffer>[];
}

function prepare(op: Op, sample: Sample): Prepared {
  const graph = new Graph();
  const random = new RandomStream(sample.seed, 'sample');
  const inputs = sample.inputs.map(({ shape, batched, kind }, i) =>
    graph.source('input', `input${i}`, {
      shape,
      batched,
      type: kind === 'labels' || kind === 'step' ? 'int32' : 'float32',
    }),
  );
  const classes = sample.inputs[0].shape.at(-1)!;
  const data = sample.inputs.map((input, i) => dataOf(input, elementCount(inputs[i], sample.n), random, classes));
  const [output] = graph.apply(op, inputs, sample.attributes);
  return { graph, inputs, output, data };
}

/** Runs a graph on copies of the data (some ops write into their inputs). */
function run(prepared: Prepared, n: number, extra: [Value, Float64Array][] = []): Map<Value, Float64Array> {
  const values = new Map<Value, Float64Array>(prepared.inputs.map((input, i) => [input, prepared.data[i].slice()]));
  for (const [value, data] of extra) values.set(value, data);
  evaluateReference(prepared.graph, n, values);
  return values;
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i], 0);

function checkGradient(op: Op, sample: Sample): void {
  const { n } = sample;
  const forward = prepare(op, sample);
  const whole = prepare(op, sample);
  const random = new RandomStream(sample.seed + 1, 'sample');
  const seedData = new Float64Array(elementCount(whole.output, n)).map(() => random.uniform() * 2 - 1);
  const { shape, batched } = whole.output;
  const seed = whole.graph.source('input', 'seed', { shape, batched });
  const wanted = whole.inputs.filter((_, i) => sample.inputs[i].differentiable);
  const gradients = differentiate(whole.graph, { of: whole.output, seed, wanted });
  const values = run(whole, n, [[seed, seedData]]);

  const loss = (): number => dot(run(forward, n).get(forward.output)!, seedData);
  sample.inputs.forEach(({ differentiable }, i) => {
    if (!differentiable) return;
    const gradient = values.get(gradients.get(whole.inputs[i])!)!;
    const data = forward.data[i];
    expect(gradient.length).toBe(data.length);
    for (let moved = 0; moved < Math.min(MOVED, data.length); moved++) {
      const e = data.length <= MOVED ? moved : random.below(data.length);
      const kept = data[e];
      data[e] = kept + STEP;
      const above = loss();
      data[e] = kept - STEP;
      const below = loss();
      data[e] = kept;
      const slope = (above - below) / (2 * STEP);
      const allowed = 1e-5 * (1 + Math.abs(slope));
      if (!(Math.abs(gradient[e] - slope) <= allowed)) {
        throw new Error(`${op.name}, input ${i}, element ${e}: gradient ${gradient[e]}, slope ${slope}`);
      }
    }
  });
}

describe('the gradient of every op is the slope of its reference', () => {
  for (const op of ops.filter(({ gradient }) => gradient)) {
    it(op.name, () => {
      fc.assert(
        fc.property(samplesOf(op), (sample) => checkGradient(op, sample)),
        { numRuns: 25, seed: 42 },
      );
    });
  }

  it('fails for a gradient that is wrong', () => {
    const wrong: Op = {
      ...ops.find(({ name }) => name === 'tanh')!,
      gradient: ({ outputGradients: [gradient] }) => [gradient],
    };
    const sample: Sample = {
      n: 1,
      seed: 1,
      attributes: {},
      inputs: [{ shape: [3], batched: true, kind: 'values', differentiable: true }],
    };
    expect(() => checkGradient(wrong, sample)).toThrow(/slope/);
  });
});
