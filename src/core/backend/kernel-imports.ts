/** Waiting threads look this often whether the run was aborted. */
const waitMilliseconds = 50;

/** What the kernel module imports: the memory, and sleeping and waking at a barrier (src/kernels/run.ts). */
export function kernelImports(memory: WebAssembly.Memory): WebAssembly.Imports {
  // The memory may have grown since the last call, so the view is made anew.
  const words = (): Int32Array => new Int32Array(memory.buffer);
  return {
    env: {
      memory,
      abort: () => undefined,
      wait: (address: number, value: number) => Atomics.wait(words(), address >>> 2, value, waitMilliseconds),
      notify: (address: number) => Atomics.notify(words(), address >>> 2),
    },
  };
}
