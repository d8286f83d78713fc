import type { Engine } from '../../backend/backend.ts';
import { elementCount, Graph, isPersistent, type ValueType } from '../../graph/graph.ts';
import type { Attributes, Op } from '../../graph/op.ts';
import { multiplyAddPeak } from '../../ops/peak.ts';
import { describePlan } from '../../plan/describe.ts';
import type { Algorithm } from '../../plan/lowering.ts';
import { RandomStream } from '../../random.ts';
import type { Timed } from './alternate.ts';

/** One op as a program of its own, on numbers in ±1. */
export interface SingleOp extends Timed {
  /** What runs, in order. */
  readonly kernels: readonly string[];
}

export interface SingleOpRequest {
  readonly op: Op;
  readonly inputs: readonly ValueType[];
  readonly attributes?: Attributes;
  readonly n: number;
  readonly algorithm?: Algorithm;
}

/** Nothing is subtracted from its time: starting the threads and waiting for the last is part of it, as in training. */
export async function compileSingleOp(engine: Engine, request: SingleOpRequest): Promise<SingleOp> {
  const { op, inputs, attributes, n, algorithm } = request;
  const graph = new Graph();
  const sources = inputs.map((type, i) => graph.source('input', `x${i}`, type));
  const outputs = graph.apply(op, sources, attributes);
  const options = { capacity: n, outputs, algorithm };
  const program = await engine.compile(graph, options);
  const data = sources.map((source) => noise(elementCount(source, n)));
  return {
    kernels: describePlan(graph, options).flatMap(({ kernels }) => kernels),
    // Another program may have used the same memory since.
    prepare: () =>
      sources.forEach((source, i) => {
        if (!isPersistent(source)) program.write(source, data[i]);
      }),
    run: () => program.run(n),
  };
}

/** A prime number, so that no row is like the next. */
const period = 65537;
let drawn: Float32Array | undefined;

/** Numbers in ±1, again after `period` of them: drawing millions would take longer than timing them. */
function noise(count: number): Float32Array {
  const random = new RandomStream(0, 'sample');
  drawn ??= Float32Array.from({ length: period }, () => 2 * random.uniform() - 1);
  const result = new Float32Array(count);
  for (let at = 0; at < count; at += period) result.set(drawn.subarray(0, Math.min(period, count - at)), at);
  return result;
}

/** Depth of the product: 12 KiB of data, which a first cache holds. */
const peakDepth = 256;
const peakRepeats = 400;
/** Products a thread, so that a thread that starts late loses little. */
const peakChunks = 16;

/** The product that shows what the machine's SIMD units can do, and the operations of one run of it. */
export async function compilePeak(engine: Engine): Promise<{ timed: Timed; operations: number }> {
  const n = peakChunks * engine.threads;
  const fixed = (shape: readonly number[]): ValueType => ({ shape, batched: false, type: 'float32' });
  const inputs = [fixed([4, peakDepth]), fixed([peakDepth, 8])];
  const attributes = { repeats: peakRepeats };
  const timed = await compileSingleOp(engine, { op: multiplyAddPeak, inputs, attributes, n });
  return { timed, operations: 2 * 4 * 8 * peakDepth * peakRepeats * n };
}
