import type { WorkbenchEvent } from '../verb.ts';
import type { Gate } from './gate.ts';

/** What jobs tell while they work: the workbench's events, and what became of the job. */
export type StudioEvent =
  | WorkbenchEvent
  /** Paused by a person, or going on again. */
  | { readonly kind: 'paused'; readonly paused: boolean }
  /** The job begins to work, after it waited for its turn. */
  | { readonly kind: 'started' }
  /** The last event of every job. */
  | { readonly kind: 'ended'; readonly state: 'finished' | 'cancelled' | 'failed'; readonly error?: string };

/** What a job's work is given. */
export interface JobControl {
  readonly id: string;
  /** Aborted when it is to end: it keeps what it has and returns, or throws the signal's reason. */
  readonly signal: AbortSignal;
  emit(event: StudioEvent): void;
  /** Where it may be halted; every run of its engine's programs waits here. */
  readonly gate: Gate;
}
