import type { Engine } from '../core/backend/backend.ts';
import { createWasmEngine, type WasmHost } from '../core/backend/wasm.ts';
import { invalid, mismatch } from '../core/errors.ts';
import { fetchKernels } from './fetch-kernels.ts';
import { startWorker } from './start-worker.ts';

export interface EngineOptions {
  /**
   * 1 … 64; default: the cores that the browser tells of. Never changes a bit of any result. Without cross-origin
   * isolation there is one thread, whatever is asked for.
   */
  readonly threads?: number;
  /**
   * Address of the folder with `kernels.wasm` and `kernels-threads.wasm`, relative to the page; default: where the
   * package has them.
   */
  readonly kernels?: string | URL;
  /** Work of a run below which the calling thread computes, see `WasmEngineOptions`. */
  readonly inlineWork?: number;
}

/**
 * The engine of this page or web worker. In a cross-origin isolated page it runs on web workers over shared memory and
 * the calling thread is busy for a fraction of a millisecond at most. Elsewhere it has one thread, the calling one, and that must be a web worker's.
 *
 * @throws FoveaError on the own thread of a page that is not isolated, and when kernels or workers do not load.
 */
export async function createEngine(options: EngineOptions = {}): Promise<Engine> {
  const loadKernels = (shared: boolean) => fetchKernels(kernelsAddress(shared, options.kernels));
  // Asked of the browser, not tried out: without isolation a shared memory can be made but not sent to a worker.
  const host: WasmHost = globalThis.crossOriginIsolated ? { loadKernels, startWorker } : { loadKernels };
  if (!host.startWorker && typeof document !== 'undefined') {
    throw mismatch(
      'a web worker or a cross-origin isolated page',
      'the engine',
      'the own thread of a page that is not isolated, which a training would block',
      'Create the engine in a web worker, or serve the page with the headers Cross-Origin-Opener-Policy: same-origin ' +
        'and Cross-Origin-Embedder-Policy: require-corp',
    );
  }
  const threads = options.threads ?? Math.min(navigator.hardwareConcurrency || 1, 64);
  return createWasmEngine(host, { threads, inlineWork: options.inlineWork });
}

function kernelsAddress(shared: boolean, folder: string | URL | undefined): URL {
  if (folder === undefined) {
    // Written out in one expression each: so bundlers see the files and take them along.
    return shared
      ? new URL('../kernels/kernels-threads.wasm', import.meta.url)
      : new URL('../kernels/kernels.wasm', import.meta.url);
  }
  try {
    const base = new URL(folder, location.href);
    if (!base.pathname.endsWith('/')) base.pathname += '/';
    return new URL(shared ? 'kernels-threads.wasm' : 'kernels.wasm', base);
  } catch {
    throw invalid('the address of a folder', "'kernels'", String(folder));
  }
}
