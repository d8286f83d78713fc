import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Engine } from '../core/backend/backend.ts';
import { createWasmEngine, type KernelWorker, type KernelWorkerStart, type WasmHost } from '../core/backend/wasm.ts';
import { FoveaError } from '../core/errors.ts';

/** From `src/node` and from `dist/node` alike: what the build made. */
const built = (path: string): URL => new URL(`../../dist/${path}`, import.meta.url);

async function loadKernels(shared: boolean): Promise<WebAssembly.Module> {
  const file = built(`kernels/kernels${shared ? '-threads' : ''}.wasm`);
  try {
    return await WebAssembly.compile(await readFile(file));
  } catch (error) {
    throw new FoveaError(
      `Expected the engine's kernels in ${file.pathname} but received ${(error as Error).message}`,
      "Run 'npm run build'",
    );
  }
}

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
    run(program, control, scratch) {
      worker.ref();
      const done = wait().finally(() => worker.unref());
      worker.postMessage({ program, control, scratch });
      return done;
    },
    async terminate() {
      await worker.terminate();
    },
  };
}

/** Worker threads over shared memory. */
export const threadedHost: WasmHost = { loadKernels, startWorker };
const inlineHost: WasmHost = { loadKernels };

export interface EngineOptions {
  /** 1 … 64; default: the cores this process may use. Never changes a bit of any result. */
  readonly threads?: number;
  /** Runs kernels on the calling thread, with no worker started: quick to begin, blocks while it computes. */
  readonly inline?: boolean;
  /** Fills the workspace with NaN before each run. For tests. */
  readonly poison?: boolean;
}

/** The engine of this machine. @throws FoveaError when the kernels were not built. */
export function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const threads = options.threads ?? availableParallelism();
  return createWasmEngine(options.inline ? inlineHost : threadedHost, {
    threads: options.inline ? 1 : threads,
    poison: options.poison,
  });
}
