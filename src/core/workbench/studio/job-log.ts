import type { StudioEvent } from './job-control.ts';

/** An event with its number, from 0, and the time of day at which it happened (ISO 8601). */
export interface LoggedEvent {
  readonly index: number;
  readonly at: string;
  readonly event: StudioEvent;
}

/** Events of a job. Numbers of what was thinned out are missing; all others stay for as long as the job is known. */
export interface JobLog {
  add(event: StudioEvent): LoggedEvent;
  /** Events from a number on, at most `limit`. */
  from(index: number, limit?: number): LoggedEvent[];
  /** The number that the next event will have. */
  readonly next: number;
}

/** Of these only so many are worth keeping: what matters is where they stand, and for `step` the curve. */
const frequent: ReadonlySet<StudioEvent['kind']> = new Set(['step', 'validate', 'reading', 'fetch', 'progress']);
/** Events of one frequent kind that are kept; beyond, every second older one goes. */
const mostOfKind = 2000;
/** Notes and the like: a data set with a million unreadable files must not fill the memory. */
const mostOthers = 20_000;

/** @param now the time of day. */
export function createJobLog(now: () => string): JobLog {
  let events: LoggedEvent[] = [];
  let next = 0;
  const counts = new Map<StudioEvent['kind'], number>();
  let others = 0;

  /** Halves what is kept of a kind; the newest stays. */
  const thin = (kind: StudioEvent['kind']): void => {
    let seen = 0;
    let left = 0;
    const last = counts.get(kind) ?? 0;
    events = events.filter(({ event }) => {
      if (event.kind !== kind) return true;
      seen++;
      const keeps = seen === last || seen % 2 === 1;
      if (keeps) left++;
      return keeps;
    });
    counts.set(kind, left);
  };

  return {
    get next() {
      return next;
    },
    add(event) {
      const logged = { index: next++, at: now(), event };
      if (frequent.has(event.kind)) {
        events.push(logged);
        const count = (counts.get(event.kind) ?? 0) + 1;
        counts.set(event.kind, count);
        if (count > mostOfKind) thin(event.kind);
      } else if (event.kind === 'ended' || ++others <= mostOthers) events.push(logged);
      return logged;
    },
    from(index, limit = Number.POSITIVE_INFINITY) {
      // Numbers grow, so the first is found by halving.
      let [low, high] = [0, events.length];
      while (low < high) {
        const middle = (low + high) >> 1;
        if (events[middle].index < index) low = middle + 1;
        else high = middle;
      }
      return events.slice(low, limit === Number.POSITIVE_INFINITY ? undefined : low + limit);
    },
  };
}
