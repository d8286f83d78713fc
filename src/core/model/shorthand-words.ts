import { type FoveaError, mismatch } from '../errors.ts';
import { layers } from '../layers/index.ts';
import type { Layer, Option } from '../layers/layer.ts';
import { suggest } from '../nearest.ts';

/** What the shorthand takes where no window is named; in JSON and TypeScript one has to be. */
const usualWindow = 3;

const byWord: ReadonlyMap<string, Layer> = new Map(
  layers.flatMap((layer) => [layer.type.toLowerCase(), ...(layer.aliases ?? [])].map((word) => [word, layer] as const)),
);

/** The layer of a word, its type or a short name of it, case ignored. */
export const layerOfWord = (word: string): Layer | undefined => byWord.get(word.toLowerCase());

/** All words for layers, for "did you mean". */
export const layerWords: readonly string[] = [...byWord.keys()];

/** The word that is written for a layer. */
export const wordOf = ({ type, aliases }: Layer): string => aliases?.[0] ?? type;

type Wrong = (expected: string, received: string, mend?: string) => FoveaError;

/**
 * Options from the words after a layer's own: numbers by position, `same` and `valid`, words of choices, `bias` and
 * `nobias`, and `option=value`.
 *
 * @throws what `wrong` makes of what is expected and what stands there.
 */
export function readOptions(layer: Layer, words: readonly string[], wrong: Wrong): Record<string, unknown> {
  const { options: declared, type, positional = [] } = layer;
  const names = Object.keys(declared);
  const options: Record<string, unknown> = {};
  let position = 0;
  for (const word of words) {
    const [name, text] = placeOf(layer, word, position) ?? [];
    if (name === undefined || text === undefined) {
      const numeric = /^[\d.]/.test(word);
      const missed = layerOfWord(word) && `Put a comma before '${word}'`;
      const mend =
        missed ?? (numeric && names.length > 0 ? `Write option=value, of: ${names.join(', ')}` : suggest(word, names));
      throw wrong(numeric ? `no further number for ${type}` : `an option of ${type}`, `'${word}'`, mend);
    }
    if (name === positional[position] && !word.includes('=')) position++;
    if (name !== 'id' && !Object.hasOwn(declared, name)) {
      throw wrong(`an option of ${type}`, `'${name}'`, suggest(name, ['id', ...names]));
    }
    if (Object.hasOwn(options, name)) throw wrong(`'${name}' of ${type} once`, `'${word}' too`);
    options[name] = name === 'id' ? text : readValue(declared[name], text, word, wrong);
  }
  const { kernelSize } = declared;
  if (kernelSize && kernelSize.default === undefined) options.kernelSize ??= usualWindow;
  // In the declared order, as other forms have it.
  const order = ['id', ...names].filter((name) => Object.hasOwn(options, name));
  return Object.fromEntries(order.map((name) => [name, options[name]]));
}

/** Which option a word gives, and its value as text. */
function placeOf({ options, positional = [] }: Layer, word: string, position: number): [string, string] | undefined {
  const equals = word.indexOf('=');
  if (equals >= 0) return [word.slice(0, equals), word.slice(equals + 1)];
  if (/^[\d.]/.test(word)) return positional[position] === undefined ? undefined : [positional[position], word];
  if (options.padding && (word === 'same' || word === 'valid')) return ['padding', word];
  for (const [name, option] of Object.entries(options)) {
    if (option.type === 'boolean' && word === name) return [name, 'true'];
    if (option.type === 'boolean' && word === `no${name}`) return [name, 'false'];
    if (option.choices?.includes(word)) return [name, word];
  }
  return undefined;
}

function readValue({ type }: Option, text: string, word: string, wrong: Wrong): unknown {
  const isNumber = /^-?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text);
  switch (type) {
    case 'boolean':
      if (text !== 'true' && text !== 'false') throw wrong('true or false', `'${word}'`);
      return text === 'true';
    case 'integer':
    case 'number':
      if (!isNumber) throw wrong('a number', `'${word}'`);
      return Number(text);
    case 'numbers':
      return text.split('/').map(Number);
    case 'size':
    case 'padding': {
      const pair = /^(\d+)x(\d+)$/.exec(text);
      if (pair) return pair[1] === pair[2] ? Number(pair[1]) : [Number(pair[1]), Number(pair[2])];
      if (isNumber) return Number(text);
      if (type === 'padding') return text;
      throw wrong('a size such as 3 or 3x1', `'${word}'`);
    }
    case 'choice':
      return text;
  }
}

/** The words for a layer's options, so that `readOptions` gives them again; undefined where they cannot be said. */
export function writeOptions(layer: Layer, options: Readonly<Record<string, unknown>>): string[] | undefined {
  const { positional = [], options: declared } = layer;
  const words: string[] = [];
  const usual = declared.kernelSize && declared.kernelSize.default === undefined ? usualWindow : undefined;
  const left = new Map(Object.entries(options).filter(([, value]) => value !== undefined));
  for (const name of positional) {
    const value = left.get(name);
    if (value === undefined) break;
    left.delete(name);
    if (name === 'kernelSize' && value === usual) continue;
    const text = plainText(value);
    if (text === undefined) return undefined;
    words.push(text);
  }
  for (const [name, value] of left) {
    const text = plainText(value);
    if (text === undefined) return undefined;
    const isShort = name === 'padding' ? typeof value === 'string' : declared[name]?.type === 'choice';
    if (typeof value === 'boolean') words.push(value ? name : `no${name}`);
    else words.push(isShort ? text : `${name}=${text}`);
  }
  // What reads otherwise than it was, such as [3, 3] for 3, or numbers in another order, cannot be said.
  const again = readOptions(layer, words, (expected, received) => mismatch(expected, 'the shorthand', received));
  return JSON.stringify(sorted(again)) === JSON.stringify(sorted(options)) ? words : undefined;
}

const sorted = (options: Readonly<Record<string, unknown>>): [string, unknown][] =>
  Object.entries(options)
    .filter(([, value]) => value !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));

function plainText(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.length === 2 ? value.join('x') : undefined;
  const text = String(value);
  return /^[\w.+-]+$/.test(text) ? text : undefined;
}
