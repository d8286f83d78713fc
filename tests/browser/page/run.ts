/** What the tests ask of a page or of a web worker in it. */
// The engine alone: what else `fovea/browser` has needs packages, and a worker without a bundler finds none.
import { createEngine } from '../../../src/browser/engine.ts';
import { startWorker } from '../../../src/browser/start-worker.ts';
import { ControlBlock } from '../../../src/core/backend/control-block.ts';
import type { KernelWorker } from '../../../src/core/backend/wasm.ts';
import { trainedSpecs, trainSteps } from '../../train-steps.ts';
import type { Outcome, Task } from './task.ts';

export async function run({ spec, steps, batch, ...options }: Task): Promise<Outcome> {
  const engine = await createEngine({ inlineWork: 0, ...options });
  try {
    const trained = await trainSteps(engine, trainedSpecs[spec], steps, batch);
    return { ...trained, threads: engine.threads, isolated: crossOriginIsolated };
  } finally {
    await engine.dispose();
  }
}

export function runInWorker(task: Task): Promise<Outcome> {
  const worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module' });
  return new Promise<Outcome>((resolve, reject) => {
    worker.addEventListener('message', ({ data }: MessageEvent<{ outcome?: Outcome; failure?: string }>) => {
      if (data.outcome) resolve(data.outcome);
      else reject(new Error(data.failure));
    });
    worker.addEventListener('error', ({ message }) => reject(new Error(message || 'the worker did not load')));
    worker.postMessage(task);
  }).finally(() => worker.terminate());
}

/** What is told of two threads that end: of one that runs a kernel there is none of, of one that is ended as it waits. */
export async function endThreads(): Promise<string[]> {
  const response = await fetch(new URL('../../../dist/kernels/kernels-threads.wasm', import.meta.url));
  const module = await WebAssembly.compile(await response.arrayBuffer());
  const memory = new WebAssembly.Memory({ initial: 64, maximum: 65536, shared: true });
  const words = new Int32Array(memory.buffer);
  // Programs of one call (src/kernels/run.ts): a kernel that is not there in one chunk, and no chunk at all but a barrier after it.
  const [trap, wait, control] = [1 << 20, 2 << 20, 3 << 20];
  const block = new ControlBlock(memory, control);
  const told = (worker: KernelWorker, program: number): Promise<string> => {
    block.write({ program, scratch: 0, scratchBytes: 0 });
    const run = worker.run().then(() => 'nothing', String);
    block.wake();
    return run;
  };
  words[trap >> 2] = 1;
  words.set([9999, 1], (trap + 64) >> 2);
  words[wait >> 2] = 1;
  const trapped = await startWorker({ module, memory, control, thread: 0, threads: 1 });
  const failures = [await told(trapped, trap), await told(trapped, wait)];
  const waiting = await startWorker({ module, memory, control, thread: 1, threads: 2 });
  const run = told(waiting, wait);
  await waiting.terminate();
  await trapped.terminate();
  return [...failures, await run];
}
