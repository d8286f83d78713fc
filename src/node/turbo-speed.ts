import { createWasmEngine } from '../core/backend/wasm.ts';
import { Graph } from '../core/graph/graph.ts';
import { winogradProducts } from '../core/ops/winogradProducts.ts';

const channels = 32;
const tiles = 24;
const rounds = 15;
/** Long enough that V8 compiles a kernel again for speed. */
const warmMilliseconds = 40;

/**
 * How many times faster `other` computes Winograd's products than `plain`, where most of training's and testing's time
 * goes: by the fastest of some rounds of a fifth of a millisecond, taken in turn.
 */
export async function timesFaster(plain: WebAssembly.Module, other: WebAssembly.Module): Promise<number> {
  const programs = [await compileProducts(plain), await compileProducts(other)];
  for (const run of programs)
    for (const end = performance.now() + warmMilliseconds; performance.now() < end; ) await run();
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++)
    for (const [i, run] of programs.entries()) {
      const start = performance.now();
      await run();
      least[i] = Math.min(least[i], performance.now() - start);
    }
  return least[0] / least[1];
}

/** @returns what computes the products once, on the calling thread. */
async function compileProducts(module: WebAssembly.Module): Promise<() => Promise<void>> {
  // The module asks for shared memory, which engines with threads have; theirs is never called.
  const idle = { run: async () => undefined, terminate: async () => undefined };
  const host = { loadKernels: async () => module, startWorker: async () => idle };
  const engine = await createWasmEngine(host, { threads: 1, inlineWork: Number.POSITIVE_INFINITY });
  const graph = new Graph();
  const v = graph.source('input', 'V', { shape: [36, tiles, channels], batched: true, type: 'float32' });
  const u = graph.source('input', 'U', { shape: [36, channels / 8, channels, 8], batched: false, type: 'float32' });
  const outputs = graph.apply(winogradProducts, [v, u], { repeats: 8 });
  const program = await engine.compile(graph, { capacity: 1, outputs });
  return () => program.run(1);
}
