/** Where things stand in a control block, in bytes. What kernels read of it ends with `aborted` (src/kernels/run.ts). */
const at = { aborted: 192, round: 256, program: 320, scratch: 324, scratchBytes: 328 };
const bytes = 384;

/** What the threads are to run together, by addresses in the engine's memory. */
export interface Round {
  /** 0: nothing any more. */
  readonly program: number;
  /** That of thread 0; the others' follow it. */
  readonly scratch: number;
  /** Bytes of one thread's scratch. */
  readonly scratchBytes: number;
}

/**
 * What an engine and its threads share: what is to be run, and a word that counts the rounds, on which threads rest. One
 * notification wakes all of them: half the time of a message to each (docs/decisions/0011).
 */
export class ControlBlock {
  static readonly bytes = bytes;

  constructor(
    private readonly memory: WebAssembly.Memory,
    readonly address: number,
  ) {}

  /** Made anew each time: a memory that nobody shares moves when it grows. */
  private get words(): Int32Array {
    return new Int32Array(this.memory.buffer, this.address, bytes >> 2);
  }

  /** What was written last. */
  get round(): Round {
    const [program, scratch, scratchBytes] = this.words.subarray(at.program >> 2, (at.scratchBytes >> 2) + 1);
    return { program: program >>> 0, scratch: scratch >>> 0, scratchBytes };
  }

  /** Says what is to be run next; nobody looks before they are woken. */
  write({ program, scratch, scratchBytes }: Round): void {
    this.words.set([program, scratch, scratchBytes], at.program >> 2);
  }

  /** Begins a round: wakes all threads. */
  wake(): void {
    const { words } = this;
    Atomics.add(words, at.round >> 2, 1);
    Atomics.notify(words, at.round >> 2);
  }

  /** Sleeps until there is another round than `seen` (0: none yet). @returns that round. */
  rest(seen: number): number {
    const { words } = this;
    const index = at.round >> 2;
    while (Atomics.load(words, index) === seen) Atomics.wait(words, index, seen);
    return Atomics.load(words, index);
  }

  /** Tells threads that wait at a barrier that one of them will never come. */
  abort(): void {
    Atomics.store(this.words, at.aborted >> 2, 1);
  }

  /** Lets all threads end, wherever they are: a browser gives one that sleeps two seconds before it ends it by force. */
  end(): void {
    this.abort();
    this.write({ program: 0, scratch: 0, scratchBytes: 0 });
    this.wake();
  }
}
