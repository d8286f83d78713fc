import { runFiles } from '../run-folder.ts';
import type { StudioHost } from './host.ts';

/** What is kept open for runs that somebody clicks at. */
export interface KeptByRun<Value> {
  /** @param run a run's folder or a model's file. @throws FoveaError where there is no model yet. */
  open(run: string): Promise<Kept<Value>>;
  /** Closes what is kept for a run, so that it is opened anew. */
  drop(run: string): Promise<void>;
  close(): Promise<void>;
}

export interface Kept<Value> {
  readonly value: Value;
  /** One after the other: an engine computes one thing at a time. */
  use<T>(work: (value: Value) => Promise<T>): Promise<T>;
}

interface Entry<Value> {
  readonly stamp: string;
  readonly kept: Promise<Kept<Value>>;
}

/**
 * Keeps what was opened for the runs that were used last, opens it anew when a training wrote a better model, and closes
 * it once whoever uses it has come to his end.
 * @param most so many are kept.
 */
export function keepByRun<Value>(
  host: StudioHost,
  most: number,
  openNow: (run: string) => Promise<Value>,
  closeNow: (value: Value) => Promise<void>,
): KeptByRun<Value> {
  const entries = new Map<string, Entry<Value>>();

  const inTurn = async (run: string): Promise<Kept<Value>> => {
    const value = await openNow(run);
    let last: Promise<unknown> = Promise.resolve();
    return {
      value,
      use(work) {
        const now = last.then(() => work(value));
        last = now.catch(() => undefined);
        return now;
      },
    };
  };
  /** What changes when a training writes a better model. */
  const stampOf = async (run: string): Promise<string> => {
    const { storage } = host;
    if ((await storage.kind(run)) === 'file') return String(await host.bytesOf(run));
    const text = new TextDecoder().decode(await storage.read(storage.join(run, runFiles.description)));
    const { best, epochsDone, updated } = JSON.parse(text) as {
      best?: { epoch: number };
      epochsDone: number;
      updated: string;
    };
    return best ? `epoch ${best.epoch}` : `${epochsDone} ${updated}`;
  };
  const drop = async (run: string): Promise<void> => {
    const entry = entries.get(run);
    entries.delete(run);
    const kept = await entry?.kept.catch(() => undefined);
    await kept?.use(closeNow);
  };

  return {
    async open(run) {
      const stamp = await stampOf(run);
      const known = entries.get(run);
      if (known?.stamp === stamp) {
        entries.delete(run);
        entries.set(run, known);
        return known.kept;
      }
      if (known) void drop(run).catch(host.report);
      const kept = inTurn(run);
      entries.set(run, { stamp, kept });
      kept.catch(() => entries.delete(run));
      for (const [oldest] of entries) {
        if (entries.size <= most) break;
        void drop(oldest).catch(host.report);
      }
      return kept;
    },
    drop,
    async close() {
      await Promise.all([...entries.keys()].map(drop));
    },
  };
}
