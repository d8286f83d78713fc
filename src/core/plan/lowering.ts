import type { GraphNode, Value } from '../graph/graph.ts';

/**
 * How an op becomes calls of kernels. A kernel is an AssemblyScript function
 * `name(args: usize, chunk: i32, n: i32, scratch: usize): void`; `args` points to the words listed here, one 32-bit word
 * an argument. Threads take chunks 0 … chunks(n)-1 in any order, so a kernel's chunks must not write what another
 * chunk of the same call reads or writes. Between calls there is a barrier.
 *
 * What a call does may depend on graph, capacity and n, and on nothing else: then the number of threads cannot
 * change a bit. Sums over chunks are stored one a chunk and added in chunk order by a following call.
 */
export type Argument =
  /** An integer. */
  | number
  /** A float32, stored as its bits. */
  | { readonly float: number }
  /** The address of a value. */
  | { readonly value: Value }
  /** The address of memory that is this node's while its calls run, or that was prepared for it. */
  | { readonly scratch: number }
  /** The address of constants, written once when the program is loaded. */
  | { readonly table: Int32Array };

/** Addresses of [channels] each: y = x · scale + shift. */
export interface AffineFactors {
  readonly scale: Argument;
  readonly shift: Argument;
}

/** A gradient that is 0 but for one place in each window of 2x2 side by side: in the window's place its gradient. */
export interface Doubling {
  readonly places: Value;
  readonly gradient: Value;
}

export interface KernelCall {
  readonly kernel: string;
  readonly args: readonly Argument[];
  /** Number of chunks for a batch of n (≥ 1). */
  readonly chunks: (n: number) => number;
}

export interface LoweringContext {
  readonly node: GraphNode;
  readonly capacity: number;
  /** 'direct' forbids kernels whose rounding differs from plain sums of products (Winograd). */
  readonly algorithm: Algorithm;
  /** Whether the plan only evaluates: it changes no weights and computes no gradients. */
  readonly evaluation: boolean;
  /**
   * Computes the scale and shift of each channel that are to be folded into the weights; undefined unless
   * `Lowering.absorbs` names it.
   */
  readonly affine: (() => AffineFactors) | undefined;
  /** A value to add to the result before the epilogue; undefined unless `Lowering.absorbs` names it. */
  readonly residual: Value | undefined;
  /** What the kernel is to apply while it stores its result; 'none' unless `Lowering.epilogues` names it. */
  readonly epilogue: Epilogue;
  /** Maxima of windows of 2x2 are to be stored instead of the result; false unless `Lowering.halves` says so. */
  readonly halving: boolean;
  /** What stands for the gradient that the node reads; undefined unless `Lowering.doubles` says so. */
  readonly doubling: Doubling | undefined;
  /** What else the kernels are to compute; undefined unless `Lowering.joins` says so. */
  readonly joined: { readonly node: GraphNode; readonly outputs: readonly Value[] } | undefined;
  /** Where the result goes: the node's outputs, or the output of the op fused into it. */
  readonly outputs: readonly Value[];
  /** Reserves bytes that live from this node's first call to its last; 64-byte aligned; contents undefined. */
  scratch(bytes: number): Argument;
  /** Reserves bytes for what `prepare` computes. */
  prepared(bytes: number): Argument;
  /** Asks for at least this many bytes behind the kernel's `scratch` parameter, private to each thread. */
  threadScratch(bytes: number): void;
  call(kernel: string, args: readonly Argument[], chunks: number | ((n: number) => number)): void;
  /**
   * A call that reads parameters and buffers alone and writes into `prepared` memory alone (weights in the order in
   * which a kernel reads them). A program that changes no parameter runs it once for all batches.
   */
  prepare(kernel: string, args: readonly Argument[], chunks: number): void;
}

/**
 * 'auto': Winograd's convolution where its rule holds, direct sums elsewhere. 'direct': plain sums of products
 * everywhere.
 */
export const algorithms = ['auto', 'direct'] as const;
export type Algorithm = (typeof algorithms)[number];

export type Epilogue = 'none' | 'relu' | 'relu6';
/** As kernels receive it. */
export const epilogueCode: Readonly<Record<Epilogue, number>> = { none: 0, relu: 1, relu6: 2 };

export interface Lowering {
  /** The op's name. */
  readonly op: string;
  /** Epilogues that the op's last kernel applies itself. */
  readonly epilogues?: readonly Epilogue[];
  /** What the op's kernels do to their result before the epilogue, in this order. */
  readonly absorbs?: readonly ('affine' | 'residual')[];
  /** Whether the kernels for `node` can store maxima of 2x2 instead of their result, after the epilogue. */
  halves?(node: GraphNode): boolean;
  /**
   * Whether the kernels for `node` can read `value`, a gradient, as places and gradients of windows of 2x2, so that it need
   * not be stored.
   */
  doubles?(node: GraphNode, value: Value, algorithm: Algorithm): boolean;
  /** Whether the kernels for `node` can compute `other` along with it, for less than both cost alone. */
  joins?(node: GraphNode, other: GraphNode, algorithm: Algorithm): boolean;
  lower(context: LoweringContext): void;
  /** Of an op that `fusesAs` 'affine': computes y = x · scale + shift, [channels] each, for `node`. */
  lowerAffine?(context: LoweringContext, node: GraphNode): AffineFactors;
}

/** Elements that one chunk of an elementwise kernel handles: 64 KiB of float32, so that input and output stay in L2. */
export const elementsPerChunk = 16384;

/** The address of a value, as an argument. */
export const address = (value: Value): Argument => ({ value });
/** The address of an optional input; 0 where it is absent. */
export const addressOr0 = (value: Value | undefined): Argument => (value ? { value } : 0);
