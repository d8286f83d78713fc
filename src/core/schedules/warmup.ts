import type { Schedule } from './schedule.ts';

/**
 * A linear warm-up into any schedule: step i of the first `steps` has (i + 1) / steps of the learning rate with which
 * the schedule begins; the schedule then runs over what remains (Goyal et al. 2017).
 */
export function withWarmup(schedule: Schedule, steps: number): Schedule {
  if (steps <= 0) return schedule;
  return {
    ...schedule,
    rate(context) {
      const totalSteps = Math.max(1, context.totalSteps - steps);
      if (context.step >= steps) return schedule.rate({ ...context, step: context.step - steps, totalSteps });
      return (schedule.rate({ ...context, step: 0, totalSteps }) * (context.step + 1)) / steps;
    },
  };
}
