import {
  createContext,
  type ReactNode,
  useCallback,
  useContext,
  useEffect,
  useMemo,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react';
import { type StudioClient, StudioError } from '../../core/workbench/studio/client.ts';
import type { JobName, QueryName, RequestOf, ResultOf } from '../../core/workbench/studio/index.ts';
import type { JobSummary } from '../../core/workbench/studio/jobs.ts';

/** Any error as one that can be shown. */
export const asStudioError = (error: unknown): StudioError =>
  error instanceof StudioError ? error : new StudioError(error instanceof Error ? error.message : String(error));

const wasAborted = (error: unknown): boolean => error instanceof Error && error.name === 'AbortError';

const ClientContext = createContext<StudioClient | undefined>(undefined);

export const ClientProvider = ({
  client,
  children,
}: {
  readonly client: StudioClient;
  readonly children: ReactNode;
}): ReactNode => <ClientContext value={client}>{children}</ClientContext>;

export function useClient(): StudioClient {
  const client = useContext(ClientContext);
  if (!client) throw new Error('useClient is for what stands within a ClientProvider');
  return client;
}

/** Counts what changed what others look at: every answer is asked for again then. */
let revision = 0;
const listeners = new Set<() => void>();
export function changed(): void {
  revision++;
  for (const tell of listeners) tell();
}
const useRevision = (): number =>
  useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => revision,
  );

export interface Answer<T> {
  /** The last answer to this verb; of an earlier question while a new one is on its way. */
  readonly value: T | undefined;
  readonly error: StudioError | undefined;
  readonly pending: boolean;
}

/**
 * The answer to a question, asked again when the question or what it is about changes. Undefined: nothing is asked.
 * What was shown stays until the new answer is there, so that nothing jumps.
 */
export function useAnswer<V extends QueryName>(verb: V, request: RequestOf<V> | undefined): Answer<ResultOf<V>> {
  const client = useClient();
  const version = useRevision();
  const [answer, setAnswer] = useState<Answer<ResultOf<V>>>({
    value: undefined,
    error: undefined,
    pending: request !== undefined,
  });
  const key = request === undefined ? undefined : JSON.stringify(request);
  // biome-ignore lint/correctness/useExhaustiveDependencies: `key` stands for the request, `version` for the world.
  useEffect(() => {
    if (request === undefined) {
      setAnswer({ value: undefined, error: undefined, pending: false });
      return;
    }
    const control = new AbortController();
    setAnswer((before) => ({ ...before, pending: true }));
    client.ask(verb, request, control.signal).then(
      (value) => {
        if (!control.signal.aborted) setAnswer({ value, error: undefined, pending: false });
      },
      (error) => {
        if (!control.signal.aborted && !wasAborted(error))
          setAnswer({ value: undefined, error: asStudioError(error), pending: false });
      },
    );
    return () => control.abort();
  }, [client, verb, key, version]);
  return answer;
}

/** Something that a person does: it can go wrong, and then says so where it was done. */
export function useDoing(): {
  readonly error: StudioError | undefined;
  readonly busy: boolean;
  run(work: () => Promise<unknown>): Promise<void>;
  clear(): void;
} {
  const [error, setError] = useState<StudioError>();
  const [busy, setBusy] = useState(false);
  const run = useCallback(async (work: () => Promise<unknown>): Promise<void> => {
    setError(undefined);
    setBusy(true);
    try {
      await work();
    } catch (problem) {
      if (!wasAborted(problem)) setError(asStudioError(problem));
    } finally {
      setBusy(false);
    }
  }, []);
  return useMemo(() => ({ error, busy, run, clear: () => setError(undefined) }), [error, busy, run]);
}

const JobsContext = createContext<readonly JobSummary[]>([]);

/** The list of jobs, followed once for the whole page. */
export function JobsProvider({ children }: { readonly children: ReactNode }): ReactNode {
  const client = useClient();
  const [jobs, setJobs] = useState<readonly JobSummary[]>([]);
  useEffect(() => client.watchAll(setJobs), [client]);
  // What ended or has a run now changed what others look at; progress alone did not.
  const stages = jobs.map(({ id, state, run }) => `${id} ${isOver({ state })} ${run}`).join();
  const before = useRef(stages);
  useEffect(() => {
    if (before.current === stages) return;
    before.current = stages;
    changed();
  }, [stages]);
  return <JobsContext value={jobs}>{children}</JobsContext>;
}

export const useJobs = (): readonly JobSummary[] => useContext(JobsContext);

export const isOver = ({ state }: Pick<JobSummary, 'state'>): boolean =>
  state === 'finished' || state === 'cancelled' || state === 'failed';

/** A job that this view began: how it is, and what it gave once it has finished. */
export function useJob<V extends JobName>(
  verb: V,
): {
  readonly job: JobSummary | undefined;
  readonly result: ResultOf<V> | undefined;
  readonly error: StudioError | undefined;
  begin(request: RequestOf<V>): void;
  cancel(): void;
} {
  const client = useClient();
  const jobs = useJobs();
  const doing = useDoing();
  const [id, setId] = useState<string>();
  const [result, setResult] = useState<ResultOf<V>>();
  const job = jobs.find((one) => one.id === id);
  const finished = job?.state === 'finished';
  useEffect(() => {
    if (!finished || id === undefined) return;
    client.ask('job.show', { job: id }).then(
      (shown) => setResult(shown.result as ResultOf<V>),
      () => undefined,
    );
  }, [client, id, finished]);
  const failed = job?.state === 'failed' && job.error ? new StudioError(job.error.message, job.error.mend) : undefined;
  return {
    job: job && !isOver(job) ? job : undefined,
    result,
    error: doing.error ?? failed,
    begin: (request) =>
      void doing.run(async () => {
        setResult(undefined);
        setId((await client.begin(verb, request)).id);
      }),
    cancel: () => void (id !== undefined && client.ask('job.cancel', { job: id }).catch(() => undefined)),
  };
}
