import { type FoveaError, mismatch } from '../errors.ts';
import type { Graph, Value } from '../graph/graph.ts';
import type { Reserved } from '../plan/forecast.ts';
import type { Algorithm } from '../plan/lowering.ts';

/** How a graph is to be compiled. Everything here is part of the recipe: nothing else may change a bit. */
export interface CompileOptions {
  /** Largest batch a run may have (≥ 1). */
  readonly capacity: number;
  /** Intermediate values that will be read after a run; they are pinned and not fused away. */
  readonly outputs: readonly Value[];
  /** Merge elementwise ops into the kernels that produce their input. Default true. */
  readonly fuse?: boolean;
  /** Take a few samples at a time through runs of ops that treat each by itself. Default true; changes no bit. */
  readonly regions?: boolean;
  /** 'auto' (default) lets the plan use Winograd's convolution where it is faster; 'direct' keeps to plain sums. */
  readonly algorithm?: Algorithm;
}

/** A compiled graph, ready to run. Only one program of an engine runs at a time. */
export interface Program {
  readonly graph: Graph;
  readonly capacity: number;
  /** Bytes of workspace (intermediate values and scratch), for the forecast. */
  readonly workspaceBytes: number;
  /**
   * Writes an input: a typed array of its element type, [n, ...shape] (a shorter batch writes the first n samples).
   * Every input must be written before every run: its memory serves other values once the last node has read it.
   */
  write(input: Value, data: Float32Array | Int32Array | Uint8Array): void;
  /** Runs all nodes for a batch of `n` ≤ capacity. @throws FoveaError when a thread dies or the engine was disposed. */
  run(n: number): Promise<void>;
  /** A copy of an output (or input) for the last `n`; int32 and uint8 values are widened to numbers. */
  read(output: Value): Float32Array;
  dispose(): void;
}

/**
 * Where graphs run. Persistent values (parameters, buffers, optimizer state) live here under their names, zero-filled
 * at first, and are shared by all programs that name them.
 */
export interface Engine {
  readonly name: 'reference' | 'wasm';
  readonly threads: number;
  /** Absent where values are objects of the host (reference). */
  readonly reserved?: Reserved;
  compile(graph: Graph, options: CompileOptions): Promise<Program>;
  /** Elements in the engine's memory layout (see `Op`). @throws Error when the engine has no value of that name. */
  readPersistent(name: string): Float32Array;
  writePersistent(name: string, data: Float32Array): void;
  /** Names known so far, in the order of first mention. */
  persistentNames(): string[];
  dispose(): Promise<void>;
}

/** One engine holds the values of one model under their names; another of other sizes needs an engine of its own. */
export function otherSize(name: string, holds: number, asked: number): FoveaError {
  return mismatch(
    `the model that this engine holds, whose '${name}' has ${holds} numbers,`,
    'the engine',
    `one whose '${name}' has ${asked}`,
    'Give each model an engine of its own (createEngine), and dispose of it when it is done',
  );
}
