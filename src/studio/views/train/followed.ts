import type { EpochRecord } from '../../../core/train/history.ts';
import { bestEpoch } from '../../../core/train/history.ts';
import type { NoteEvent } from '../../../core/workbench/notes.ts';
import type { StudioEvent } from '../../../core/workbench/studio/job-control.ts';

/** Where a training stands, as its events tell. */
export interface Followed {
  readonly epochs: number | undefined;
  readonly stepsPerEpoch: number | undefined;
  readonly trainImages: number | undefined;
  readonly valImages: number | undefined;
  readonly parameters: number | undefined;
  /** The steps told of, x in epochs: 2.5 is in the middle of the third. */
  readonly steps: {
    readonly x: readonly number[];
    readonly loss: readonly number[];
    readonly accuracy: readonly number[];
    readonly learningRate: readonly number[];
  };
  readonly imagesPerSecond: number | undefined;
  readonly records: readonly EpochRecord[];
  readonly best: EpochRecord | undefined;
  readonly paused: boolean;
  /** Reading pictures, validating: what goes on when no step is told of. */
  readonly doing:
    | { readonly what: 'reading' | 'validating'; readonly done: number; readonly total: number }
    | undefined;
  readonly notes: readonly NoteEvent[];
  readonly ended: 'finished' | 'cancelled' | 'failed' | undefined;
}

export const unfollowed: Followed = {
  epochs: undefined,
  stepsPerEpoch: undefined,
  trainImages: undefined,
  valImages: undefined,
  parameters: undefined,
  steps: { x: [], loss: [], accuracy: [], learningRate: [] },
  imagesPerSecond: undefined,
  records: [],
  best: undefined,
  paused: false,
  doing: undefined,
  notes: [],
  ended: undefined,
};

/** Points of the curve of steps: more would not be seen, and cost each frame. */
const mostSteps = 2000;

/** The state after more events. Many come at once where a page was loaded again, so that arrays are copied once. */
export function follow(before: Followed, events: readonly StudioEvent[]): Followed {
  if (events.length === 0) return before;
  const state = { ...before };
  const steps = {
    x: [...before.steps.x],
    loss: [...before.steps.loss],
    accuracy: [...before.steps.accuracy],
    learningRate: [...before.steps.learningRate],
  };
  const records = [...before.records];
  const notes = [...before.notes];
  for (const event of events) {
    switch (event.kind) {
      case 'begin':
        Object.assign(state, {
          epochs: event.epochs,
          stepsPerEpoch: event.stepsPerEpoch,
          trainImages: event.trainImages,
          valImages: event.valImages,
          parameters: event.parameters,
          doing: undefined,
        });
        break;
      case 'step':
        steps.x.push(event.epoch - 1 + event.step / (state.stepsPerEpoch ?? event.step));
        steps.loss.push(event.loss);
        steps.accuracy.push(event.accuracy);
        steps.learningRate.push(event.learningRate);
        state.imagesPerSecond = event.imagesPerSecond;
        state.doing = undefined;
        break;
      case 'validate':
        state.doing = { what: 'validating', done: event.done, total: event.images };
        break;
      case 'reading':
        state.doing = { what: 'reading', done: event.done, total: event.total };
        break;
      case 'epoch':
        // An epoch told of twice, as after a resume, counts once.
        records.splice(0, records.length, ...records.filter(({ epoch }) => epoch < event.record.epoch), event.record);
        state.doing = undefined;
        break;
      case 'note':
        notes.push(event);
        break;
      case 'paused':
        state.paused = event.paused;
        break;
      case 'ended':
        state.ended = event.state;
        state.doing = undefined;
        break;
      default:
        break;
    }
  }
  return { ...state, steps: thinned(steps), records, notes, best: bestEpoch(records) };
}

type Steps = Record<'x' | 'loss' | 'accuracy' | 'learningRate', number[]>;

/** Every second of the older half goes; the newest stay as they came. */
function thinned(steps: Steps): Steps {
  if (steps.x.length <= mostSteps) return steps;
  const half = steps.x.length >> 1;
  const keep = (values: number[]): number[] => values.filter((_, i) => i >= half || i % 2 === 0);
  return {
    x: keep(steps.x),
    loss: keep(steps.loss),
    accuracy: keep(steps.accuracy),
    learningRate: keep(steps.learningRate),
  };
}
