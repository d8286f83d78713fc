/**
 * Turbo: V8 can put two neighbouring operations on 128 bits into one on 256 (`--experimental-wasm-revectorize`, from
 * Node 22 on, x64 with AVX2). It is off by default and an experiment of V8's, so it is used only when asked for, for
 * the engine's kernels only, and only after each of them has computed the same bits with and without it and they were
 * found to be faster (those of Node 22 are not: its V8 leaves most of them as they are).
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import v8 from 'node:v8';
import { ControlBlock } from '../core/backend/control-block.ts';
import { kernelImports } from '../core/backend/kernel-imports.ts';
import { type SelfTestCase, selfTestCases } from '../core/backend/self-test.ts';
import { createWasmEngine, type KernelWorkerStart, type WasmHost } from '../core/backend/wasm.ts';
import { loadKernels, readTurboKernels } from './kernels.ts';
import { timesFaster } from './turbo-speed.ts';

const flag = '--experimental-wasm-revectorize';

/** What came of switching turbo on. */
export interface Turbo {
  readonly on: boolean;
  /** The version of V8. */
  readonly v8: string;
  /** What happened and why, a sentence. */
  readonly text: string;
  /** How many kernels were compared. */
  readonly kernels: number;
  /** The compiled kernels; absent where it is not on. */
  readonly module?: WebAssembly.Module;
}

let prepared: Promise<Turbo> | undefined;

/** Compiles the kernels for 256 bits and proves them, once a process. @throws FoveaError when they were not built. */
export function prepareTurbo(): Promise<Turbo> {
  prepared ??= prepare();
  return prepared;
}

async function prepare(): Promise<Turbo> {
  const version = process.versions.v8;
  const refuse = (why: string, kernels = 0): Turbo => ({
    on: false,
    v8: version,
    kernels,
    text: `Turbo is refused, computing goes on without it: ${why}.`,
  });
  if (!(await hasFlag())) {
    return refuse(
      `V8 ${version} of Node ${process.versions.node} on ${process.arch} cannot widen kernels; Node 24 can, on x64`,
    );
  }
  const widened = widen(await readTurboKernels());
  const plain = await loadKernels(true);
  // First, since it takes a tenth of the time of the proof.
  const faster = await timesFaster(plain, widened);
  if (faster <= 1)
    return refuse(`with it V8 ${version} takes ${(1 / faster).toFixed(2)} times as long; that of Node 24 is faster`);
  const { difference, kernels } = await compareKernels(plain, widened);
  if (difference !== undefined) return refuse(difference, kernels);
  const text = `Turbo is on: V8 ${version} widens kernels to 256 bits where it can; all ${kernels} gave the same bits as without it, and products were ${faster.toFixed(2)} times as fast.`;
  return { on: true, v8: version, text, kernels, module: widened };
}

/** An unknown flag makes V8 complain on stderr, and it has no function that lists the known ones: ask another Node. */
async function hasFlag(): Promise<boolean> {
  try {
    const { stdout } = await promisify(execFile)(process.execPath, ['--v8-options'], { maxBuffer: 1 << 24 });
    return stdout.includes(flag);
  } catch {
    return false;
  }
}

/**
 * Flags are the process's: they are set for as long as the kernels compile. Without V8's baseline compiler and at once,
 * so that all code is there in its last form when this ends: what is proved is what will run. In one go, because Node
 * ends while an asynchronous compilation is all that it waits for.
 */
function widen(bytes: Uint8Array): WebAssembly.Module {
  // V8 keeps compiled code by the module's bytes; a custom section makes them another module.
  const named = new Uint8Array([...bytes, 0, 6, 5, ...new TextEncoder().encode('turbo')]);
  v8.setFlagsFromString(flag);
  v8.setFlagsFromString('--no-liftoff');
  v8.setFlagsFromString('--no-wasm-lazy-compilation');
  try {
    return new WebAssembly.Module(named);
  } finally {
    v8.setFlagsFromString('--no-experimental-wasm-revectorize');
    v8.setFlagsFromString('--liftoff');
    v8.setFlagsFromString('--wasm-lazy-compilation');
  }
}

interface Comparison {
  /** What differs, or which kernel was not compared: the end of a sentence. Absent when all gave equal bits. */
  readonly difference?: string;
  /** How many were compared. */
  readonly kernels: number;
}

/** Runs the same programs on two modules, each in a memory of its own, and compares all that the memories hold. */
export async function compareKernels(
  plain: WebAssembly.Module,
  other: WebAssembly.Module,
  cases: readonly SelfTestCase[] = selfTestCases(),
): Promise<Comparison> {
  const seen = new Set<string>();
  let names: readonly string[] = [];
  for (const { title, run } of cases) {
    const sides = [new Side(plain), new Side(other)];
    for (const side of sides) await side.run(run);
    names = sides[0].names;
    for (const { kernel } of sides[0].calls) seen.add(kernel);
    if (sameBits(sides[0].bytes, sides[1].bytes)) continue;
    const kernel = await firstDifference(plain, other, run);
    return {
      kernels: seen.size,
      difference: `with V8 ${process.versions.v8} the kernel '${kernel}' gave other bits in ${title}`,
    };
  }
  const missing = names.filter((name) => !seen.has(name));
  if (missing.length > 0)
    return { kernels: seen.size, difference: `no program of the self-test calls ${missing.join(', ')}` };
  return { kernels: seen.size };
}

/** The kernel after whose call, the first of all, the memories differ. */
async function firstDifference(
  plain: WebAssembly.Module,
  other: WebAssembly.Module,
  run: SelfTestCase['run'],
): Promise<string> {
  const sides = [new Side(plain, true), new Side(other, true)];
  for (const side of sides) await side.run(run);
  const [a, b] = sides.map(({ calls }) => calls);
  return a.find(({ hash }, i) => hash !== b[i].hash)?.kernel ?? 'unknown';
}

/** An engine whose only thread is this one, which sees what it calls. */
class Side {
  readonly calls: { readonly kernel: string; readonly hash: number }[] = [];
  names: readonly string[] = [];
  private memory: WebAssembly.Memory | undefined;
  private readonly module: WebAssembly.Module;
  /** Whether to hash the memory after each call, which takes long. */
  private readonly hashing: boolean;

  constructor(module: WebAssembly.Module, hashing = false) {
    this.module = module;
    this.hashing = hashing;
  }

  get bytes(): Int32Array {
    return new Int32Array((this.memory as WebAssembly.Memory).buffer);
  }

  async run(work: SelfTestCase['run']): Promise<void> {
    const host: WasmHost = {
      loadKernels: async () => this.module,
      startWorker: async (start) => ({ ...(await this.start(start)), terminate: async () => undefined }),
    };
    const engine = await createWasmEngine(host, { threads: 1, inlineWork: 0 });
    await work(engine);
    await engine.dispose();
  }

  private async start({ module, memory, control }: KernelWorkerStart): Promise<{ run(): Promise<void> }> {
    this.memory = memory;
    const { exports } = await WebAssembly.instantiate(module, kernelImports(memory));
    const byNumber: string[] = [];
    for (const [name, value] of Object.entries(exports)) {
      const number = (value as { value?: unknown }).value;
      if (typeof number === 'number') byNumber[number] = name;
    }
    this.names = byNumber;
    const runCalls = exports.run as (...args: number[]) => number;
    return {
      run: async () => {
        const { program, scratch } = new ControlBlock(memory, control).round;
        for (const kernel of this.eachCall(program)) {
          runCalls(kernel.program, control, 0, 1, scratch);
          // What a kernel leaves where it worked is no result, and others leave other things there.
          this.bytes.fill(0, scratch >> 2, (scratch + kernel.scratch) >> 2);
          this.calls.push({ kernel: byNumber[kernel.number], hash: this.hashing ? hash(this.bytes) : 0 });
        }
      },
    };
  }

  /**
   * The calls of a program (see src/kernels/run.ts), each as a program of one call: the 64 bytes before a call's record
   * are its head for as long as it runs.
   */
  private *eachCall(program: number): Generator<{ program: number; number: number; scratch: number }> {
    const [count, n, scratch] = this.bytes.subarray(program >> 2, (program >> 2) + 3);
    for (let i = 0; i < count; i++) {
      const head = (program >> 2) + 4 * i;
      const before = this.bytes.slice(head, head + 2);
      const number = this.bytes[head + 16];
      this.bytes.set([1, n], head);
      yield { program: program + 16 * i, number, scratch };
      this.bytes.set(before, head);
    }
  }
}

function sameBits(a: Int32Array, b: Int32Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** FNV-1a over words. */
function hash(words: Int32Array): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < words.length; i++) value = Math.imul(value ^ words[i], 0x01000193);
  return value;
}
