import type { ShownModel } from '../../core/workbench/show-model.ts';
import { amount, bytes, count, duration } from './numbers.ts';

/** The figures of a model as phrases. */
export function modelTotals({
  summary,
  kernels,
  memory,
}: ShownModel): Record<'parameters' | 'macs' | 'kept' | 'memory', string> {
  const { parameters, buffers, macs } = summary;
  const { batch, kept } = kernels;
  return {
    parameters: `${count(parameters)} parameters (${bytes(4 * (parameters + buffers))})`,
    macs: `${amount(macs)} multiply-adds a picture`,
    kept: bytes(kept.layers + kept.picture),
    memory: memory
      ? `Steps of ${batch} pictures take ${bytes(memory.memory)} of engine memory: weights ${bytes(memory.weights)}, optimizer ${bytes(memory.optimizer)}, activations, gradients and scratch ${bytes(memory.workspace + memory.threadScratch)}, weights in the order of the kernels and lists of calls ${bytes(memory.programs)}.`
      : '',
  };
}

/** How long training takes, and how that is known; none where nobody asked. */
export function timeLines({ time }: ShownModel): string[] {
  if (!time) return [];
  const { batch, stepMilliseconds, picturesPerSecond, threads, method } = time;
  const step = stepMilliseconds < 1000 ? `${stepMilliseconds.toPrecision(3)} ms` : duration(stepMilliseconds / 1000);
  const rate = picturesPerSecond >= 100 ? count(picturesPerSecond) : picturesPerSecond.toPrecision(3);
  return [
    `Training on this machine (${threads} ${threads === 1 ? 'thread' : 'threads'}): ${step} a step of ${batch}, ${rate} pictures a second, ${duration(10000 / picturesPerSecond)} for 10,000 pictures.`,
    method,
  ];
}
