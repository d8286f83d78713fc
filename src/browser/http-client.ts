import { type StudioClient, StudioError } from '../core/workbench/studio/client.ts';
import { decodeFrame, encodeFrame, needsFrame } from '../core/workbench/studio/frame.ts';
import type { LoggedEvent } from '../core/workbench/studio/job-log.ts';
import type { JobSummary } from '../core/workbench/studio/jobs.ts';
import { createReach, pauseAfter, unreachable } from './follow.ts';
import { readLines } from './read-lines.ts';

const frameType = 'application/x-fovea-frame';

export interface HttpClientOptions {
  /** Where the studio is; default: where the page comes from. */
  readonly base?: string;
  /** Without it the browser's cookie speaks for the page. */
  readonly token?: string;
}

/** The studio behind HTTP. */
export function createHttpClient({ base = '.', token }: HttpClientOptions = {}): StudioClient {
  const reach = createReach();
  const closed = new AbortController();
  const headers: Record<string, string> = token === undefined ? {} : { authorization: `Bearer ${token}` };

  const get = async (path: string, init: RequestInit): Promise<Response> => {
    let response: Response;
    try {
      response = await fetch(`${base}/api/${path}`, {
        ...init,
        headers: { ...headers, ...init.headers },
      });
    } catch (error) {
      if (init.signal?.aborted) throw init.signal.reason;
      reach.set(false);
      throw error instanceof TypeError ? unreachable() : error;
    }
    reach.set(true);
    if (response.ok) return response;
    throw await failureOf(response);
  };

  const ask = async (verb: string, request: unknown, signal?: AbortSignal): Promise<unknown> => {
    const framed = needsFrame(request);
    const response = await get(`ask/${verb}`, {
      method: 'POST',
      signal,
      headers: { 'content-type': framed ? frameType : 'application/json' },
      body: framed ? encodeFrame(request) : JSON.stringify(request),
    });
    if (response.headers.get('content-type') !== frameType) return response.json();
    return decodeFrame(new Uint8Array(await response.arrayBuffer()));
  };

  /** Reads lines of a stream for as long as somebody wants them, again after a lost connection. */
  const follow = (path: () => string, onLine: (line: unknown) => boolean): (() => void) => {
    const left = new AbortController();
    const signal = AbortSignal.any([left.signal, closed.signal]);
    void (async () => {
      for (let failures = 0; !signal.aborted; ) {
        try {
          const response = await get(path(), { signal });
          for await (const line of readLines(response.body as ReadableStream<Uint8Array>)) {
            failures = 0;
            if (onLine(JSON.parse(line)) || signal.aborted) return;
          }
        } catch (error) {
          // Gone for good: a job that the studio no longer knows.
          if (error instanceof StudioError && reach.reached) return;
        }
        if (!signal.aborted) await pauseAfter(failures++);
      }
    })();
    return () => left.abort();
  };

  return {
    ask: ask as StudioClient['ask'],
    begin: ask as StudioClient['begin'],
    watch(job, onEvents, from = 0) {
      let next = from;
      return follow(
        () => `jobs/${encodeURIComponent(job)}?from=${next}`,
        (line) => {
          const news = line as { job: JobSummary; events: readonly LoggedEvent[] };
          next = Math.max(next, news.job.events);
          onEvents(news.events, news.job);
          return news.job.ended !== undefined;
        },
      );
    },
    watchAll: (onJobs) =>
      follow(
        () => 'jobs',
        (line) => {
          onJobs((line as { jobs: readonly JobSummary[] }).jobs);
          return false;
        },
      ),
    onReach: reach.on,
    close: () => closed.abort(),
  };
}

/** What the server said of a request that it did not answer. */
async function failureOf(response: Response): Promise<StudioError> {
  const body = (await response.json().catch(() => undefined)) as
    | { error?: { message?: string; mend?: string } }
    | undefined;
  const { message = `The studio answered with status ${response.status}`, mend = '' } = body?.error ?? {};
  return new StudioError(message, mend);
}
