import { type StudioClient, StudioError } from '../../core/workbench/studio/client.ts';
import type { LoggedEvent } from '../../core/workbench/studio/job-log.ts';
import type { JobSummary } from '../../core/workbench/studio/jobs.ts';
import { createReach } from '../follow.ts';
import { channelName, type ToTab, type ToWorker } from './messages.ts';
import type { WorkerStart } from './worker.ts';

type Unsent<Kind extends ToWorker['kind']> = Omit<ToWorker & { kind: Kind }, 'from' | 'id'>;

interface Asked {
  readonly message: ToWorker;
  resolve(value: unknown): void;
  reject(error: unknown): void;
}

interface Watched {
  /** Anew: from where the last one broke off. */
  message(): Unsent<'watch'>;
  hear(news: ToTab & { kind: 'news' }): void;
}

/**
 * The studio within the browser. One tab of an origin runs it in a worker; the others ask that one. When that tab is
 * closed another one takes over: a training that it ran is then offered to be resumed.
 */
export function createPageClient(options: Omit<WorkerStart, 'worker'> = {}): StudioClient {
  const from = crypto.randomUUID();
  const reach = createReach();
  const asked = new Map<number, Asked>();
  const watched = new Map<number, Watched>();
  const channel = new BroadcastChannel(channelName);
  const closed = new AbortController();
  let count = 0;
  let worker: Worker | undefined;
  /** The worker that answers, here or in another tab. */
  let current: string | undefined;
  let failure: string | undefined;

  const send = (message: ToWorker): void => {
    if (worker) worker.postMessage(message);
    else channel.postMessage(message);
  };
  const failAll = (error: StudioError): void => {
    for (const { reject } of asked.values()) reject(error);
    asked.clear();
  };

  const hear = (message: ToTab): void => {
    if (message.kind === 'ready') {
      if (message.worker === current) return;
      const before = current;
      current = message.worker;
      reach.set(true);
      if (before !== undefined)
        failAll(new StudioError('The studio went over to another tab meanwhile', 'Try it again'));
      for (const { message: question } of asked.values()) send(question);
      for (const [id, watch] of watched) send({ ...watch.message(), from, id } as ToWorker);
    } else if (message.kind === 'failed') {
      failure = message.message;
      failAll(new StudioError(`The studio cannot begin in this browser: ${failure}`));
    } else if (message.to !== from) return;
    else if (message.kind === 'answer') {
      const question = asked.get(message.id);
      asked.delete(message.id);
      const { answer } = message;
      if (answer.ok) question?.resolve(answer.value);
      else question?.reject(new StudioError(answer.message, answer.mend));
    } else watched.get(message.id)?.hear(message);
  };
  channel.addEventListener('message', ({ data }: MessageEvent<ToTab>) => hear(data));

  const begin = (): void => {
    worker = new Worker(new URL('./worker.js', import.meta.url), { type: 'module', name: 'fovea studio' });
    worker.addEventListener('message', ({ data }: MessageEvent<ToTab>) => hear(data));
    worker.addEventListener('error', ({ message }) => {
      if (current === undefined) hear({ kind: 'failed', message: message || 'its script did not load' });
    });
    const sets = new URL('sets/', document.baseURI).href;
    worker.postMessage({ worker: crypto.randomUUID(), sets, ...options } satisfies WorkerStart);
  };
  // Held for as long as the tab lives; who waits for it gets it when that one is gone.
  const stay = (): Promise<void> =>
    new Promise((resolve) => closed.signal.addEventListener('abort', () => resolve(), { once: true }));
  void navigator.locks
    .request(channelName, { signal: closed.signal }, () => {
      begin();
      return stay();
    })
    .catch(() => undefined);
  channel.postMessage({ kind: 'hello', from, id: 0 } satisfies ToWorker);
  // A wish, which browsers grant to pages that are used: what is kept here is not to be cleared away.
  void navigator.storage?.persist?.().catch(() => false);

  const ask = (verb: string, request: unknown, signal?: AbortSignal): Promise<unknown> =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      if (failure !== undefined) return reject(new StudioError(`The studio cannot begin in this browser: ${failure}`));
      const id = ++count;
      const message: ToWorker = { kind: 'ask', from, id, verb, request };
      asked.set(id, { message, resolve, reject });
      signal?.addEventListener(
        'abort',
        () => {
          if (!asked.delete(id)) return;
          send({ kind: 'abort', from, id });
          reject(signal.reason);
        },
        { once: true },
      );
      if (current !== undefined) send(message);
    });

  const watch = (made: Watched): (() => void) => {
    const id = ++count;
    watched.set(id, made);
    if (current !== undefined) send({ ...made.message(), from, id } as ToWorker);
    return () => {
      if (watched.delete(id)) send({ kind: 'leave', from, id });
    };
  };

  return {
    ask: ask as StudioClient['ask'],
    begin: ask as StudioClient['begin'],
    watch(job, onEvents, first = 0) {
      let next = first;
      return watch({
        message: () => ({ kind: 'watch', job, next }),
        hear({ job: summary, events }) {
          next = Math.max(next, (summary as JobSummary).events);
          onEvents(events as readonly LoggedEvent[], summary as JobSummary);
        },
      });
    },
    watchAll: (onJobs) =>
      watch({
        message: () => ({ kind: 'watch', next: 0 }),
        hear: ({ jobs }) => onJobs(jobs as readonly JobSummary[]),
      }),
    onReach: reach.on,
    close() {
      closed.abort();
      worker?.terminate();
      channel.close();
    },
  };
}
