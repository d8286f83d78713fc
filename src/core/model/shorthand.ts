import { type FoveaError, mismatch } from '../errors.ts';
import { layerNamed } from '../layers/index.ts';
import type { Layer } from '../layers/layer.ts';
import { suggest } from '../nearest.ts';
import { branches, type Part, sequential } from './builder.ts';
import { partsOf } from './nested-parts.ts';
import { limits } from './plain.ts';
import { layerOfWord, layerWords, readOptions, wordOf, writeOptions } from './shorthand-words.ts';
import { type ModelDraft, parseModelDraft } from './spec.ts';

type LayerPart = Part & { readonly kind: 'layer' };

/** `residual(body | shortcut)` is `add(body | shortcut)`; without a shortcut the input itself is added. */
const residualWord = 'residual';
const mostCharacters = 100_000;
const mostNesting = 64;
const mostRepeats = 1000;

/** Whether a text is meant as a shorthand rather than as a name or a path. */
export const looksLikeShorthand = (text: string): boolean =>
  /[,(|*]|\S\s+\S/.test(text) || layerOfWord(text.trim()) !== undefined;

/**
 * Reads a model in one line: layers with commas between them, each a word and what it needs.
 *
 *     conv 32 3x3 same, bn, relu, pool 2, residual(conv 32 same, bn), relu, flatten, dropout 0.5, linear
 *
 * `add(a | b)`, `multiply(…)` and `concat(…)` join paths, of which an empty one passes its input on; `3*(…)` stands for
 * three times the same. docs/models-spec.md has the whole.
 *
 * @throws FoveaError naming the layer and what could stand there.
 */
export function parseShorthand(text: string, source = 'the model'): ModelDraft {
  if (text.length > mostCharacters) {
    throw mismatch(`at most ${mostCharacters} characters`, source, String(text.length), 'Write a JSON file');
  }
  const tokens = text.match(/[,()|]|\d+\s*\*(?=\s*\()|[^\s,()|]+/g) ?? [];
  let at = 0;
  let count = 0;
  let current = '';

  const wrong = (expected: string, received: string, mend?: string): FoveaError => {
    const place = current === '' ? source : `layer ${count} ('${current}') of ${source}`;
    return mismatch(expected, place, received, mend);
  };
  const shown = (token: string | undefined): string => (token === undefined ? 'the end' : `'${token}'`);
  const take = (token: string): boolean => tokens[at] === token && ++at > 0;
  const close = (): void => {
    if (!take(')')) throw wrong("')' or ','", shown(tokens[at]));
  };
  const grow = (layers: number): void => {
    count += layers;
    if (count > limits.layers) throw mismatch(`at most ${limits.layers} layers`, source, 'more');
  };
  const layerOf = (word: string): Layer => {
    const layer = layerOfWord(word);
    if (layer) return layer;
    throw wrong('a layer', `'${word}'`, suggest(word, [...layerWords, residualWord]));
  };
  const wordsHere = (): string[] => {
    const from = at;
    while (at < tokens.length && !/^[,()|]$|\*$/.test(tokens[at])) at++;
    return tokens.slice(from, at);
  };
  const layerPart = (layer: Layer, words: readonly string[]): LayerPart => {
    return { kind: 'layer', type: layer.type, options: readOptions(layer, words, wrong) };
  };

  const readParts = (depth: number): Part[] => {
    if (depth > mostNesting) throw mismatch(`brackets within each other up to ${mostNesting} deep`, source, 'more');
    if (at === tokens.length || tokens[at] === '|' || tokens[at] === ')') return [];
    const parts: Part[] = [];
    do parts.push(...readStep(depth));
    while (take(','));
    return parts;
  };
  const readStep = (depth: number): Part[] => {
    const token = tokens[at];
    if (token?.endsWith('*')) {
      const times = Number.parseInt(token, 10);
      if (times < 1 || times > mostRepeats) throw wrong(`1 to ${mostRepeats} times`, `'${token}'`);
      at += 2;
      const before = count;
      const parts = readParts(depth + 1);
      close();
      grow((times - 1) * (count - before));
      return Array.from({ length: times }, () => parts).flat();
    }
    const [word, ...words] = wordsHere();
    if (word === undefined) {
      throw mismatch('a layer', `place ${count + 1} of ${source}`, shown(tokens[at]), 'Is there a comma too many?');
    }
    grow(1);
    current = [word, ...words].join(' ');
    if (tokens[at] !== '(') return [layerPart(layerOf(word), words)];
    if (words.length > 0) throw wrong("',' before the next layer", "'('");
    return [readBranches(word, depth)];
  };
  const readBranches = (word: string, depth: number): Part => {
    const isResidual = word.toLowerCase() === residualWord;
    const merge = isResidual ? layerNamed('add', source) : layerOf(word);
    if (merge.inputs === 1) throw wrong("',' or the end", "'('", 'Brackets follow add, multiply, concat and residual');
    at++;
    const paths = [readParts(depth + 1)];
    while (take('|')) paths.push(readParts(depth + 1));
    close();
    current = word;
    if (isResidual && paths.length === 1) paths.push([]);
    if (paths.length < 2) throw wrong("two or more paths with '|' between them", 'one');
    if (isResidual && paths.length > 2) throw wrong('a body and at most one shortcut', `${paths.length} paths`);
    return branches(layerPart(merge, wordsHere()), ...paths);
  };

  const parts = readParts(0);
  if (at < tokens.length) throw wrong("',' and the next layer", shown(tokens[at]));
  if (parts.length === 0) throw mismatch('layers with commas between them', source, 'none', 'Such as: flatten, linear');
  return parseModelDraft(sequential(parts), source);
}

/**
 * A model in one line, so that `parseShorthand` gives the same layers again, ids and all; undefined where it cannot be
 * said so. Name, input and classes are no part of it.
 */
export function shorthandOf(model: ModelDraft): string | undefined {
  const parts = partsOf(model);
  return parts && writeParts(parts);
}

function writeParts(parts: readonly Part[]): string | undefined {
  const steps = parts.map((part) => {
    if (part.kind === 'layer') return writeLayer(part);
    const { merge, paths } = part;
    const inner = paths.map((path) => (path.length === 0 ? '' : writeParts(path)));
    if (inner.some((one) => one === undefined)) return undefined;
    const isResidual = merge.type === 'add' && paths.length === 2;
    const shown = isResidual && paths[1].length === 0 ? inner.slice(0, 1) : inner;
    const rest = writeLayer(merge)?.slice(wordOf(layerNamed(merge.type, 'the model')).length);
    return rest === undefined ? undefined : `${isResidual ? residualWord : merge.type}(${shown.join(' | ')})${rest}`;
  });
  return steps.every((step) => step !== undefined) ? steps.join(', ') : undefined;
}

function writeLayer({ type, options }: LayerPart): string | undefined {
  const layer = layerNamed(type, 'the model');
  const words = writeOptions(layer, options);
  return words && [wordOf(layer), ...words].join(' ');
}
