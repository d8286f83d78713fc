import type { Option, OptionValues } from './layer.ts';
import { completeOptions } from './options.ts';

const number = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;

/**
 * An option's value from what a person typed: `3`, `3x1` for sizes, `same`, `0.1/0.2` for lists, `true`.
 * Undefined where the text is none, or out of the option's range.
 */
export function readOption(option: Option, given: string): OptionValues[string] | undefined {
  const value = parseValue(option, given.trim());
  if (value === undefined) return undefined;
  try {
    return completeOptions({ options: { value: option } }, { value }, 'option').value;
  } catch {
    return undefined;
  }
}

/** The text of a value that `readOption` reads again; empty for none. */
export function writeOption(value: OptionValues[string] | undefined): string {
  if (value === undefined) return '';
  return typeof value === 'object' ? value.join(value.length === 2 ? 'x' : '/') : String(value);
}

function parseValue({ type }: Option, text: string): OptionValues[string] | undefined {
  switch (type) {
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : undefined;
    case 'choice':
      return text;
    case 'integer':
    case 'number':
      return number.test(text) ? Number(text) : undefined;
    case 'numbers': {
      const parts = text.trim().split(/\s*[/x,;]\s*|\s+/);
      return parts.every((one) => number.test(one)) ? parts.map(Number) : undefined;
    }
    case 'size':
    case 'padding': {
      const pair = /^(\d+)\s*[x×,]\s*(\d+)$/i.exec(text);
      if (pair) return pair[1] === pair[2] ? Number(pair[1]) : [Number(pair[1]), Number(pair[2])];
      if (number.test(text)) return Number(text);
      return type === 'padding' && text !== '' ? text : undefined;
    }
  }
}
