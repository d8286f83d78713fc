import { FoveaError } from '../../core/errors.ts';
import { testTimeAugmentations } from '../../core/image/test-time-augmentation.ts';
import { type Named, parseNamed } from '../../core/layers/named-text.ts';
import { optimizers } from '../../core/optimizers/index.ts';
import { schedules } from '../../core/schedules/index.ts';
import { averages } from '../../core/train/averages.ts';
import type { RecipeOverrides } from '../../core/train/override-recipe.ts';
import { namedRecipes } from '../../core/train/recipes/index.ts';
import type { TrainRequest } from '../../core/workbench/train-request.ts';
import { type CommandOption, number, UsageError } from '../command.ts';
import { nameFrom } from './shared.ts';

/** What core refuses is a wrong command line. */
function asUsage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof FoveaError) throw new UsageError(error.message);
    throw error;
  }
}

const named = (list: readonly Named[]) => (text: string, flag: string) => asUsage(() => parseNamed(list, text, flag));

const namesOf = (list: readonly Named[]): string => list.map(({ name }) => name).join(', ');

/** `learningRate=0.01;schedule={"type":"cosine"}`: each value as JSON, or a word. */
function parseFields(text: string, flag: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    text.split(';').map((part) => {
      const [, field, value] = /^\s*([\w.]+)\s*=(.*)$/s.exec(part) ?? [];
      if (field === undefined || value.trim() === '') {
        throw new UsageError(`Expected FIELD=VALUE such as learningRate=0.001 for ${flag} but received '${part}'`);
      }
      try {
        return [field, JSON.parse(value) as unknown];
      } catch {
        return [field, value.trim()];
      }
    }),
  );
}

export const recipeOption: CommandOption = {
  flags: '--recipe <name>',
  doc: `complete settings by name: ${namedRecipes.map(({ name }) => name).join(', ')}; fovea recipe show tells them. Other options go before it`,
  parse: nameFrom(namedRecipes.map(({ name }) => name)),
};

export const optimizerOption: CommandOption = {
  flags: '--optimizer <name>',
  doc: `one of ${namesOf(optimizers)}; with options, such as sgd:0.9:nesterov or adamw:beta2=0.95`,
  parse: named(optimizers),
};

/** How a model learns, beside the optimizer. */
export const recipeOptions: readonly CommandOption[] = [
  {
    flags: '--schedule <name>',
    doc: `how the learning rate changes: one of ${namesOf(schedules)}; with options, such as step:size=3ep:factor=0.3 (ep: epochs, else steps)`,
    parse: named(schedules),
  },
  {
    flags: '--warmup <n>',
    doc: 'linear warm-up into any schedule: a share of all steps below 1, or a number of steps',
    parse: number({ minimum: 0 }, '0.05'),
  },
  {
    flags: '--label-smoothing <share>',
    doc: 'spreads this share of the target over all classes',
    parse: number({ minimum: 0, below: 1 }, '0.1'),
  },
  { flags: '--clip-norm <n>', doc: 'the largest norm of all gradients together', parse: number({ above: 0 }, '1') },
  { flags: '--clip-value <n>', doc: 'the largest size of a gradient’s element', parse: number({ above: 0 }, '0.5') },
  {
    flags: '--average <name>',
    doc: `averages weights, which are then validated and kept: one of ${namesOf(averages)}, with options such as ema:0.9995; none`,
    parse: (text, flag) => (text === 'none' ? text : named(averages)(text, flag)),
  },
  {
    flags: '--dropout <rate>',
    doc: "rate of the model's dropout; a model without any gets it before its last layer",
    parse: number({ minimum: 0, below: 1 }, '0.3'),
  },
  {
    flags: '--test-time-augmentation <how>',
    doc: 'what the trained model answers by: mirror (the mean over a picture and its mirror image, in twice the time), or none (default)',
    parse: nameFrom(['none', ...testTimeAugmentations]),
  },
  {
    flags: '--set <fields>',
    doc: "any field of the recipe, last of all: 'optimizer.eps=1e-6;schedule.warmupSteps=100'",
    parse: parseFields,
  },
];

/** These options as a request has them. */
export function recipeRequestOf({
  clipNorm,
  clipValue,
  set,
  ...rest
}: Readonly<Record<string, unknown>>): Partial<TrainRequest> & Record<string, unknown> {
  const clip = { norm: clipNorm as number | undefined, value: clipValue as number | undefined };
  return {
    ...rest,
    ...(clipNorm === undefined && clipValue === undefined ? {} : { clip }),
    ...(set === undefined ? {} : { overrides: set as RecipeOverrides }),
  };
}
