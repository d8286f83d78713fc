import { mismatch } from '../errors.ts';
import type * as list from '../layers/index.ts';
import { layerNamed } from '../layers/index.ts';
import type { Layer, Option, Options } from '../layers/layer.ts';
import type { Shape } from '../shape.ts';
import { inputId, type LayerSpec, type ModelDraft } from './spec.ts';

/** A layer, or branches that meet in one: what `sequential` takes. */
export type Part =
  | { readonly kind: 'layer'; readonly type: string; readonly options: Readonly<Record<string, unknown>> }
  | {
      readonly kind: 'branches';
      readonly merge: Part & { kind: 'layer' };
      readonly paths: readonly (readonly Part[])[];
    };

type Size = number | readonly [number, number];
type OptionType<O extends Option> = O extends { readonly choices: readonly (infer C)[] }
  ? C
  : {
      integer: number;
      number: number;
      numbers: readonly number[];
      boolean: boolean;
      choice: string;
      size: Size;
      padding: Size | 'same' | 'valid';
    }[O['type']];
type Required<O extends Options> = {
  [K in keyof O]: O[K] extends { readonly default: unknown } | { readonly optional: true } ? never : K;
}[keyof O];

/** The options of a layer as TypeScript sees them, less those given by position; `id` names the layer. */
export type OptionsOf<L extends Layer, Positional extends string = never> = {
  readonly [K in Exclude<keyof L['options'], Required<L['options']> | Positional>]?: OptionType<L['options'][K]>;
} & { readonly [K in Exclude<Required<L['options']>, Positional>]: OptionType<L['options'][K]> } & {
  readonly id?: string;
};

type LayerPart = Part & { readonly kind: 'layer' };
const part = (type: string, options: object): LayerPart => ({ kind: 'layer', type, options: { ...options } });

export const conv2d = (channels: number, options: OptionsOf<typeof list.conv2d, 'channels'>) =>
  part('conv2d', { channels, ...options });
export const depthwiseConv2d = (options: OptionsOf<typeof list.depthwiseConv2d>) => part('depthwiseConv2d', options);
/** Without `features`: one output a class, filled in when the data are known (last layer only). */
export const linear = (features?: number, options: OptionsOf<typeof list.linear, 'features'> = {}) =>
  part('linear', features === undefined ? options : { features, ...options });
/** A linear layer on each pixel's channels. */
export const pixelLinear = (features: number, options: OptionsOf<typeof list.pixelLinear, 'features'> = {}) =>
  part('pixelLinear', { features, ...options });
export const batchNorm2d = (options: OptionsOf<typeof list.batchNorm2d> = {}) => part('batchNorm2d', options);
export const groupNorm = (groups: number, options: OptionsOf<typeof list.groupNorm, 'groups'> = {}) =>
  part('groupNorm', { groups, ...options });
export const layerNorm = (options: OptionsOf<typeof list.layerNorm> = {}) => part('layerNorm', options);
export const relu = (options: OptionsOf<typeof list.relu> = {}) => part('relu', options);
export const relu6 = (options: OptionsOf<typeof list.relu6> = {}) => part('relu6', options);
export const leakyRelu = (options: OptionsOf<typeof list.leakyRelu> = {}) => part('leakyRelu', options);
export const elu = (options: OptionsOf<typeof list.elu> = {}) => part('elu', options);
export const silu = (options: OptionsOf<typeof list.silu> = {}) => part('silu', options);
export const gelu = (options: OptionsOf<typeof list.gelu> = {}) => part('gelu', options);
export const hardSwish = (options: OptionsOf<typeof list.hardSwish> = {}) => part('hardSwish', options);
export const hardSigmoid = (options: OptionsOf<typeof list.hardSigmoid> = {}) => part('hardSigmoid', options);
export const sigmoid = (options: OptionsOf<typeof list.sigmoid> = {}) => part('sigmoid', options);
export const tanh = (options: OptionsOf<typeof list.tanh> = {}) => part('tanh', options);
export const softmax = (options: OptionsOf<typeof list.softmax> = {}) => part('softmax', options);
export const maxPool2d = (kernelSize?: Size, options: OptionsOf<typeof list.maxPool2d, 'kernelSize'> = {}) =>
  part('maxPool2d', kernelSize === undefined ? options : { kernelSize, ...options });
export const avgPool2d = (kernelSize?: Size, options: OptionsOf<typeof list.avgPool2d, 'kernelSize'> = {}) =>
  part('avgPool2d', kernelSize === undefined ? options : { kernelSize, ...options });
export const blurPool2d = (kernelSize?: number, options: OptionsOf<typeof list.blurPool2d, 'kernelSize'> = {}) =>
  part('blurPool2d', kernelSize === undefined ? options : { kernelSize, ...options });
export const globalAvgPool2d = (options: OptionsOf<typeof list.globalAvgPool2d> = {}) =>
  part('globalAvgPool2d', options);
export const adaptiveAvgPool2d = (
  outputSize: Size,
  options: OptionsOf<typeof list.adaptiveAvgPool2d, 'outputSize'> = {},
) => part('adaptiveAvgPool2d', { outputSize, ...options });
export const flatten = (options: OptionsOf<typeof list.flatten> = {}) => part('flatten', options);
export const dropout = (rate?: number, options: OptionsOf<typeof list.dropout, 'rate'> = {}) =>
  part('dropout', rate === undefined ? options : { rate, ...options });
export const stochasticDepth = (rate?: number, options: OptionsOf<typeof list.stochasticDepth, 'rate'> = {}) =>
  part('stochasticDepth', rate === undefined ? options : { rate, ...options });
export const layerScale = (options: OptionsOf<typeof list.layerScale> = {}) => part('layerScale', options);
export const scale = (factor: number, options: OptionsOf<typeof list.scale, 'factor'> = {}) =>
  part('scale', { factor, ...options });
export const zeroPad2d = (options: OptionsOf<typeof list.zeroPad2d> = {}) => part('zeroPad2d', options);
export const add = (options: OptionsOf<typeof list.add> = {}) => part('add', options);
export const multiply = (options: OptionsOf<typeof list.multiply> = {}) => part('multiply', options);
export const concat = (options: OptionsOf<typeof list.concat> = {}) => part('concat', options);

/** Several paths from one input, met by `merge` (add, multiply or concat). An empty path passes its input on. */
export const branches = (merge: LayerPart, ...paths: readonly (readonly Part[])[]): Part => ({
  kind: 'branches',
  merge,
  paths,
});

/** `body(x) + shortcut(x)` (He et al. 2016); without a shortcut `body(x) + x`. An activation may follow as a part. */
export const residual = (
  body: readonly Part[],
  shortcut: readonly Part[] = [],
  options: OptionsOf<typeof list.add> = {},
) => branches(add(options), body, shortcut);

/** What a model is called, and what its data would decide. */
export interface ModelOptions {
  readonly input?: Shape;
  readonly classes?: number;
  readonly name?: string;
}

/**
 * Strings parts together. Layers without an `id` are numbered by kind: conv1, bn1, relu1, conv2, … `input` and
 * `classes` may be left to the data. Options are checked when the draft is adapted.
 */
export function sequential(parts: readonly Part[], options: ModelOptions = {}): ModelDraft {
  const nodes: Node[] = [];
  appendParts(nodes, parts, picture);
  return draftOf(nodes, options);
}

/** What a layer of a `graph` gives: to be read by others. */
export interface Feature {
  /** Place in the list of layers; -1 is the picture. */
  readonly place: number;
}

/** Appends a layer that reads the features given, or parts one after the other that read one; gives what comes out. */
export type Apply = (parts: Part | readonly Part[], ...inputs: readonly Feature[]) => Feature;

/**
 * A model whose layers read whatever came before, for what `sequential` and `branches` cannot say.
 *
 *     graph((input, apply) => {
 *       const stem = apply(conv2d(16, { kernelSize: 3, padding: 'same' }), input);
 *       const both = apply(concat(), stem, apply(relu(), stem));
 *       return apply([globalAvgPool2d(), linear()], both);
 *     });
 *
 * @throws FoveaError when what is returned is not what the last layer gives.
 */
export function graph(build: (input: Feature, apply: Apply) => Feature, options: ModelOptions = {}): ModelDraft {
  const nodes: Node[] = [];
  const apply: Apply = (parts, ...inputs) => {
    const list = Array.isArray(parts) ? (parts as readonly Part[]) : [parts as Part];
    const [first] = list;
    if (list.length === 1 && first.kind === 'layer') {
      return { place: nodes.push({ part: first, inputs: inputs.map(({ place }) => place) }) - 1 };
    }
    if (inputs.length !== 1) throw mismatch('one input', 'parts one after the other', String(inputs.length));
    return { place: appendParts(nodes, list, inputs[0].place) };
  };
  const { place } = build({ place: picture }, apply);
  if (place !== nodes.length - 1) {
    const mend = 'Return what the last apply gives, and leave out layers after it';
    throw mismatch('the last layer', 'what graph returns', 'another', mend);
  }
  return draftOf(nodes, options);
}

/** A layer without a name, and the places in the list of what it reads. */
interface Node {
  readonly part: LayerPart;
  readonly inputs: readonly number[];
}
const picture = -1;

/** @returns the place of the last. */
function appendParts(nodes: Node[], parts: readonly Part[], from: number): number {
  let last = from;
  for (const step of parts) {
    const inputs = step.kind === 'layer' ? [last] : step.paths.map((path) => appendParts(nodes, path, last));
    last = nodes.push({ part: step.kind === 'layer' ? step : step.merge, inputs }) - 1;
  }
  return last;
}

function draftOf(nodes: readonly Node[], { input, classes, name }: ModelOptions): ModelDraft {
  return {
    format: 'fovea-model',
    version: 1,
    ...(name === undefined ? {} : { name }),
    ...(input === undefined ? {} : { input }),
    ...(classes === undefined ? {} : { classes }),
    layers: nameLayers(nodes),
  };
}

function nameLayers(nodes: readonly Node[]): LayerSpec[] {
  const counters = new Map<string, number>();
  // Ids that the person gave, so that no number takes them.
  const taken = new Set(nodes.flatMap(({ part: { options } }) => (typeof options.id === 'string' ? options.id : [])));
  const nextId = (type: string): string => {
    const prefix = layerNamed(type, 'the model').idPrefix;
    for (;;) {
      const count = (counters.get(prefix) ?? 0) + 1;
      counters.set(prefix, count);
      if (!taken.has(`${prefix}${count}`)) return `${prefix}${count}`;
    }
  };
  const ids: string[] = [];
  return nodes.map(({ part: { type, options }, inputs }, i) => {
    const { id: given, ...rest } = options;
    const id = typeof given === 'string' ? given : nextId(type);
    ids.push(id);
    const isNext = inputs.length === 1 && inputs[0] === i - 1;
    const reads = inputs.map((place) => (place === picture ? inputId : ids[place]));
    return { id, type, ...(isNext ? {} : { inputs: reads }), ...rest };
  });
}
