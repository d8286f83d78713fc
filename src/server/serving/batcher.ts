import { FoveaError } from '../../core/errors.ts';

/** Work that was given up before it was begun: the one who asked waits no longer. */
export class GivenUp extends FoveaError {}

export interface BatcherOptions<T, R> {
  /** Computes a result for each item, in order. */
  run(items: readonly T[]): Promise<readonly R[]>;
  /** Items a run, at most. */
  readonly maxBatch: number;
  /** Milliseconds that an item waits for company, at most, while nothing runs. */
  readonly maxWait: number;
  /** Told of each run: how many items it had. */
  readonly onRun?: (items: number) => void;
}

/** Puts items that come one by one into runs of several. */
export interface Batcher<T, R> {
  /** Items that wait. */
  readonly waiting: number;
  /**
   * Tells that an item is on its way (its picture is being decoded); returns what ends that. Only while one is on its
   * way does another wait for it, so a lone client is never kept waiting.
   */
  announce(): () => void;
  /** @throws what `run` threw; GivenUp when the signal was aborted before the run began. */
  add(item: T, signal?: AbortSignal): Promise<R>;
  /** Resolves when nothing waits and nothing runs. */
  idle(): Promise<void>;
}

interface Waiting<T, R> {
  readonly item: T;
  resolve(result: R): void;
  reject(error: unknown): void;
}

/**
 * Dynamic batching: a run takes what has gathered while the run before it went on, up to `maxBatch`; where nothing runs,
 * an item waits at most `maxWait` for others that were announced.
 */
export function createBatcher<T, R>({ run, maxBatch, maxWait, onRun }: BatcherOptions<T, R>): Batcher<T, R> {
  let queue: Waiting<T, R>[] = [];
  let announced = 0;
  let running = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let atRest: (() => void)[] = [];

  function consider(): void {
    if (running || queue.length === 0) rest();
    else if (queue.length >= maxBatch || announced === 0 || maxWait === 0) void begin();
    else timer ??= setTimeout(() => void begin(), maxWait);
  }

  function rest(): void {
    if (running || queue.length > 0) return;
    const told = atRest;
    atRest = [];
    for (const tell of told) tell();
  }

  async function begin(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    if (running || queue.length === 0) return;
    running = true;
    const batch = queue.slice(0, maxBatch);
    queue = queue.slice(maxBatch);
    onRun?.(batch.length);
    try {
      const results = await run(batch.map(({ item }) => item));
      batch.forEach(({ resolve }, i) => {
        resolve(results[i]);
      });
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
    running = false;
    consider();
  }

  return {
    get waiting() {
      return queue.length;
    },
    announce() {
      announced++;
      let done = false;
      return () => {
        if (done) return;
        done = true;
        announced--;
        consider();
      };
    },
    add(item, signal) {
      return new Promise<R>((resolve, reject) => {
        if (signal?.aborted) return reject(new GivenUp('The request was given up before its picture was classified'));
        const entry: Waiting<T, R> = { item, resolve, reject };
        const giveUp = (): void => {
          if (!queue.includes(entry)) return;
          queue = queue.filter((one) => one !== entry);
          reject(new GivenUp('The request was given up before its picture was classified'));
          rest();
        };
        signal?.addEventListener('abort', giveUp, { once: true });
        queue.push(entry);
        consider();
      });
    },
    idle() {
      return new Promise((resolve) => {
        atRest.push(resolve);
        rest();
      });
    },
  };
}
