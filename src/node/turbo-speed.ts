import type { Engine, Program } from '../core/backend/backend.ts';
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
  const engines = [await createEngineOf(plain), await createEngineOf(other)];
  const programs = await Promise.all(engines.map(compileProducts));
  for (const program of programs)
    for (const end = performance.now() + warmMilliseconds; performance.now() < end; ) await program.run(1);
  const least = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY];
  for (let round = 0; round < rounds; round++)
    for (const [i, program] of programs.entries()) {
      const start = performance.now();
      await program.run(1);
      least[i] = Math.min(least[i], performance.now() - start);
    }
  for (const engine of engines) await engine.dispose();
  return least[0] / least[1];
}

/** An engine that computes on the calling thread. */
function createEngineOf(module: WebAssembly.Module): Promise<Engine> {
  // The module asks for shared memory, which engines with threads have; theirs is never called.
  const idle = { run: async () => undefined, terminate: async () => undefined };
  const host = { loadKernels: async () => module, startWorker: async () => idle };
  return createWasmEngine(host, { threads: 1, inlineWork: Number.POSITIVE_INFINITY });
}

function compileProducts(engine: Engine): Promise<Program> {
  const graph = new Graph();
  const v = graph.source('input', 'V', { shape: [36, tiles, channels], batched: true, type: 'float32' });
  const u = graph.source('input', 'U', { shape: [36, channels / 8, channels, 8], batched: false, type: 'float32' });
  const outputs = graph.apply(winogradProducts, [v, u], { repeats: 8 });
  return engine.compile(graph, { capacity: 1, outputs });
}
