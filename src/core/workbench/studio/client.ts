import type { JobName, QueryName, RequestOf, ResultOf } from './index.ts';
import type { LoggedEvent } from './job-log.ts';
import type { JobSummary } from './jobs.ts';

/** The studio as a page sees it, wherever it is: behind HTTP, or in a web worker of this page. */
export interface StudioClient {
  /** @throws StudioError with the words of the workbench; the signal's reason when aborted. */
  ask<Name extends QueryName>(verb: Name, request: RequestOf<Name>, signal?: AbortSignal): Promise<ResultOf<Name>>;
  /** Begins a job, which goes on when nobody looks. @throws StudioError where it cannot even begin. */
  begin<Name extends JobName>(verb: Name, request: RequestOf<Name>): Promise<JobSummary>;
  /**
   * Follows a job: calls back with its events from number `from` (default 0) on, then as they come, some ten times a second
   * at most, until it has ended. A connection that was lost is taken up where it broke off. Returns how to leave it.
   */
  watch(job: string, onEvents: (events: readonly LoggedEvent[], job: JobSummary) => void, from?: number): () => void;
  /** Follows the list of jobs: calls back now, and whenever one begins, moves on, halts or ends. */
  watchAll(onJobs: (jobs: readonly JobSummary[]) => void): () => void;
  /** Told when the workbench cannot be reached, and when it can again. */
  onReach(tell: (reached: boolean) => void): () => void;
  close(): void;
}

/** What went wrong, in the words of the workbench: *Expected … for … but received …*, and the mend. */
export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly mend: string;

  constructor(message: string, mend = '') {
    super(message);
    this.mend = mend;
  }
}

/** Begins a job and waits for its end. @throws StudioError when it failed or was cancelled. */
export async function finish<Name extends JobName>(
  client: StudioClient,
  verb: Name,
  request: RequestOf<Name>,
  onEvents?: (events: readonly LoggedEvent[]) => void,
): Promise<ResultOf<Name>> {
  const { id } = await client.begin(verb, request);
  const ended = await new Promise<JobSummary>((resolve) => {
    const leave = client.watch(id, (events, job) => {
      onEvents?.(events);
      if (job.ended === undefined) return;
      queueMicrotask(() => leave());
      resolve(job);
    });
  });
  if (ended.state === 'cancelled') throw new StudioError(`'${ended.title}' was cancelled`);
  if (ended.error) throw new StudioError(ended.error.message, ended.error.mend);
  return (await client.ask('job.show', { job: id })).result as ResultOf<Name>;
}

/** A file that `run.take` made, piece by piece, and then let go. @throws StudioError; the signal's reason when aborted. */
export async function* readTaken(
  client: StudioClient,
  taken: string,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  try {
    for (let offset = 0, total = 1; offset < total; ) {
      const piece = await client.ask('taken.read', { taken, offset }, signal);
      total = piece.total;
      offset += piece.bytes.length;
      yield piece.bytes;
      if (piece.bytes.length === 0) return;
    }
  } finally {
    await client.ask('taken.end', { taken }).catch(() => undefined);
  }
}
