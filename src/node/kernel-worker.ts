// One thread of the engine: instantiates the kernels on the shared memory and runs programs as they are posted.
import { parentPort, workerData } from 'node:worker_threads';
import { kernelImports } from '../core/backend/kernel-imports.ts';

interface Start {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  thread: number;
  threads: number;
}

const { module, memory, thread, threads } = workerData as Start;
const port = parentPort;
if (!port) throw new Error('kernel-worker runs as a worker thread');
const instance = await WebAssembly.instantiate(module, kernelImports(memory));
const run = instance.exports.run as (
  program: number,
  control: number,
  thread: number,
  threads: number,
  scratch: number,
) => number;
port.on('message', ({ program, control, scratch }: { program: number; control: number; scratch: number }) => {
  run(program, control, thread, threads, scratch);
  port.postMessage('done');
});
port.postMessage('ready');
