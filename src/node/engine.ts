import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Engine } from '../core/backend/backend.ts';
import { createWasmEngine, type KernelWorker, type KernelWorkerStart, type WasmHost } from '../core/backend/wasm.ts';
import { built, loadKernels } from './kernels.ts';

async function startWorker(start: KernelWorkerStart): Promise<KernelWorker> {
  const worker = new Worker(built('node/kernel-worker.js'), {
    workerData: start,
    name: `fovea kernel ${start.thread}`,
  });
  /** What is waiting for this thread; a death reaches it from wherever it came. */
  let pending: { resolve(): void; reject(error: Error): void } | undefined;
  let death: Error | undefined;
  const settle = (error?: Error): void => {
    const waiting = pending;
    pending = undefined;
    if (error) {
      death ??= error;
      waiting?.reject(error);
    } else waiting?.resolve();
  };
  worker.on('message', () => settle());
  worker.on('error', (error) => settle(error instanceof Error ? error : new Error(String(error))));
  worker.on('exit', (code) => settle(new Error(`thread ${start.thread} ended with code ${code}`)));
  const wait = (): Promise<void> =>
    new Promise((resolve, reject) => {
      if (death) reject(death);
      else pending = { resolve, reject };
    });
  await wait();
  // An idle pool must not keep the process alive; a running one must.
  worker.unref();
  return {
    run() {
      worker.ref();
      return wait().finally(() => worker.unref());
    },
    async terminate() {
      await worker.terminate();
    },
  };
}

/** Worker threads over shared memory. */
export const threadedHost: WasmHost = { loadKernels, startWorker, callerWork: 100e6 };
const inlineHost: WasmHost = { loadKernels };

export interface EngineOptions {
  /** 1 … 64; default: the cores this process may use. Never changes a bit of any result. */
  readonly threads?: number;
  /** Runs kernels on the calling thread, with no worker started: quick to begin, blocks while it computes. */
  readonly inline?: boolean;
  /**
   * The kernels in 256 bits, where V8 can widen them and `prepareTurbo` finds that each gives equal bits; else the plain
   * ones. For threads only: `inline` is for work that is done before this has begun.
   */
  readonly turbo?: boolean;
  /** Work of a run below which the calling thread computes, see `WasmEngineOptions`. */
  readonly inlineWork?: number;
  /** Fills the workspace with NaN before each run. For tests. */
  readonly poison?: boolean;
}

/** The engine of this machine. @throws FoveaError when the kernels were not built. */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const { threads = availableParallelism(), inline, turbo, inlineWork, poison } = options;
  if (inline) return createWasmEngine(inlineHost, { threads: 1, poison });
  // Loaded where it is asked for only: most who start this do not.
  const module = turbo ? (await (await import('./turbo.ts')).prepareTurbo()).module : undefined;
  const host = module ? { ...threadedHost, loadKernels: async () => module } : threadedHost;
  return createWasmEngine(host, { threads, inlineWork, poison });
}
