import { invalid } from '../errors.ts';
import type { Options, OptionValues } from '../layers/layer.ts';
import { completeOptions } from '../layers/options.ts';
import { suggest } from '../nearest.ts';
import { numberOf, textOf } from '../ops/checks.ts';

/** A way to average weights over the training: its name, and its options. */
export interface AverageSpec {
  readonly type: string;
  readonly [option: string]: unknown;
}

interface Average {
  readonly name: string;
  /** One sentence for a person. */
  readonly doc: string;
  readonly options: Options;
}

/** Follows the weights from step to step (Polyak and Juditsky 1992; warm-up as TensorFlow's and timm's). */
const ema = {
  name: 'ema',
  doc: 'An exponential moving average, renewed after each step; running statistics are averaged alike.',
  options: {
    decay: {
      type: 'number',
      default: 0.999,
      minimum: 0,
      maximum: 1,
      doc: 'Share of the average that stays at a step.',
    },
    schedule: {
      type: 'choice',
      choices: ['warmup', 'constant', 'cubic'],
      default: 'warmup',
      doc: "How the decay comes about: 'warmup' begins low, (1 + updates) / (10 + updates); 'cubic' grows with the third power of the training's share that is done (airbench).",
    },
    every: { type: 'integer', default: 1, minimum: 1, doc: 'Steps between two renewals.' },
  },
} as const satisfies Average;

/** Stochastic weight averaging (Izmailov et al. 2018). */
const swa = {
  name: 'swa',
  doc: 'The plain mean of the weights at the ends of the last epochs; batch-norm statistics are computed anew for it.',
  options: {
    from: {
      type: 'integer',
      optional: true,
      minimum: 1,
      doc: 'The first epoch that counts; left out: the last quarter of the training.',
    },
    pictures: {
      type: 'integer',
      default: 10000,
      minimum: 2,
      doc: 'Training pictures from which batch-norm statistics are computed, at most.',
    },
  },
} as const satisfies Average;

/** THE LIST of ways to average. */
export const averages: readonly Average[] = [ema, swa];

/** With all options, so that a recipe stays the same when a default changes. @throws FoveaError */
export function completeAverage({ type, ...given }: AverageSpec, epochs: number): AverageSpec & OptionValues {
  const average = averages.find(({ name }) => name === type);
  const names = averages.map(({ name }) => name);
  if (!average) throw invalid('a way to average weights', 'the training', type, suggest(String(type), names));
  const options = completeOptions(average, given, `average '${type}'`);
  if (average !== swa) return { type, ...options };
  const from = (options.from as number | undefined) ?? Math.max(1, epochs - Math.ceil(epochs / 4) + 1);
  if (from > epochs) throw invalid(`an epoch from 1 to ${epochs}`, `average '${type}', option 'from'`, from);
  return { type, ...options, from };
}

/**
 * What an EMA keeps of itself at a step, and what it takes of the weights.
 *
 * @param step of the whole training, from 0. @returns [keep, rest], which add up to 1.
 */
export function emaShares(options: OptionValues, step: number, totalSteps: number): [number, number] {
  const every = numberOf(options, 'every', 1);
  if ((step + 1) % every !== 0) return [1, 0];
  const decay = numberOf(options, 'decay', 0.999);
  const updates = (step + 1) / every;
  const schedule = textOf(options, 'schedule', 'warmup');
  const done = (step + 1) / totalSteps;
  const keep =
    schedule === 'warmup'
      ? Math.min(decay, (1 + updates) / (10 + updates))
      : schedule === 'cubic'
        ? decay * done * done * done
        : decay;
  return [keep, 1 - keep];
}
