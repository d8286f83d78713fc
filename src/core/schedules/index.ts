import { type FoveaError, invalid } from '../errors.ts';
import { completeOptions } from '../layers/options.ts';
import { suggest } from '../nearest.ts';
import { constant } from './constant.ts';
import { cosine } from './cosine.ts';
import { cosineRestarts } from './cosineRestarts.ts';
import { exponential } from './exponential.ts';
import { exponentialRamp } from './exponentialRamp.ts';
import { multiStep } from './multiStep.ts';
import { oneCycle } from './oneCycle.ts';
import { polynomial } from './polynomial.ts';
import { reduceOnPlateau } from './reduceOnPlateau.ts';
import type { Schedule, ScheduleState } from './schedule.ts';
import { step } from './step.ts';
import { withWarmup } from './warmup.ts';

/** THE LIST of learning-rate schedules. */
export const schedules: readonly Schedule[] = [
  constant,
  step,
  multiStep,
  exponential,
  exponentialRamp,
  polynomial,
  cosine,
  cosineRestarts,
  oneCycle,
  reduceOnPlateau,
];

export type { Schedule, ScheduleContext, ScheduleState } from './schedule.ts';
export { withWarmup } from './warmup.ts';

/** What a recipe says about the learning rate: the schedule's name, its options, and a warm-up before it. */
export interface ScheduleSpec {
  readonly type: string;
  /** Steps of linear warm-up; default 0. */
  readonly warmupSteps?: number;
  readonly [option: string]: unknown;
}

/** A schedule in use. Its `state` and `observe` matter only to schedules that watch a metric. */
export interface LearningRate {
  /** The learning rate of a step, 0, 1, 2, … */
  at(step: number): number;
  /** Reports a measurement (the validation loss after an epoch). */
  observe(metric: number): void;
  readonly state: ScheduleState;
}

/**
 * Puts a schedule to use.
 *
 * @param training learningRate > 0 and the steps of the whole training; `state` continues an earlier run.
 * @throws FoveaError for an unknown schedule or a wrong option.
 */
export function createLearningRate(
  spec: ScheduleSpec,
  training: { readonly learningRate: number; readonly totalSteps: number; readonly state?: ScheduleState },
): LearningRate {
  const { type, warmupSteps = 0, ...given } = spec;
  const base = schedules.find((schedule) => schedule.name === type);
  if (!base) throw unknownSchedule(type);
  if (!Number.isInteger(warmupSteps) || warmupSteps < 0) {
    throw invalid('a whole number of at least 0', `schedule '${type}', option 'warmupSteps'`, warmupSteps);
  }
  const options = completeOptions(base, given, `schedule '${type}'`);
  const schedule = withWarmup(base, warmupSteps);
  const { learningRate, totalSteps } = training;
  let state: ScheduleState = training.state ?? {};
  return {
    at: (step) => schedule.rate({ step, totalSteps, learningRate, options, state }),
    observe(metric) {
      if (schedule.observe) state = schedule.observe({ learningRate, options, state }, metric);
    },
    get state() {
      return state;
    },
  };
}

function unknownSchedule(type: string): FoveaError {
  const names = schedules.map(({ name }) => name);
  return invalid('a learning-rate schedule', 'the training', type, suggest(type, names));
}
