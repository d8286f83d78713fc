import { FoveaError, invalid, mismatch } from '../errors.ts';

/** What a model's JSON may be at most. A net of a thousand layers is about 100 kB of it. */
export const limits = {
  /** Characters of a file. */
  text: 4_000_000,
  layers: 5000,
  /** Inputs of one layer. */
  inputs: 1000,
  /** Letters of a name or an id. */
  name: 200,
  /** Objects and lists within each other. */
  depth: 8,
  /** Objects, lists and values in all. */
  values: 200_000,
  /** Height, width and channels of a picture or a feature map. */
  side: 65_536,
  /** Numbers of one tensor: 4 GiB, which is all that the engine can address. */
  tensor: 1_073_741_824,
} as const;

/** Keys by which an object would reach beyond itself. */
const foreignKeys: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * A JSON text as a value. @throws FoveaError for a text that is too long, no JSON, or as `checkPlain`.
 */
export function parsePlain(text: string, source: string): unknown {
  if (text.length > limits.text) {
    throw mismatch(`at most ${limits.text} characters`, source, String(text.length), 'A model takes far fewer');
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FoveaError(`Expected JSON for ${source} but received other text: ${(error as Error).message}`);
  }
  checkPlain(value, source);
  return value;
}

/** @throws FoveaError for a value that is too deep (a cycle is), too large, or has keys that act. */
export function checkPlain(given: unknown, source: string): void {
  let values = 0;
  const walk = (value: unknown, depth: number): void => {
    if (++values > limits.values) throw mismatch(`at most ${limits.values} values`, source, 'more');
    if (typeof value !== 'object' || value === null) return;
    if (depth >= limits.depth) {
      throw mismatch(`objects and lists within each other up to ${limits.depth} deep`, source, 'deeper ones');
    }
    if (Array.isArray(value)) {
      for (const one of value) walk(one, depth + 1);
      return;
    }
    for (const key of Object.keys(value)) {
      if (foreignKeys.has(key)) throw invalid('a key that is an option', source, key);
      walk((value as Record<string, unknown>)[key], depth + 1);
    }
  };
  walk(given, 0);
}
