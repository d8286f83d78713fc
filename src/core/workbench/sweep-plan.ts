import { z } from 'zod';
import { FoveaError, invalid } from '../errors.ts';
import { exp, log } from '../maths.ts';
import { hashName, RandomStream } from '../random.ts';
import { checkJson } from '../train/check.ts';

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const valueSchema = z.union([scalar, z.record(z.string(), z.unknown()), z.array(z.unknown())]);
const rangeSchema = z.strictObject({
  low: z.number(),
  high: z.number(),
  /** Equal chances for equal ratios (log, the default) or for equal differences. */
  scale: z.enum(['log', 'linear']).optional(),
  whole: z.boolean().optional(),
});

/** A field of the recipe and the values that it is to have. */
const dimensionSchema = z.union([
  z.strictObject({ field: z.string(), values: z.array(valueSchema).min(1) }),
  z.strictObject({ field: z.string(), range: rangeSchema }),
]);
export type Dimension = z.infer<typeof dimensionSchema>;

export const sweepMetrics = ['valLoss', 'valAccuracy'] as const;
export type SweepMetric = (typeof sweepMetrics)[number];

/** What a sweep tries: everything but the data and the settings that all its runs share. */
export const sweepPlanSchema = z.strictObject({
  method: z.enum(['grid', 'random']),
  dimensions: z.array(dimensionSchema).min(1),
  /** Settings that are drawn; of a grid there are as many as there are. */
  trials: z.int().min(1).max(10_000).optional(),
  /** Runs of each setting, with seeds that follow each other. */
  seeds: z.int().min(1).max(100).default(1),
  /** The first seed, from which drawn values follow, too. */
  seed: z.int().min(0).max(4294967295).default(1),
  /** Successive halving: of so many settings one goes on to the next rung. */
  halving: z.int().min(2).max(100).optional(),
  metric: z.enum(sweepMetrics).default('valLoss'),
});
export type SweepPlan = z.infer<typeof sweepPlanSchema>;
/** As a person gives it: what has a default may be left out. */
export type PlanInput = z.input<typeof sweepPlanSchema>;
export type SweepValue = z.infer<typeof valueSchema>;

/** One point of the sweep: a value for each field. */
export interface Setting {
  /** `001`, `002`, …: the name of its run's folder, with `-s2` for another seed. */
  readonly id: string;
  readonly values: Readonly<Record<string, SweepValue>>;
}

/** More than this nobody waits for. */
const mostSettings = 10_000;

/** Settings of a plan, always the same ones in the same order. @throws FoveaError for a grid over ranges, or too large. */
export function listSettings({ method, dimensions, trials, seed }: SweepPlan): Setting[] {
  const repeated = dimensions.find(({ field }, i) => dimensions.findIndex((one) => one.field === field) !== i);
  if (repeated) throw invalid('each field once', 'the sweep', repeated.field);
  const points = method === 'grid' ? gridPoints(dimensions) : randomPoints(dimensions, trials, seed);
  const digits = Math.max(3, String(points.length).length);
  return points.map((values, i) => ({ id: String(i + 1).padStart(digits, '0'), values }));
}

function gridPoints(dimensions: readonly Dimension[]): Setting['values'][] {
  let points: Setting['values'][] = [{}];
  for (const dimension of dimensions) {
    if (!('values' in dimension)) {
      const mend = 'Name values, such as lr=0.1,0.01, or draw at random';
      throw new FoveaError(`Expected values for '${dimension.field}' in a grid but received a range`, mend);
    }
    const { field, values } = dimension;
    if (points.length * values.length > mostSettings)
      throw invalid(`at most ${mostSettings} settings`, 'the grid', 'more');
    points = points.flatMap((point) => values.map((value) => ({ ...point, [field]: value })));
  }
  return points;
}

/** A value is a function of seed, trial and field, so that a longer sweep begins with the trials of a shorter one. */
function randomPoints(dimensions: readonly Dimension[], trials: number | undefined, seed: number): Setting['values'][] {
  if (trials === undefined)
    throw new FoveaError('Expected how many settings to draw but received none', 'Add --trials 20');
  return Array.from({ length: trials }, (_, trial) =>
    Object.fromEntries(
      dimensions.map((dimension) => {
        const random = new RandomStream(seed, 'sample', trial, hashName(dimension.field));
        if ('values' in dimension) return [dimension.field, dimension.values[random.below(dimension.values.length)]];
        return [dimension.field, draw(dimension.range, dimension.field, random.uniform())];
      }),
    ),
  );
}

function draw(
  { low, high, scale = 'log', whole = false }: z.infer<typeof rangeSchema>,
  field: string,
  at: number,
): number {
  if (!(low < high) || (scale === 'log' && low <= 0)) {
    throw invalid(
      scale === 'log' ? 'a range from above 0 upwards' : 'a range upwards',
      `'${field}'`,
      `${low}..${high}`,
    );
  }
  // The end of a range of whole numbers has the chance of the others.
  const end = whole ? high + 1 : high;
  const value = scale === 'log' ? low * exp(at * log(end / low)) : low + at * (end - low);
  if (whole) return Math.min(high, Math.floor(value));
  return Number(value.toPrecision(4));
}

/**
 * `lr=0.1,0.01;model=lenet5,mnist-cnn`, and for random draws `lr=0.0001..0.1` (equal chances for equal ratios) or
 * `lr=linear:0..1`; with `|` between values that hold commas themselves. A range between whole numbers holds whole ones.
 * @throws FoveaError
 */
export function parseDimensions(text: string): Dimension[] {
  const parts = text
    .split(';')
    .map((part) => part.trim())
    .filter((part) => part !== '');
  return parts.map((part): Dimension => {
    const at = part.indexOf('=');
    const [field, given] = [part.slice(0, at).trim(), part.slice(at + 1).trim()];
    if (at < 1 || given === '') throw invalid("fields and values such as 'lr=0.1,0.01;batch=32,64'", 'the sweep', part);
    const range = /^(?:(log|linear):)?([-+.\de]+)\.\.([-+.\de]+)$/i.exec(given);
    if (range) {
      const [, scale, low, high] = range;
      const whole = [low, high].every((number) => /^\d+$/.test(number));
      const checked = checkJson(
        rangeSchema,
        { low: Number(low), high: Number(high), whole, ...(scale ? { scale: scale.toLowerCase() } : {}) },
        `the range of '${field}'`,
      );
      return { field, range: checked };
    }
    const words = splitOutside(given, given.includes('|') ? '|' : ',');
    return { field, values: words.map((word) => parseValue(word.trim())) };
  });
}

/** Parts between separators that stand in no bracket and in no quotes. */
function splitOutside(text: string, separator: string): string[] {
  const parts = [''];
  let depth = 0;
  let quoted = false;
  for (const c of text) {
    if (c === '"') quoted = !quoted;
    if (!quoted && '{['.includes(c)) depth++;
    if (!quoted && '}]'.includes(c)) depth--;
    if (c === separator && depth === 0 && !quoted) parts.push('');
    else parts[parts.length - 1] += c;
  }
  return parts;
}

/** JSON where it is some, else the text itself. */
function parseValue(word: string): SweepValue {
  try {
    return checkJson(valueSchema, JSON.parse(word), 'a value of the sweep');
  } catch {
    return word;
  }
}

/** Epochs of each rung of successive halving, the last one all of them. */
export function rungsOf(settings: number, epochs: number, { halving }: Pick<SweepPlan, 'halving'>): number[] {
  if (halving === undefined) return [epochs];
  const rungs = [epochs];
  for (let left = settings; left > 1 && rungs[0] > 1; left = Math.ceil(left / halving)) {
    rungs.unshift(Math.max(1, Math.round(rungs[0] / halving)));
  }
  return rungs;
}
