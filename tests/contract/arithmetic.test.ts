import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/core/backend/backend.ts';
import { elementCount, Graph } from '../../src/core/graph/graph.ts';
import type { Op } from '../../src/core/graph/op.ts';
import { ops } from '../../src/core/ops/index.ts';
import { arithmetics, evaluate } from '../../src/core/plan/arithmetic/index.ts';
import { createEngine } from '../../src/node/engine.ts';
import { type KernelCase, kernelCases, sampleData } from './kernelCases.ts';

let engine: Engine;
beforeAll(async () => {
  engine = await createEngine({ inline: true, poison: true });
});
afterAll(() => engine.dispose());

/** Ops that stand in no graph of an explanation: training alone has them. */
const ofTrainingAlone = [
  'batchNorm',
  'batchNormBackward',
  'batchNormAgain',
  'dropout',
  'dropoutBackward',
  'stochasticDepth',
  'stochasticDepthBackward',
];

/** Elements that are looked at: a few, first and last among them; of large ones, whose sums are long, fewer. */
function placesOf(count: number, inputs: number): number[] {
  const some =
    inputs > 4000 ? [count - 1] : [0, 1, count - 1, count >> 1, ...[7, 101, 1009].map((k) => (k * 37) % count)];
  return [...new Set(some)].filter((place) => place >= 0 && place < count);
}

/** A loss over a batch of a thousand classes: fewer classes tell of the sum over pictures, one picture of many classes. */
const isLong = ({ inputs: [first], attributes: { reduction } }: KernelCase): boolean =>
  (reduction === 'sum' || reduction === 'mean') && first.shape[0] > 1000;

async function check(op: Op, test: KernelCase): Promise<void> {
  const graph = new Graph();
  const inputs = test.inputs.map(({ shape, batched, type }, i) =>
    graph.source('input', `in${i}`, { shape, batched, type }),
  );
  const outputs = graph.apply(op, inputs, test.attributes, 'node');
  const program = await engine.compile(graph, { capacity: test.n, outputs, fuse: false, algorithm: 'direct' });
  const data = test.inputs.map((_, i) => sampleData(test, i));
  inputs.forEach((input, i) => {
    program.write(input, data[i]);
  });
  await program.run(test.n);
  const [node] = graph.nodes;
  const arithmetic = arithmetics.get(op.name);
  if (!arithmetic) throw new Error(`no arithmetic of ${op.name}`);
  outputs.forEach((output, which) => {
    const values = program.read(output);
    for (const element of placesOf(elementCount(output, test.n), data[0]?.length ?? 0)) {
      const read = (input: number, place: number): number => {
        if (!(place >= 0 && place < data[input].length)) throw new Error(`${op.name} reads ${input}[${place}]`);
        return data[input][place];
      };
      const expression = arithmetic.expressionOf({
        node,
        n: test.n,
        capacity: test.n,
        output: which,
        element,
        read,
      });
      const what = `${op.name} ${test.title}, output ${which}, element ${element}`;
      expect(
        Object.is(evaluate(expression, read), values[element]),
        `${what}: ${evaluate(expression, read)} for ${values[element]}`,
      ).toBe(true);
    }
  });
}

describe('arithmetic of one element: the bits of the direct, unfused kernel', () => {
  for (const op of ops.filter(({ name }) => !ofTrainingAlone.includes(name))) {
    it(op.name, async () => {
      for (const test of kernelCases(op.name).filter((one) => !isLong(one))) await check(op, test);
    });
  }

  it('the list holds nothing beyond the ops', () => {
    const names = ops.map(({ name }) => name);
    expect([...arithmetics.keys()].filter((name) => !names.includes(name))).toEqual([]);
    expect(ofTrainingAlone.filter((name) => arithmetics.has(name) || !names.includes(name))).toEqual([]);
  });
});
