import { useEffect, useState } from 'react';
import type { EpochRecord } from '../../../core/train/history.ts';
import type { JobSummary } from '../../../core/workbench/studio/jobs.ts';
import { useClient } from '../../client/use-client.tsx';
import { type Followed, follow, unfollowed } from './followed.ts';

/**
 * A training as its job tells of it, from the first event on, so that a reload or a second tab finds it as it is; and
 * what its run knows of epochs before that.
 */
export function useFollowed(
  job: string | undefined,
  history: readonly EpochRecord[] | undefined,
): { readonly followed: Followed; readonly job: JobSummary | undefined } {
  const client = useClient();
  const [told, setTold] = useState<
    { readonly id: string; readonly followed: Followed; readonly job: JobSummary } | undefined
  >();
  useEffect(() => {
    if (job === undefined) return;
    let followed = unfollowed;
    return client.watch(job, (events, summary) => {
      followed = follow(
        followed,
        events.map(({ event }) => event),
      );
      setTold({ id: job, followed, job: summary });
    });
  }, [client, job]);
  const live = told?.id === job ? told : undefined;
  const followed = live?.followed ?? unfollowed;
  return { followed: withHistory(followed, history), job: live?.job };
}

/** Epochs that the events tell of stand in front of those that the run has written down. */
function withHistory(followed: Followed, history: readonly EpochRecord[] | undefined): Followed {
  if (!history || history.length === 0) return followed;
  const told = new Set(followed.records.map(({ epoch }) => epoch));
  const records = [...history.filter(({ epoch }) => !told.has(epoch)), ...followed.records].sort(
    (a, b) => a.epoch - b.epoch,
  );
  return follow(
    { ...followed, records: [] },
    records.map((record) => ({ kind: 'epoch', record, best: false })),
  );
}
