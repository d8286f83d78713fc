// One thread of the engine, a module worker: the first message brings what it works with, and it hears no other.
// Everything it has to tell is a message, since the events that a browser raises for a worker's errors say little or
// nothing of the cause.
import { serveRounds } from '../core/backend/serve-rounds.ts';
import type { KernelWorkerStart } from '../core/backend/wasm.ts';

/** That the thread is ready, then that its part of a round is done; or why it is not, and then it runs no more. */
export interface KernelReply {
  readonly failure?: string;
}

const reply = (message: KernelReply): void => self.postMessage(message);

self.addEventListener('message', ({ data }: MessageEvent<KernelWorkerStart>) => {
  serveRounds(data, () => reply({})).catch((error) => reply({ failure: String(error) }));
});
