// One thread of the engine, a module worker: instantiates the kernels on the shared memory that the first message
// brings, then runs programs as they are posted. Everything it has to tell is a message, since the events that a
// browser raises for a worker's errors say little or nothing of the cause.
import { kernelImports } from '../core/backend/kernel-imports.ts';
import type { KernelWorkerStart } from '../core/backend/wasm.ts';

/** What a thread is told to run: addresses in the shared memory. */
export interface KernelRun {
  readonly program: number;
  readonly control: number;
  readonly scratch: number;
}

/** A thread answers each message with one: done, or why not. */
export interface KernelReply {
  readonly failure?: string;
}

type Run = (program: number, control: number, thread: number, threads: number, scratch: number) => number;

let run: ((message: KernelRun) => void) | undefined;

async function start({ module, memory, thread, threads }: KernelWorkerStart): Promise<void> {
  const instance = await WebAssembly.instantiate(module, kernelImports(memory));
  const kernels = instance.exports.run as Run;
  run = ({ program, control, scratch }) => kernels(program, control, thread, threads, scratch);
}

self.addEventListener('message', async ({ data }: MessageEvent) => {
  const reply = (message: KernelReply): void => self.postMessage(message);
  try {
    if (run) run(data as KernelRun);
    else await start(data as KernelWorkerStart);
    reply({});
  } catch (error) {
    reply({ failure: String(error) });
  }
});
