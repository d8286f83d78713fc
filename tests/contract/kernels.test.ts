import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/core/backend/backend.ts';
import { createReferenceEngine } from '../../src/core/backend/reference.ts';
import { elementCount, Graph, type Value } from '../../src/core/graph/graph.ts';
import type { Op } from '../../src/core/graph/op.ts';
import { ops } from '../../src/core/ops/index.ts';
import { optimizerOps } from '../../src/core/optimizers/index.ts';
import { lowerings } from '../../src/core/plan/lowerings/index.ts';
import { createEngine } from '../../src/node/engine.ts';
import { type KernelCase, kernelCases, sampleData } from './kernelCases.ts';

/** Largest error of an element, in root mean squares of its tensor. */
const TOLERANCE = 1e-5;

let engine: Engine;
let threaded: Engine;
beforeAll(async () => {
  engine = await createEngine({ inline: true, poison: true });
  threaded = await createEngine({ threads: 3, inlineWork: 0, poison: true });
});
afterAll(async () => {
  await engine.dispose();
  await threaded.dispose();
});

let graphs = 0;

/** A graph of one node. What the op writes into is state under a name of its own; all else is input. */
function graphOf(op: Op, { inputs, attributes }: KernelCase): { graph: Graph; sources: Value[]; outputs: Value[] } {
  const graph = new Graph();
  const prefix = `g${graphs++}`;
  const sources = inputs.map(({ shape, batched, type }, i) =>
    graph.source(op.mutates?.includes(i) ? 'state' : 'input', `${prefix}.${i}`, { shape, batched, type }),
  );
  return { graph, sources, outputs: graph.apply(op, sources, attributes, prefix) };
}

interface Result {
  readonly name: string;
  readonly data: Float32Array;
}

/** Runs batches of n = capacity and fewer, one after another on one program; states go on. */
async function runAll(on: Engine, op: Op, test: KernelCase, batches: readonly number[]): Promise<Result[]> {
  const { graph, sources, outputs } = graphOf(op, test);
  const program = await on.compile(graph, { capacity: test.n, outputs });
  sources.forEach((source, i) => {
    if (source.role === 'state') on.writePersistent(source.name, sampleData(test, i) as Float32Array);
  });
  const results: Result[] = [];
  for (const n of batches) {
    sources.forEach((source, i) => {
      if (source.role === 'input') program.write(source, sampleData(test, i).subarray(0, elementCount(source, n)));
    });
    await program.run(n);
    outputs.forEach((output, i) => {
      results.push({ name: `output ${i} for n = ${n}`, data: program.read(output) });
    });
    sources.forEach((source, i) => {
      if (source.role === 'state')
        results.push({ name: `input ${i} after n = ${n}`, data: on.readPersistent(source.name) });
    });
  }
  program.dispose();
  return results;
}

function expectClose(actual: Float32Array, expected: Float32Array, what: string, tolerance: number): void {
  expect(actual.length, what).toBe(expected.length);
  const finite = expected.filter(Number.isFinite);
  const rms = Math.sqrt(finite.reduce((sum, v) => sum + v * v, 0) / Math.max(1, finite.length));
  for (let i = 0; i < actual.length; i++) {
    if (Object.is(actual[i], expected[i]) || Math.abs(actual[i] - expected[i]) <= tolerance * rms) continue;
    expect.fail(`${what}, element ${i}: expected ${expected[i]} but received ${actual[i]} (rms ${rms})`);
  }
}

const sameBits = (a: Float32Array, b: Float32Array): boolean =>
  a.length === b.length && a.every((value, i) => Object.is(value, b[i]));

/** n, a smaller batch and a single sample. */
const batchesOf = (n: number): number[] => [...new Set([n, Math.ceil(n / 2), 1])];

describe('kernels against their references', () => {
  for (const op of [...ops, ...optimizerOps]) {
    it(op.name, async () => {
      const cases = kernelCases(op.name);
      expect(lowerings.has(op.name), `a lowering of ${op.name}`).toBe(true);
      expect(cases.length, `cases of ${op.name} in kernelCases.ts`).toBeGreaterThan(0);
      const reference = createReferenceEngine();
      for (const test of cases) {
        const actual = await runAll(engine, op, test, batchesOf(test.n));
        const expected = await runAll(reference, op, test, batchesOf(test.n));
        expected.forEach(({ name, data }, i) => {
          expectClose(actual[i].data, data, `${op.name} ${test.title}: ${name}`, test.tolerance ?? TOLERANCE);
        });
      }
      await reference.dispose();
    });
  }
});

/** A loss is per sample where it is not summed over the batch. */
const perSampleCase = ({ inputs: [first], attributes }: KernelCase): boolean =>
  first.batched && (attributes.reduction ?? 'none') === 'none';

describe("a sample's bits do not depend on its batch", () => {
  for (const op of [...ops].filter(({ perSample }) => perSample)) {
    it(op.name, async () => {
      for (const test of kernelCases(op.name).filter(perSampleCase)) {
        const [whole] = await runAll(engine, op, test, [test.n]);
        const last = test.n - 1;
        // The last sample alone, at place 0 of a program for one.
        const alone: KernelCase = { ...test, n: 1, skip: last };
        const [single] = await runAll(engine, op, alone, [1]);
        const size = single.data.length;
        const place = whole.data.subarray(last * size);
        expect(sameBits(place, single.data), `${op.name} ${test.title}`).toBe(true);
      }
    });
  }
});

describe('three threads give the bits of one', () => {
  for (const op of [...ops, ...optimizerOps]) {
    it(op.name, async () => {
      for (const test of kernelCases(op.name)) {
        const one = await runAll(engine, op, test, [test.n]);
        const three = await runAll(threaded, op, test, [test.n]);
        one.forEach(({ name, data }, i) => {
          expect(sameBits(data, three[i].data), `${op.name} ${test.title}: ${name}`).toBe(true);
        });
      }
    });
  }
});

describe('a fused activation gives the bits of one by itself', () => {
  const producers = ops.filter(({ name }) => lowerings.get(name)?.epilogues?.length);
  for (const op of producers) {
    it.each(lowerings.get(op.name)?.epilogues ?? [])(`${op.name} and %s`, async (epilogue) => {
      const activation = ops.find((candidate) => candidate.epilogue === epilogue) as Op;
      for (const test of kernelCases(op.name)) {
        const results: Float32Array[] = [];
        for (const fuse of [true, false]) {
          const { graph, sources, outputs } = graphOf(op, test);
          const activated = graph.apply(activation, [outputs[0]]);
          const program = await engine.compile(graph, { capacity: test.n, outputs: activated, fuse });
          sources.forEach((source, i) => {
            if (source.role === 'state') engine.writePersistent(source.name, sampleData(test, i) as Float32Array);
            else program.write(source, sampleData(test, i));
          });
          await program.run(test.n);
          results.push(program.read(activated[0]));
        }
        expect(sameBits(results[0], results[1]), test.title).toBe(true);
      }
    });
  }
});

describe('values that are not finite stay visible', () => {
  const nan = (inputs: KernelCase['inputs']): KernelCase['inputs'] =>
    inputs.map((input, i) => (i === 0 ? { ...input, kind: 'nan' as const } : input));
  for (const name of [
    'relu',
    'relu6',
    'maxPool2d',
    'batchNorm',
    'softmaxCrossEntropy',
    'softmax',
    'silu',
    'gelu',
    'add',
  ]) {
    it(name, async () => {
      const op = [...ops].find((candidate) => candidate.name === name) as Op;
      const [first] = kernelCases(name);
      const [result] = await runAll(engine, op, { ...first, inputs: nan(first.inputs) }, [first.n]);
      expect(result.data.some(Number.isNaN)).toBe(true);
    });
  }
});
