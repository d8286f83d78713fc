import { FoveaError, invalid } from '../errors.ts';
import { bytesPerElement, elementCount, type Graph, type Value } from '../graph/graph.ts';
import { compilePlan, type Plan } from '../plan/compile.ts';
import type { Reserved } from '../plan/forecast.ts';
import { alignment, alignUp } from '../plan/memory.ts';
import { type CompileOptions, type Engine, otherSize, type Program } from './backend.ts';
import { ControlBlock } from './control-block.ts';
import { kernelImports } from './kernel-imports.ts';
import { type ProgramHost, WasmProgram } from './wasm-program.ts';

/** What the host gives the engine: the compiled kernels, and threads where it has them. */
export interface WasmHost {
  /** The kernels compiled for shared memory (`true`) or not. */
  loadKernels(shared: boolean): Promise<WebAssembly.Module>;
  /** Starts thread `thread` of `threads`; absent where there are none: then kernels run on the calling thread. */
  startWorker?(start: KernelWorkerStart): Promise<KernelWorker>;
  /**
   * The most work of a run that the calling thread may do where threads would save little (see `worthThreads`). Absent:
   * none, for a page's own thread must not be busy for milliseconds.
   */
  readonly callerWork?: number;
}

export interface KernelWorkerStart {
  readonly module: WebAssembly.Module;
  readonly memory: WebAssembly.Memory;
  /** Address of the control block. */
  readonly control: number;
  readonly thread: number;
  readonly threads: number;
}

/** A thread that takes part in the rounds of the control block (serve-rounds.ts). */
export interface KernelWorker {
  /** Called before all threads are woken: resolves when this one ran all calls of the round; rejects when it died. */
  run(): Promise<void>;
  terminate(): Promise<void>;
}

/** What the kernel module exports (src/kernels/index.ts). */
interface KernelExports {
  run(program: number, control: number, thread: number, threads: number, scratch: number): number;
  heapBase(): number;
}

export interface WasmEngineOptions {
  /** 1 … 64. Never changes a bit of any result. */
  readonly threads: number;
  /**
   * Multiply-adds and written elements of a run below which the calling thread computes: starting and joining the
   * threads takes longer (0.15 ms). Default 4 million; 0: always the threads.
   */
  readonly inlineWork?: number;
  /** Fills the workspace with NaN before each run, so that a kernel that reads what nobody wrote is seen. For tests. */
  readonly poison?: boolean;
}

/**
 * Multiply-adds that threads must take off the longest share of a run to be worth waking, and meeting after each stage:
 * some 0.2 ms. One small picture through a deep network saves less: most of its stages are a chunk or two.
 */
const worthThreads = 12e6;

const pageBytes = 65536;
const maximumPages = 65536;

export async function createWasmEngine(host: WasmHost, options: WasmEngineOptions): Promise<Engine> {
  const { threads } = options;
  if (!Number.isInteger(threads) || threads < 1 || threads > 64)
    throw invalid('a whole number from 1 to 64', 'threads', threads);
  const startWorker = host.startWorker?.bind(host);
  const shared = startWorker !== undefined;
  const module = await host.loadKernels(shared);
  const memory = new WebAssembly.Memory(
    shared ? { initial: 64, maximum: maximumPages, shared } : { initial: 64, maximum: maximumPages },
  );
  const instance = await WebAssembly.instantiate(module, kernelImports(memory));
  const kernels = instance.exports as unknown as KernelExports;
  const control = new ControlBlock(memory, alignUp(kernels.heapBase()));
  const workers: KernelWorker[] = [];
  if (startWorker) {
    const starts = Array.from({ length: threads }, (_, thread) =>
      startWorker({ module, memory, control: control.address, thread, threads }),
    );
    try {
      workers.push(...(await Promise.all(starts)));
    } catch (error) {
      for (const start of starts)
        start.then(
          (worker) => worker.terminate(),
          () => undefined,
        );
      throw error;
    }
  }
  return new WasmEngine(kernels, memory, control, workers, { ...options, callerWork: host.callerWork ?? 0 });
}

class WasmEngine implements Engine, ProgramHost {
  readonly name = 'wasm';
  readonly threads: number;
  private readonly numbers = new Map<string, number>();
  private readonly persistent = new Map<string, { address: number; elements: number }>();
  private next: number;
  private workspace = { address: 0, bytes: 0 };
  private threadScratch = { address: 0, bytes: 0 };
  /** Grows when a region moved: programs then write their addresses again. */
  private layout = 0;
  /** Grows when a parameter or buffer may have changed: programs then prepare their weights again. */
  private changes = 0;
  private running = false;
  private broken: string | undefined;

  constructor(
    private readonly kernels: KernelExports,
    readonly memory: WebAssembly.Memory,
    private readonly control: ControlBlock,
    private readonly workers: readonly KernelWorker[],
    private readonly options: WasmEngineOptions & { readonly callerWork: number },
  ) {
    for (const [name, value] of Object.entries(kernels)) {
      const number = (value as { value?: unknown }).value;
      if (typeof number === 'number') this.numbers.set(name, number);
    }
    this.threads = workers.length || 1;
    this.next = control.address;
    this.reserve(ControlBlock.bytes);
  }

  async compile(graph: Graph, options: CompileOptions): Promise<Program> {
    this.assertUsable();
    const plan = compilePlan(graph, options);
    for (const value of plan.persistent) this.reservePersistent(value);
    this.workspace = this.enlarge(this.workspace, plan.workspaceBytes);
    this.threadScratch = this.enlarge(this.threadScratch, alignUp(plan.threadScratchBytes) * this.threads);
    return new WasmProgram(this, plan);
  }

  readPersistent(name: string): Float32Array {
    return this.persistentView(name).slice();
  }

  writePersistent(name: string, data: Float32Array): void {
    const view = this.persistentView(name);
    if (view.length !== data.length) throw new Error(`'${name}' holds ${view.length} elements, not ${data.length}`);
    view.set(data);
    this.changes++;
  }

  persistentNames(): string[] {
    return [...this.persistent.keys()];
  }

  get reserved(): Reserved {
    return {
      used: this.next,
      memory: this.memory.buffer.byteLength,
      workspace: this.workspace.bytes,
      threadScratch: this.threadScratch.bytes,
      names: this.persistentNames(),
    };
  }

  async dispose(): Promise<void> {
    this.broken ??= 'it was disposed';
    this.control.end();
    await Promise.all(this.workers.map((worker) => worker.terminate()));
  }

  // What programs need of their engine.

  reserve(bytes: number): number {
    const address = this.next;
    this.next = alignUp(address + bytes);
    // Kernels load whole vectors at the end of a tensor and throw the lanes beyond it away.
    const missing = Math.ceil((this.next + alignment - this.memory.buffer.byteLength) / pageBytes);
    if (missing > 0) {
      const gib = (this.next / 2 ** 30).toFixed(2);
      const mend = 'Use a smaller batch or a smaller model';
      if (this.next > maximumPages * pageBytes)
        throw invalid('at most 4 GiB of engine memory', 'this model and batch', `${gib} GiB`, mend);
      try {
        this.memory.grow(missing);
      } catch {
        throw invalid(`${gib} GiB of memory`, 'the engine', 'a refusal by the machine', mend);
      }
    }
    return address;
  }

  addressOf(value: Value): number {
    return (this.persistent.get(value.name) as { address: number }).address;
  }

  kernelNumber(name: string): number {
    const number = this.numbers.get(name);
    if (number === undefined) throw new Error(`no kernel '${name}' in the module`);
    return number;
  }

  get workspaceAddress(): number {
    return this.workspace.address;
  }

  get layoutVersion(): number {
    return this.layout;
  }

  get weightsVersion(): number {
    return this.changes;
  }

  threadScratchAddress(thread: number): number {
    return this.threadScratch.address + (thread * this.threadScratch.bytes) / this.threads;
  }

  async run(program: number, plan: Plan, n: number): Promise<void> {
    this.assertUsable();
    if (this.running) throw new Error('an engine runs one program at a time');
    if (this.options.poison) this.poisonWorkspace(plan);
    this.running = true;
    if (plan.mutates) this.changes++;
    try {
      if (this.workers.length === 0 || this.suitsCaller(plan, n)) {
        this.kernels.run(program, this.control.address, 0, 1, this.threadScratch.address);
        return;
      }
      const { address: scratch, bytes } = this.threadScratch;
      this.control.write({ program, scratch, scratchBytes: bytes / this.threads });
      const runs = this.workers.map((worker) =>
        worker.run().catch((error) => {
          this.control.abort();
          throw error;
        }),
      );
      // Last of all: the cores are theirs from here on.
      this.control.wake();
      const results = await Promise.allSettled(runs);
      const failure = results.find((result) => result.status === 'rejected');
      if (failure) {
        const { reason } = failure;
        this.broken ??= `a thread died (${reason instanceof Error ? reason.message : reason})`;
      }
      // It may have been disposed of meanwhile, and then no thread died and yet not all was computed.
      this.assertUsable();
    } finally {
      this.running = false;
    }
  }

  /** Whether the calling thread had better compute than the threads. A training step is left to them: its caller prepares the next. */
  private suitsCaller({ work, mutates }: Plan, n: number): boolean {
    const { inlineWork = 4e6, callerWork } = this.options;
    const total = work.total(n);
    if (total < inlineWork) return true;
    if (mutates || inlineWork === 0 || total >= callerWork) return false;
    return total - work.longestShare(n, this.threads) < worthThreads;
  }

  private assertUsable(): void {
    if (this.broken) throw new FoveaError(`Expected a working engine but ${this.broken}`, 'Create a new engine');
  }

  private enlarge(region: { address: number; bytes: number }, bytes: number): { address: number; bytes: number } {
    if (bytes <= region.bytes) return region;
    this.layout++;
    return { address: this.reserve(bytes), bytes };
  }

  private reservePersistent(value: Value): void {
    const elements = elementCount(value, 1);
    const known = this.persistent.get(value.name);
    if (known && known.elements !== elements) throw otherSize(value.name, known.elements, elements);
    if (!known) this.persistent.set(value.name, { address: this.reserve(elements * 4), elements });
  }

  private persistentView(name: string): Float32Array {
    const known = this.persistent.get(name);
    if (!known) throw new Error(`this engine has no value '${name}'`);
    return new Float32Array(this.memory.buffer, known.address, known.elements);
  }

  /** Everything but the inputs becomes NaN. */
  private poisonWorkspace(plan: Plan): void {
    const inputs = [...plan.places].filter(([value]) => value.role === 'input');
    const saved = inputs.map(([value, { offset }]) => {
      const bytes = elementCount(value, plan.capacity) * bytesPerElement[value.type];
      return { offset, copy: new Uint8Array(this.memory.buffer, this.workspace.address + offset, bytes).slice() };
    });
    for (const { address, bytes } of [this.workspace, this.threadScratch])
      new Float32Array(this.memory.buffer, address, bytes >> 2).fill(Number.NaN);
    for (const { offset, copy } of saved)
      new Uint8Array(this.memory.buffer, this.workspace.address + offset, copy.length).set(copy);
  }
}
