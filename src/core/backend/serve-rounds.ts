import { ControlBlock } from './control-block.ts';
import { kernelImports } from './kernel-imports.ts';
import type { KernelWorkerStart } from './wasm.ts';

type RunKernels = (program: number, control: number, thread: number, threads: number, scratch: number) => number;

/**
 * The life of a kernel thread: instantiates the kernels on the shared memory, then sleeps, takes part in a round,
 * sleeps again, until the control block says that there is no more. Meanwhile it hears no message.
 *
 * @param answer tells the engine that this thread is ready, then each time that its part of a round is done.
 */
export async function serveRounds(start: KernelWorkerStart, answer: () => void): Promise<void> {
  const { module, memory, control: address, thread, threads } = start;
  const { exports } = await WebAssembly.instantiate(module, kernelImports(memory));
  const run = exports.run as RunKernels;
  const control = new ControlBlock(memory, address);
  answer();
  for (let round = 0; ; ) {
    round = control.rest(round);
    const { program, scratch, scratchBytes } = control.round;
    if (program === 0) return;
    run(program, address, thread, threads, scratch + thread * scratchBytes);
    answer();
  }
}
