import type { StudioEvent } from './job-control.ts';

/** How far a job is, for a bar and a sentence. */
export interface JobProgress {
  /** `Epoch 3 of 20`. */
  readonly what: string;
  readonly done: number;
  /** Undefined while nobody knows. */
  readonly total: number | undefined;
  readonly unit: string;
  /** Seconds that are left, by how fast it went; undefined where that cannot be said yet. */
  readonly secondsLeft: number | undefined;
}

/** Follows the events of a job. */
export interface ProgressReader {
  see(event: StudioEvent): void;
  readonly now: JobProgress | undefined;
}

interface Stretch {
  readonly what: string;
  readonly begun: number;
  readonly from: number;
  done: number;
  total: number | undefined;
  unit: string;
}

/** Below these an estimate would jump about. */
const fewestSeconds = 0.5;

/** @param clock milliseconds from any origin. */
export function createProgressReader(clock: () => number): ProgressReader {
  let stretch: Stretch | undefined;
  let length: { epochs: number; stepsPerEpoch: number } | undefined;
  /** Milliseconds at which it was halted, and all that it was before. */
  let halted: number | undefined;
  let lost = 0;

  const move = (what: string, done: number, total: number | undefined, unit: string): void => {
    if (!stretch || stretch.what !== what || done < stretch.done) {
      lost = 0;
      stretch = { what, begun: clock(), from: done, done, total, unit };
    } else Object.assign(stretch, { done, total, unit });
  };

  return {
    see(event) {
      if (event.kind === 'begin') {
        length = { epochs: event.epochs, stepsPerEpoch: event.stepsPerEpoch };
        // That all pictures are read says nothing of the training, which is at its beginning.
        stretch = undefined;
      } else if (event.kind === 'reading') move('Reading pictures', event.done, event.total, 'pictures');
      else if (event.kind === 'fetch') move(`Fetching ${event.file}`, event.done, event.total, 'bytes');
      else if (event.kind === 'progress') move(event.doing, event.done, event.total, event.unit ?? '');
      else if (event.kind === 'step' && length) {
        const { epochs, stepsPerEpoch } = length;
        move('Training', (event.epoch - 1) * stepsPerEpoch + event.step, epochs * stepsPerEpoch, 'steps');
      } else if (event.kind === 'validate' && !length) move('Testing', event.done, event.images, 'pictures');
      else if (event.kind === 'paused') {
        if (event.paused) halted ??= clock();
        else if (halted !== undefined) {
          lost += clock() - halted;
          halted = undefined;
        }
      }
    },
    get now() {
      if (!stretch) return undefined;
      const { what, begun, from, done, total, unit } = stretch;
      const seconds = ((halted ?? clock()) - begun - lost) / 1000;
      const gone = done - from;
      const known = total !== undefined && gone > 0 && seconds >= fewestSeconds;
      return { what, done, total, unit, secondsLeft: known ? (seconds / gone) * (total - done) : undefined };
    },
  };
}
