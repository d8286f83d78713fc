import { bytesPerElement, elementCount, type Graph, isPersistent, type Value } from '../graph/graph.ts';
import type { Plan, PlannedCall } from '../plan/compile.ts';
import { encodeArguments } from '../plan/encode.ts';
import { layOutProgram, type ProgramLayout, type RegionLayout } from '../plan/program-layout.ts';
import type { Program } from './backend.ts';

/** What programs need of their engine. */
export interface ProgramHost {
  readonly memory: WebAssembly.Memory;
  readonly threads: number;
  readonly workspaceAddress: number;
  /** Changes when the workspace or the threads' scratch moved. */
  readonly layoutVersion: number;
  /** Changes when a persistent value may have changed. */
  readonly weightsVersion: number;
  threadScratchAddress(thread: number): number;
  /** Takes memory for good. */
  reserve(bytes: number): number;
  addressOf(value: Value): number;
  kernelNumber(name: string): number;
  run(program: number, plan: Plan, n: number): Promise<void>;
}

/** As kernels/run.ts knows it. */
const regionKernel = -1;

/** A plan in the engine's memory. */
export class WasmProgram implements Program {
  readonly graph: Graph;
  readonly capacity: number;
  readonly workspaceBytes: number;
  private readonly own: ProgramLayout;
  private layout = -1;
  private weights = -1;
  private lastN = 0;
  /** What the records say: a batch of n, with or without the preparations. */
  private written = '';

  constructor(
    private readonly engine: ProgramHost,
    private readonly plan: Plan,
  ) {
    this.graph = plan.graph;
    this.capacity = plan.capacity;
    this.workspaceBytes = plan.workspaceBytes;
    this.own = layOutProgram(plan, engine.threads, (bytes) => engine.reserve(bytes));
    for (const [table, at] of this.own.tables) new Int32Array(engine.memory.buffer, at, table.length).set(table);
  }

  write(input: Value, data: Float32Array | Int32Array | Uint8Array): void {
    const whole = elementCount(input, this.capacity);
    if (data.length > whole) throw new Error(`input '${input.name}' holds ${whole} elements, not ${data.length}`);
    const place = this.plan.places.get(input);
    if (place === undefined) return; // no node reads it
    const at = this.engine.workspaceAddress + place.offset;
    view(this.engine.memory.buffer, input.type, at, data.length).set(data);
  }

  async run(n: number): Promise<void> {
    if (!Number.isInteger(n) || n < 1 || n > this.capacity)
      throw new Error(`a batch of ${n} for a capacity of ${this.capacity}`);
    if (this.layout !== this.engine.layoutVersion) this.writeArguments();
    const prepare = this.plan.preparations.length > 0 && this.weights !== this.engine.weightsVersion;
    this.writeRecords(n, prepare);
    const version = this.engine.weightsVersion;
    await this.engine.run(this.own.records, this.plan, n);
    if (prepare) this.weights = version;
    this.lastN = n;
  }

  read(output: Value): Float32Array {
    const elements = elementCount(output, this.lastN || this.capacity);
    return Float32Array.from(view(this.engine.memory.buffer, output.type, this.addressOf(output, 0), elements));
  }

  dispose(): void {}

  private addressOf(value: Value, thread: number): number {
    if (isPersistent(value)) return this.engine.addressOf(value);
    const place = this.plan.places.get(value);
    if (place === undefined) throw new Error(`value '${value.name}' is no output of this program`);
    return this.baseOf(place.home, thread) + place.offset;
  }

  private baseOf(home: 'workspace' | 'prepared' | 'arena', thread: number): number {
    if (home === 'workspace') return this.engine.workspaceAddress;
    return home === 'prepared' ? this.own.prepared : this.engine.threadScratchAddress(thread) + this.plan.arenaOffset;
  }

  private encode(call: PlannedCall, thread: number): Int32Array {
    return encodeArguments(call.args, {
      value: (value) => this.addressOf(value, thread),
      scratch: (index) => {
        const { home, offset } = this.plan.scratchPlaces[index];
        return this.baseOf(home, thread) + offset;
      },
      table: (table) => this.own.tables.get(table) as number,
    });
  }

  /** Everything that depends on where the workspace and the arenas lie. */
  private writeArguments(): void {
    const { engine } = this;
    const words = new Int32Array(engine.memory.buffer);
    for (const [call, at] of this.own.callArguments) words.set(this.encode(call, 0), at >>> 2);
    for (const record of this.own.regions.values()) {
      const { stage, patches } = record;
      words.set(
        [
          ...[stage.region.samples, stage.calls.length, record.calls, patches.length, record.patchesAddress],
          ...[record.threadArguments, record.threadStride],
        ],
        record.descriptor >>> 2,
      );
      patches.forEach(({ at, value }, i) => {
        const sampleBytes = elementCount(value, 1) * bytesPerElement[value.type];
        words.set([at, this.addressOf(value, 0), sampleBytes], (record.patchesAddress + 16 * i) >>> 2);
      });
      for (let thread = 0; thread < engine.threads; thread++)
        stage.calls.forEach((call, i) => {
          const at = record.threadArguments + thread * record.threadStride + record.argumentOffsets[i];
          words.set(this.encode(call, thread), at >>> 2);
        });
    }
    this.layout = engine.layoutVersion;
    this.written = '';
  }

  /** Everything that depends on the batch. */
  private writeRecords(n: number, prepare: boolean): void {
    const wanted = `${n} ${prepare}`;
    if (this.written === wanted) return;
    const words = new Int32Array(this.engine.memory.buffer);
    let count = 0;
    const add = (kernel: number, chunks: number, args: number): void => {
      words.set([kernel, chunks, args], (this.own.records + 64 + 16 * count++) >>> 2);
    };
    const addCall = (call: PlannedCall, args: number): void =>
      add(this.engine.kernelNumber(call.kernel), call.chunks(n), args);
    const addSingle = (call: PlannedCall): void => addCall(call, this.own.callArguments.get(call) as number);
    if (prepare) this.plan.preparations.forEach(addSingle);
    for (const stage of this.plan.stages) {
      const record = this.own.regions.get(stage);
      if (!record) stage.calls.forEach(addSingle);
      else if (n > record.stage.region.samples) {
        this.writeBlocks(record, n, words);
        add(regionKernel, Math.ceil(n / record.stage.region.samples), record.descriptor);
      } else {
        // All threads on the one block, with the first one's arguments and arena.
        for (const { at, value } of record.patches)
          words[(record.threadArguments + at) >>> 2] = this.addressOf(value, 0);
        stage.calls.forEach((call, i) => {
          addCall(call, record.threadArguments + record.argumentOffsets[i]);
        });
      }
    }
    words.set([count, n, this.plan.arenaOffset], this.own.records >>> 2);
    this.written = wanted;
  }

  private writeBlocks({ stage, calls, argumentOffsets }: RegionLayout, n: number, words: Int32Array): void {
    const { samples } = stage.region;
    stage.calls.forEach((call, i) => {
      const chunks = [call.chunks(samples), call.chunks(n % samples || samples)];
      words.set([this.engine.kernelNumber(call.kernel), ...chunks, argumentOffsets[i]], (calls + 16 * i) >>> 2);
    });
  }
}

function view(
  buffer: ArrayBuffer,
  type: Value['type'],
  at: number,
  length: number,
): Float32Array | Int32Array | Uint8Array {
  if (type === 'float32') return new Float32Array(buffer, at, length);
  return type === 'int32' ? new Int32Array(buffer, at, length) : new Uint8Array(buffer, at, length);
}
