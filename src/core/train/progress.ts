import { invalid } from '../errors.ts';
import { type EpochRecord, emptyTotals, type Totals } from './history.ts';
import type { TrainingState } from './state.ts';

/** Where a training stands while it goes on: `TrainingState` in pieces that change, and the clock. */
export class Progress {
  /** The epoch in progress, from 1. */
  epoch = 1;
  /** Steps of it that are done. */
  step = 0;
  totals: Totals = emptyTotals();
  history: EpochRecord[] = [];
  trained = { images: 0, seconds: 0 };
  /** When everything was last saved, by the clock. */
  saved = 0;
  /** Wall time of this epoch before this process took it up. */
  private secondsBefore = 0;
  private epochBegin = 0;

  /** @param steps of an epoch. */
  constructor(
    readonly steps: number,
    private readonly clock: () => number,
  ) {}

  /** Steps of the whole training that are done. */
  get globalStep(): number {
    return (this.epoch - 1) * this.steps + this.step;
  }

  /** Wall time of the epoch in progress. */
  get seconds(): number {
    return this.secondsBefore + (this.clock() - this.epochBegin) / 1000;
  }

  get place(): { readonly epoch: number; readonly step: number } {
    return { epoch: this.epoch, step: this.step };
  }

  /** The epoch's clock begins now; what was counted for it before stays. */
  startClock(): void {
    this.epochBegin = this.clock();
  }

  addStep(images: number, milliseconds: number): void {
    this.step++;
    this.trained = { images: this.trained.images + images, seconds: this.trained.seconds + milliseconds / 1000 };
  }

  nextEpoch(record: EpochRecord): void {
    this.history.push(record);
    this.epoch++;
    this.step = 0;
    this.totals = emptyTotals();
    this.secondsBefore = 0;
    this.startClock();
  }

  /** @param schedule what the learning rate's schedule remembers. */
  state(schedule: TrainingState['schedule']): TrainingState {
    return {
      epoch: this.epoch,
      step: this.step,
      totals: { ...this.totals },
      seconds: this.seconds,
      history: [...this.history],
      schedule,
      trained: this.trained,
    };
  }

  /** @throws FoveaError when the state is of a training with other steps. */
  restore(state: TrainingState): void {
    if (state.step > this.steps || state.history.length !== state.epoch - 1) {
      throw invalid(
        `at most ${this.steps} steps an epoch`,
        'the training state',
        `step ${state.step} of epoch ${state.epoch}`,
      );
    }
    this.epoch = state.epoch;
    this.step = state.step;
    this.totals = { ...state.totals };
    this.history = [...state.history];
    this.trained = { ...state.trained };
    this.secondsBefore = state.seconds;
    this.startClock();
    this.saved = this.epochBegin;
  }
}
