// One thread of the engine. What goes wrong in it ends it, and the engine hears of that.
import { parentPort, workerData } from 'node:worker_threads';
import { serveRounds } from '../core/backend/serve-rounds.ts';
import type { KernelWorkerStart } from '../core/backend/wasm.ts';

const port = parentPort;
if (!port) throw new Error('kernel-worker runs as a worker thread');
await serveRounds(workerData as KernelWorkerStart, () => port.postMessage('done'));
