import type { Options, OptionValues } from '../layers/layer.ts';

/** What a schedule remembers between epochs; plain numbers, so that a checkpoint can hold it. Most remember nothing. */
export type ScheduleState = Readonly<Record<string, number>>;

export interface ScheduleContext {
  /** 0, 1, 2, …; one a training step, or one an epoch if the caller counts epochs. */
  readonly step: number;
  /** Steps of the whole training (≥ 1), in the same unit. */
  readonly totalSteps: number;
  /** The learning rate that the person asked for (> 0): where most schedules begin, and the peak of oneCycle. */
  readonly learningRate: number;
  readonly options: OptionValues;
  readonly state: ScheduleState;
}

/** How the learning rate changes during training: a constant in its own file, and a line in `schedules/index.ts`. */
export interface Schedule {
  readonly name: string;
  /** One sentence for a person. */
  readonly doc: string;
  readonly options: Options;
  /** The learning rate for a step: a function of the context and nothing else. */
  rate(context: ScheduleContext): number;
  /** The state after a metric (the validation loss) was measured; absent where the metric does not matter. */
  observe?(context: Omit<ScheduleContext, 'step' | 'totalSteps'>, metric: number): ScheduleState;
}

/** base^exponent for a whole exponent ≥ 0, by squaring. */
export function power(base: number, exponent: number): number {
  let result = 1;
  let square = base;
  for (let left = exponent; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result *= square;
    square *= square;
  }
  return result;
}
