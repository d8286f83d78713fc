import type { Answer } from '../../core/workbench/studio/answer.ts';
import type { LoggedEvent } from '../../core/workbench/studio/job-log.ts';
import type { JobSummary } from '../../core/workbench/studio/jobs.ts';

/** What tabs say to the worker. `from` names the tab, `id` the question or the watch. */
export type ToWorker =
  | {
      readonly kind: 'ask';
      readonly from: string;
      readonly id: number;
      readonly verb: string;
      readonly request: unknown;
    }
  | { readonly kind: 'abort'; readonly from: string; readonly id: number }
  /** Without `job`: all jobs. */
  | { readonly kind: 'watch'; readonly from: string; readonly id: number; readonly job?: string; readonly next: number }
  | { readonly kind: 'leave'; readonly from: string; readonly id: number }
  /** Is there a worker? */
  | { readonly kind: 'hello'; readonly from: string; readonly id: number };

/** What the worker says to tabs. */
export type ToTab =
  /** It is there, anew: what was asked of one before it is lost and must be asked again. */
  | { readonly kind: 'ready'; readonly worker: string }
  | { readonly kind: 'answer'; readonly to: string; readonly id: number; readonly answer: Answer }
  | {
      readonly kind: 'news';
      readonly to: string;
      readonly id: number;
      readonly job?: JobSummary;
      readonly events?: readonly LoggedEvent[];
      readonly jobs?: readonly JobSummary[];
    }
  /** It could not begin: why. */
  | { readonly kind: 'failed'; readonly message: string };

/** A way for messages; a worker's own or a channel of all tabs. */
export interface Line<Out, In> {
  send(message: Out, transfer?: readonly Transferable[]): void;
  listen(hear: (message: In) => void): void;
}

/** The name of the channel of all tabs, and of the lock that the tab with the worker holds. */
export const channelName = 'fovea-studio';
