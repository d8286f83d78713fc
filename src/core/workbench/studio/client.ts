import type { AnswerOf, JobName, RequestOf, ResultOf, VerbName } from './index.ts';
import type { LoggedEvent } from './job-log.ts';
import type { JobSummary } from './jobs.ts';

/** What came of following a job: how it is now, and what it told since. */
export interface JobNews {
  readonly job: JobSummary;
  readonly events: readonly LoggedEvent[];
}

/** The studio as a page sees it, wherever it runs. All failures are `StudioError`s. */
export interface StudioClient {
  /**
   * Asks. A query resolves to its result; a job to its `JobSummary`, at once: then `follow` it.
   * @throws StudioError.
   */
  call<Name extends VerbName>(
    name: Name,
    request: RequestOf<Name>,
    options?: { readonly signal?: AbortSignal },
  ): Promise<AnswerOf<Name>>;
  /**
   * Follows a job: calls back with all events from a number on, then with news as they come, some ten times a second at
   * most, until the job has ended. A connection that was lost is taken up where it broke off.
   * @returns how to end it.
   */
  follow(job: string, from: number, onNews: (news: JobNews) => void, onLost?: (error: StudioError) => void): () => void;
  /** Calls back with all jobs, now and whenever one begins, halts or ends. */
  followJobs(onJobs: (jobs: readonly JobSummary[]) => void): () => void;
  /** Begins a job and waits for its end. @throws StudioError when it failed or was cancelled. */
  finish<Name extends JobName>(
    name: Name,
    request: RequestOf<Name>,
    options?: { readonly signal?: AbortSignal; readonly onNews?: (news: JobNews) => void },
  ): Promise<ResultOf<Name>>;
  close(): void;
}

/** Why an answer did not come. */
export class StudioError extends Error {
  override readonly name = 'StudioError';
  readonly kind: 'refused' | 'broken' | 'unreachable';
  /** What to do about it; empty when unknown. */
  readonly mend: string;

  /** @param kind 'refused': something in the request; 'broken': a fault of Fovea; 'unreachable': nobody answered. */
  constructor(message: string, mend: string, kind: StudioError['kind']) {
    super(message);
    this.mend = mend;
    this.kind = kind;
  }
}
