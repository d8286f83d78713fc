import type { KernelWorker, KernelWorkerStart } from '../core/backend/wasm.ts';
import { mismatch } from '../core/errors.ts';
import type { KernelReply } from './kernel-worker.ts';

/** @throws FoveaError when the browser will not start the script, or the script cannot start its kernels. */
export async function startWorker(start: KernelWorkerStart): Promise<KernelWorker> {
  const name = `fovea kernel ${start.thread}`;
  let worker: Worker;
  try {
    // Written out in one expression: so bundlers see that the script is another entry of the program.
    worker = new Worker(new URL('./kernel-worker.js', import.meta.url), { type: 'module', name });
  } catch (error) {
    throw cannotStart(start.thread, String(error));
  }
  /** What is waiting for this thread; a death reaches it from wherever it came. */
  let pending: { resolve(): void; reject(error: Error): void } | undefined;
  let death: Error | undefined;
  const settle = (failure?: string): void => {
    const waiting = pending;
    pending = undefined;
    if (failure !== undefined) death ??= new Error(failure);
    if (death) waiting?.reject(death);
    else waiting?.resolve();
  };
  worker.addEventListener('message', ({ data }: MessageEvent<KernelReply>) => settle(data.failure));
  worker.addEventListener('messageerror', () => settle('a message could not be read'));
  // A script that was not found or not allowed raises an event without a message.
  worker.addEventListener('error', ({ message }) => settle(message || 'a script that did not load'));
  const wait = (): Promise<void> =>
    new Promise((resolve, reject) => {
      if (death) reject(death);
      else pending = { resolve, reject };
    });
  worker.postMessage(start);
  try {
    await wait();
  } catch (error) {
    worker.terminate();
    throw cannotStart(start.thread, (error as Error).message);
  }
  return {
    run: wait,
    async terminate() {
      worker.terminate();
      // Nobody is told of an end that was asked for, so who waits is told here.
      settle(`thread ${start.thread} was terminated`);
    },
  };
}

function cannotStart(thread: number, received: string) {
  const { href } = new URL('./kernel-worker.js', import.meta.url);
  return mismatch(
    'a web worker',
    `thread ${thread} of the engine`,
    `${received} (${href})`,
    "Serve this file from the page's own origin, as JavaScript and with the page's header Cross-Origin-Embedder-Policy",
  );
}
