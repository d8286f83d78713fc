import { softmax } from '../classifier/classify.ts';
import { inputTensor, type PictureInput } from '../export/pictures.ts';
import { log } from '../maths.ts';
import type { Adapters } from './adapters.ts';
import type { ProofPictures, RunElsewhere } from './prove.ts';

/** An ONNX file of a classifier, as it is run. */
export interface OnnxUse extends PictureInput {
  readonly names: { readonly input: string; readonly output: string };
  /** What the graph gives. */
  readonly gives: 'logits' | 'probabilities' | 'logProbabilities';
}

/** Runs an ONNX file with onnxruntime, a few pictures at a time. @returns [pictures, classes], as the graph gives it. */
export async function runOnnx(
  adapters: Adapters,
  bytes: Uint8Array,
  use: OnnxUse,
  { pictures }: ProofPictures,
): Promise<RunElsewhere> {
  const session = await adapters.openOnnx?.(bytes);
  if (!session) return { missing: 'onnxruntime cannot be run here' };
  if ('missing' in session) return session;
  const values: number[] = [];
  try {
    for (let start = 0; start < pictures.length; start += 16) {
      const output = await session.run(inputTensor(pictures.slice(start, start + 16), use), use.names);
      for (const value of output) values.push(value);
    }
  } finally {
    await session.close();
  }
  return { runtime: session.runtime, values: Float32Array.from(values) };
}

/** The engine's logits [pictures, classes] as a graph of that kind gives them. */
export function asGiven(logits: Float32Array, classes: number, gives: OnnxUse['gives']): Float32Array {
  if (gives === 'logits') return logits;
  const result = new Float32Array(logits.length);
  for (let start = 0; start < logits.length; start += classes) {
    const probabilities = softmax(logits.subarray(start, start + classes));
    result.set(gives === 'probabilities' ? probabilities : probabilities.map(log), start);
  }
  return result;
}
