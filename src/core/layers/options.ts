import { invalid } from '../errors.ts';
import { suggest } from '../nearest.ts';
import type { Option, Options, OptionValues } from './layer.ts';

type Pair = readonly [number, number];

/**
 * Checks options against their declaration and fills in the defaults. Used for layers, losses, schedules and whatever
 * else declares `options`.
 *
 * @param subject how an error names their owner: `layer 'conv1'`.
 * @throws FoveaError naming the owner and the option: unknown, missing, of another type, out of range.
 */
export function completeOptions(
  owner: { readonly options: Options },
  given: Readonly<Record<string, unknown>>,
  subject: string,
): OptionValues {
  const names = Object.keys(owner.options);
  for (const name of Object.keys(given)) {
    if (given[name] !== undefined && !Object.hasOwn(owner.options, name)) {
      throw invalid('an option that it has', subject, name, suggest(name, names));
    }
  }
  const values: Record<string, OptionValues[string]> = {};
  for (const name of names) {
    const option = owner.options[name];
    const value = given[name] ?? option.default;
    if (value === undefined) {
      if (option.optional) continue;
      throw invalid(describeOption(option), `${subject}, option '${name}'`, undefined, option.doc);
    }
    if (isTooLarge(option, value)) throw invalid(`at most ${mostWhole}`, `${subject}, option '${name}'`, value);
    if (!fits(option, value)) throw invalid(describeOption(option), `${subject}, option '${name}'`, value);
    values[name] = value as OptionValues[string];
  }
  return values;
}

/** Sizes and counts beyond 31 bits are no sizes of anything. */
export const mostWhole = 2147483647;

function isTooLarge({ type }: Option, value: unknown): boolean {
  if (type !== 'integer' && type !== 'size' && type !== 'padding') return false;
  return (Array.isArray(value) ? value : [value]).some((one) => typeof one === 'number' && one > mostWhole);
}

function fits(option: Option, value: unknown): boolean {
  switch (option.type) {
    case 'boolean':
      return typeof value === 'boolean';
    case 'choice':
      return typeof value === 'string' && (option.choices ?? []).includes(value);
    case 'number':
      return inRange(option, value);
    case 'integer':
      return Number.isInteger(value) && inRange(option, value);
    case 'numbers':
      return Array.isArray(value) && value.every((v) => inRange(option, v));
    case 'size':
      return isSize(option, value);
    case 'padding':
      return value === 'same' || value === 'valid' || isSize(option, value);
  }
}

function inRange(option: Option, value: unknown): value is number {
  if (typeof value !== 'number' || !Number.isFinite(value)) return false;
  return value >= (option.minimum ?? -Infinity) && value <= (option.maximum ?? Infinity);
}

function isSize(option: Option, value: unknown): boolean {
  const isOne = (v: unknown) => Number.isInteger(v) && inRange(option, v);
  return isOne(value) || (Array.isArray(value) && value.length === 2 && value.every(isOne));
}

/** What an option takes, as a phrase: `a whole number of at least 1`. For errors, help and docs. */
export function describeOption(option: Option): string {
  const { minimum, maximum } = option;
  const range =
    minimum !== undefined && maximum !== undefined
      ? ` from ${minimum} to ${maximum}`
      : minimum !== undefined
        ? ` of at least ${minimum}`
        : maximum !== undefined
          ? ` of at most ${maximum}`
          : '';
  switch (option.type) {
    case 'boolean':
      return 'true or false';
    case 'choice':
      return `one of ${(option.choices ?? []).join(', ')}`;
    case 'number':
      return `a number${range}`;
    case 'integer':
      return `a whole number${range}`;
    case 'numbers':
      return `a list of numbers${range && `, each${range}`}`;
    case 'size':
      return `a whole number or [height, width]${range}`;
    case 'padding':
      return `'same', 'valid', a whole number or [height, width]${range}`;
  }
}

/** A `size` as [height, width]. */
export const pairOf = (size: OptionValues[string]): Pair => {
  const pair = typeof size === 'number' ? [size, size] : (size as readonly number[]);
  return [pair[0], pair[1]];
};

/** A number option. The declaration guarantees that it is one. */
export const numberOption = (options: OptionValues, name: string): number => options[name] as number;
