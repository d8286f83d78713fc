import { FoveaError, mismatch } from '../../errors.ts';
import { createGate, type Gate } from './gate.ts';
import type { JobControl, StudioEvent } from './job-control.ts';
import { createJobLog, type JobLog, type LoggedEvent } from './job-log.ts';
import { createProgressReader, type JobProgress } from './job-progress.ts';

export const jobStates = ['queued', 'running', 'paused', 'finished', 'cancelled', 'failed'] as const;
export type JobState = (typeof jobStates)[number];

/** A job as everybody sees it. */
export interface JobSummary {
  readonly id: string;
  /** The verb that it carries out. */
  readonly verb: string;
  readonly title: string;
  readonly state: JobState;
  readonly pausable: boolean;
  /** Of a job that waits: titles of those before it, the one that works first. */
  readonly waitsFor: readonly string[];
  readonly progress: JobProgress | undefined;
  /** ISO 8601. */
  readonly created: string;
  readonly ended: string | undefined;
  /** Why it failed. */
  readonly error: { readonly message: string; readonly mend: string } | undefined;
  /** The number that its next event will have. */
  readonly events: number;
  /** The run that it trains, as soon as there is one. */
  readonly run: string | undefined;
}

/** What a job does, besides its name. */
export interface JobWork {
  readonly verb: string;
  readonly title: string;
  readonly needs: 'engine' | 'none';
  readonly pausable: boolean;
  run(control: JobControl): Promise<unknown>;
}

/** All jobs of a workbench: those that work, those that wait, and the last ones that ended. */
export interface Jobs {
  start(work: JobWork): JobSummary;
  list(): JobSummary[];
  /** @throws FoveaError for a job that is not known. */
  show(id: string): JobSummary;
  /** What a finished job gave; undefined before. */
  resultOf(id: string): unknown;
  events(id: string, from: number, limit?: number): LoggedEvent[];
  /** Calls back when the job has told something new; returns how to end it. */
  watch(id: string, onNews: () => void): () => void;
  /** Calls back when any job began, halted or ended. */
  watchAll(onNews: () => void): () => void;
  cancel(id: string): JobSummary;
  pause(id: string): JobSummary;
  resume(id: string): JobSummary;
  /** Lets a paused job do so many steps. */
  step(id: string, steps: number): JobSummary;
  /** Forgets a job that ended. */
  forget(id: string): void;
  /** Resolves when a job has ended, however. */
  done(id: string): Promise<void>;
  /** Ends all, waits until they have saved. */
  close(): Promise<void>;
}

interface Job {
  readonly id: string;
  readonly work: JobWork;
  readonly created: string;
  readonly log: JobLog;
  readonly abort: AbortController;
  readonly gate: Gate;
  readonly progress: ReturnType<typeof createProgressReader>;
  readonly watchers: Set<() => void>;
  readonly finished: Promise<void>;
  settle(): void;
  state: JobState;
  ended: string | undefined;
  error: JobSummary['error'];
  result: unknown;
  run: string | undefined;
}

/** Ended jobs that are remembered. */
const remembered = 50;

const hasEnded = ({ state }: Pick<Job, 'state'>): boolean =>
  state === 'finished' || state === 'cancelled' || state === 'failed';

/**
 * @param host its clock and the time of day. @param nameOfRun what a run's folder is called in the protocol.
 * @param report told of errors that are no person's doing.
 */
export function createJobs(
  host: { clock(): number; now(): string },
  nameOfRun: (path: string) => string,
  report: (error: unknown) => void,
): Jobs {
  const jobs = new Map<string, Job>();
  const everyone = new Set<() => void>();
  /** Tells jobs of this process from those of one before it, whose numbers began anew. */
  const epoch = host.now().replace(/\D/g, '').slice(2, 14);
  let count = 0;

  const find = (id: string): Job => {
    const job = jobs.get(id);
    if (job) return job;
    throw mismatch(
      'a job that is known',
      'the job',
      `'${id}'`,
      'It may have ended before the studio was started again',
    );
  };
  const working = (): Job | undefined =>
    [...jobs.values()].find(
      ({ work, state }) => work.needs === 'engine' && (state === 'running' || state === 'paused'),
    );
  const waiting = (): Job[] => [...jobs.values()].filter(({ state }) => state === 'queued');

  const summary = (job: Job): JobSummary => {
    const { id, work, state, created, ended, error, log, run } = job;
    const before = state === 'queued' ? waiting().slice(0, waiting().indexOf(job)) : [];
    const first = state === 'queued' ? working() : undefined;
    return {
      id,
      verb: work.verb,
      title: work.title,
      state,
      pausable: work.pausable,
      waitsFor: [...(first ? [first.work.title] : []), ...before.map((one) => one.work.title)],
      progress: hasEnded(job) ? undefined : job.progress.now,
      created,
      ended,
      error,
      events: log.next,
      run,
    };
  };
  const tellAll = (): void => {
    for (const onNews of [...everyone]) onNews();
  };
  const emit = (job: Job, event: StudioEvent): void => {
    job.progress.see(event);
    if (event.kind === 'run') job.run = nameOfRun(event.path);
    // Before the step is told, so that who reads of it finds the job paused already.
    if (event.kind === 'step') job.gate.passed();
    job.log.add(event);
    for (const onNews of [...job.watchers]) onNews();
  };

  const end = (job: Job, state: 'finished' | 'cancelled' | 'failed', error?: unknown): void => {
    job.state = state;
    job.ended = host.now();
    if (error !== undefined) {
      const known = error instanceof FoveaError;
      if (!known) report(error);
      const message = error instanceof Error ? error.message : String(error);
      job.error = {
        message: known ? message : `Something went wrong in Fovea itself: ${message}`,
        mend: known ? error.mend : '',
      };
    }
    emit(job, { kind: 'ended', state, ...(job.error ? { error: job.error.message } : {}) });
    job.settle();
    const old = [...jobs.values()].filter(hasEnded);
    for (const one of old.slice(0, Math.max(0, old.length - remembered))) jobs.delete(one.id);
    tellAll();
  };

  const begin = (job: Job): void => {
    job.state = 'running';
    emit(job, { kind: 'started' });
    tellAll();
    const { id, abort, gate } = job;
    void job.work
      .run({ id, signal: abort.signal, gate, emit: (event) => emit(job, event) })
      .then((result) => {
        job.result = result;
        end(job, abort.signal.aborted ? 'cancelled' : 'finished');
      })
      .catch((error) =>
        end(job, abort.signal.aborted ? 'cancelled' : 'failed', abort.signal.aborted ? undefined : error),
      )
      .finally(next);
  };
  /** Lets those that waited begin, where nothing hinders them. */
  const next = (): void => {
    for (const job of waiting()) if (job.work.needs === 'none' || !working()) begin(job);
  };

  return {
    start(work) {
      let settle = (): void => undefined;
      const finished = new Promise<void>((resolve) => {
        settle = resolve;
      });
      const job: Job = {
        id: `${epoch}-${++count}`,
        work,
        created: host.now(),
        log: createJobLog(() => host.now()),
        abort: new AbortController(),
        gate: createGate((paused) => {
          if (!hasEnded(job) && job.state !== 'queued') job.state = paused ? 'paused' : 'running';
          emit(job, { kind: 'paused', paused });
          tellAll();
        }),
        progress: createProgressReader(() => host.clock()),
        watchers: new Set(),
        finished,
        settle,
        state: 'queued',
        ended: undefined,
        error: undefined,
        result: undefined,
        run: undefined,
      };
      jobs.set(job.id, job);
      tellAll();
      next();
      return summary(job);
    },
    list: () => [...jobs.values()].map(summary),
    show: (id) => summary(find(id)),
    resultOf: (id) => find(id).result,
    events: (id, from, limit) => find(id).log.from(from, limit),
    watch(id, onNews) {
      const { watchers } = find(id);
      watchers.add(onNews);
      return () => void watchers.delete(onNews);
    },
    watchAll(onNews) {
      everyone.add(onNews);
      return () => void everyone.delete(onNews);
    },
    cancel(id) {
      const job = find(id);
      if (hasEnded(job)) return summary(job);
      job.abort.abort(new FoveaError(`'${job.work.title}' was cancelled`));
      // What is halted must go on to see that it is to end.
      if (job.state === 'queued') end(job, 'cancelled');
      else job.gate.resume();
      next();
      return summary(job);
    },
    pause(id) {
      const job = find(id);
      if (!job.work.pausable) throw mismatch('a job that can be paused', 'the job', `'${job.work.title}'`, 'Cancel it');
      if (!hasEnded(job)) job.gate.pause();
      return summary(job);
    },
    resume(id) {
      const job = find(id);
      if (!hasEnded(job)) job.gate.resume();
      return summary(job);
    },
    step(id, steps) {
      const job = find(id);
      if (!job.work.pausable) throw mismatch('a job that can be paused', 'the job', `'${job.work.title}'`);
      if (!hasEnded(job)) job.gate.allow(steps);
      return summary(job);
    },
    forget(id) {
      const job = find(id);
      if (!hasEnded(job)) throw mismatch('a job that has ended', 'the job', `'${job.work.title}'`, 'Cancel it first');
      jobs.delete(id);
      tellAll();
    },
    done: (id) => find(id).finished,
    async close() {
      for (const { id, state } of [...jobs.values()]) if (state === 'queued') this.cancel(id);
      for (const job of [...jobs.values()]) if (!hasEnded(job)) this.cancel(job.id);
      await Promise.all([...jobs.values()].map(({ finished }) => finished));
    },
  };
}
