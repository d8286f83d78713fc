import type { Finding } from '../train/diagnosis/finding.ts';
import type { TrainEvent } from '../train/events.ts';
import type { NoteEvent } from './notes.ts';
import type { RunDescription } from './run-folder.ts';

export type WorkbenchEvent =
  | TrainEvent
  | { readonly kind: 'reading'; readonly done: number; readonly total: number }
  /** Some other long work. */
  | {
      readonly kind: 'progress';
      readonly doing: string;
      readonly done: number;
      readonly total: number;
      readonly unit?: 'bytes' | 'files';
    }
  | NoteEvent
  /** Bytes of a file that is fetched; `total` undefined while unknown. */
  | { readonly kind: 'fetch'; readonly file: string; readonly done: number; readonly total: number | undefined }
  /** Something about the training that has become true, and what to try. */
  | { readonly kind: 'diagnosis'; readonly finding: Finding }
  | { readonly kind: 'skipped'; readonly origin: string; readonly reason: string }
  | { readonly kind: 'run'; readonly path: string; readonly description: RunDescription };

export interface VerbOptions {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: WorkbenchEvent) => void;
}

/** Tells sentences to who asked. */
export const noteTo =
  ({ onEvent }: VerbOptions) =>
  (text: string): void =>
    onEvent?.({ kind: 'note', text });
