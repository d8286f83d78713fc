import type { z } from 'zod';
import type { studioVerbs } from '../../core/workbench/studio/index.ts';
import type { LoggedEvent } from '../../core/workbench/studio/job-log.ts';
import type { JobSummary } from '../../core/workbench/studio/jobs.ts';

export type Verbs = typeof studioVerbs;
export type VerbName = keyof Verbs;
export type QueryName = { [V in VerbName]: Verbs[V]['kind'] extends 'query' ? V : never }[VerbName];
export type JobName = Exclude<VerbName, QueryName>;
/** What a verb is asked with. */
export type RequestOf<V extends VerbName> = z.input<Verbs[V]['request']>;
/** What it answers; of a job: what it gives in the end. */
export type ResultOf<V extends VerbName> = Awaited<ReturnType<Verbs[V]['run']>>;

/** The workbench as a page sees it, wherever it is: behind HTTP, or in a web worker of this page. */
export interface StudioClient {
  /** @throws StudioError with the words of the workbench. */
  ask<V extends QueryName>(verb: V, request: RequestOf<V>, signal?: AbortSignal): Promise<ResultOf<V>>;
  /** Begins a job, which goes on when nobody looks. */
  begin<V extends JobName>(verb: V, request: RequestOf<V>): Promise<JobSummary>;
  /** Follows a job from its first event on, again after a lost connection; returns how to leave it. */
  watch(job: string, onEvents: (events: readonly LoggedEvent[], job: JobSummary) => void): () => void;
  /** Follows the list of jobs. */
  watchAll(onJobs: (jobs: readonly JobSummary[]) => void): () => void;
  /** Told when the workbench cannot be reached, and when it can again. */
  onReach(tell: (reached: boolean) => void): () => void;
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

/** Any error as one that can be shown. */
export const asStudioError = (error: unknown): StudioError =>
  error instanceof StudioError ? error : new StudioError(error instanceof Error ? error.message : String(error));

export const wasAborted = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError';
