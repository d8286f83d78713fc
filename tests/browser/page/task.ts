import type { TrainedSteps } from '../../train-steps.ts';

/** What a test asks for, as JSON: a training, and the options of the engine to train on. */
export interface Task {
  readonly spec: string;
  readonly steps: number;
  readonly batch: number;
  readonly threads?: number;
  readonly kernels?: string;
}

export interface Outcome extends TrainedSteps {
  readonly threads: number;
  readonly isolated: boolean;
}
