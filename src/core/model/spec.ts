import { invalid, mismatch } from '../errors.ts';
import { layerNamed } from '../layers/index.ts';
import type { Layer, OptionValues } from '../layers/layer.ts';
import { completeOptions } from '../layers/options.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { checkPlain, limits, parsePlain } from './plain.ts';

/** One layer of a model: its type, the layers it reads, and its options, which stand beside them. */
export interface LayerSpec {
  /** Unique; a module path as PyTorch writes it (`layer1.0.conv1`). Parameters are named `<id>.<name>`. */
  readonly id: string;
  /** As in the list of layers. */
  readonly type: string;
  /** Ids of the layers it reads, or 'input' for the picture. Absent: the layer before it. */
  readonly inputs?: readonly string[];
  readonly [option: string]: unknown;
}

/** A model as JSON: what is built, without weights. Version 1. */
export interface ModelSpec {
  readonly format: 'fovea-model';
  readonly version: 1;
  readonly name?: string;
  /** [height, width, channels] of the pictures. */
  readonly input: Shape;
  /** The last layer gives one logit a class. */
  readonly classes: number;
  /** In an order in which they can run; the last one's output is the logits. */
  readonly layers: readonly LayerSpec[];
}

/** A model before its data are known: `adapt` fills in input, classes and the features of a last `linear()`. */
export type ModelDraft = Omit<ModelSpec, 'input' | 'classes'> & { readonly input?: Shape; readonly classes?: number };

/** The id by which layers read the picture. */
export const inputId = 'input';

/** A layer of a spec with its references resolved and its options complete. */
export interface ResolvedLayer {
  readonly id: string;
  readonly layer: Layer;
  readonly inputs: readonly string[];
  readonly options: OptionValues;
}

const reservedIds: ReadonlySet<string> = new Set([inputId, 'logits', 'labels', 'loss', 'step']);
const parameterNames: ReadonlySet<string> = new Set(['weight', 'bias', 'running_mean', 'running_var', 'layer_scale']);
const idPattern = /^[A-Za-z0-9_]+(\.[A-Za-z0-9_]+)*$/;

/**
 * Checks anything (a parsed JSON file) and returns it as a spec, unchanged.
 *
 * @param source how errors name it: a file name, or 'the model'.
 * @throws FoveaError naming the layer and the option that is wrong, and the mend. Shapes are checked by `buildModel`.
 */
export function parseModelSpec(given: unknown, source = 'the model'): ModelSpec {
  checkFrame(given, source);
  checkInput(given.input, source);
  checkClasses(given.classes, source);
  resolveLayers(given.layers, source);
  return given as unknown as ModelSpec;
}

/** As `parseModelSpec`, but what the data decide may be left open: input, classes, and the features of a last linear. */
export function parseModelDraft(given: unknown, source = 'the model'): ModelDraft {
  checkFrame(given, source);
  if (given.input !== undefined) checkInput(given.input, source);
  if (given.classes !== undefined) checkClasses(given.classes, source);
  resolveLayers(fillHead(given.layers, 2), source);
  return given as unknown as ModelDraft;
}

/** A model as a JSON text, which may come from anywhere. @throws FoveaError naming `source` and what is wrong. */
export const readModelDraft = (text: string, source: string): ModelDraft =>
  parseModelDraft(parsePlain(text, source), source);

const keys = ['format', 'version', 'name', 'input', 'classes', 'layers'];

function checkFrame(given: unknown, source: string): asserts given is Record<string, unknown> {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid('a model spec (a JSON object)', source, Array.isArray(given) ? 'a list' : given);
  }
  checkPlain(given, source);
  const spec = given as Record<string, unknown>;
  if (spec.format !== 'fovea-model') throw invalid("'fovea-model'", `${source}, 'format'`, spec.format);
  if (spec.version !== 1) {
    throw invalid('version 1', `${source}, 'version'`, spec.version, 'A newer Fovea may read it');
  }
  if (spec.name !== undefined && (typeof spec.name !== 'string' || spec.name.length > limits.name)) {
    throw invalid(`a text of at most ${limits.name} letters`, `${source}, 'name'`, spec.name);
  }
  const other = Object.keys(spec).find((key) => !keys.includes(key));
  if (other !== undefined) throw invalid('format, version, name, input, classes or layers', source, other);
}

function checkInput(input: unknown, source: string): void {
  const isSize = (v: unknown) => Number.isInteger(v) && (v as number) >= 1 && (v as number) <= limits.side;
  if (!Array.isArray(input) || input.length !== 3 || !input.every(isSize)) {
    throw invalid(`[height, width, channels], each up to ${limits.side}`, `${source}, 'input'`, input);
  }
  if (sizeOf(input) > limits.tensor) throw invalid(`at most ${limits.tensor} numbers`, `${source}, 'input'`, input);
}

function checkClasses(classes: unknown, source: string): void {
  if (!Number.isInteger(classes) || (classes as number) < 2 || (classes as number) > mostClasses) {
    const mend = 'A classifier needs something to tell apart';
    throw invalid(`2 to ${mostClasses} classes`, `${source}, 'classes'`, classes, mend);
  }
}
const mostClasses = 1_000_000;

/** Checks the layers and resolves types, inputs and options. @throws FoveaError as `parseModelSpec`. */
export function resolveLayers(layers: unknown, source = 'the model'): ResolvedLayer[] {
  if (!Array.isArray(layers) || layers.length === 0) throw invalid('at least one layer', `${source}, 'layers'`, layers);
  if (layers.length > limits.layers) {
    throw mismatch(`at most ${limits.layers} layers`, `${source}, 'layers'`, String(layers.length));
  }
  const resolved: ResolvedLayer[] = [];
  const used = new Set<string>();
  const known = new Set<string>([inputId]);
  layers.forEach((given: unknown, i) => {
    if (typeof given !== 'object' || given === null || Array.isArray(given))
      throw invalid('an object', `${source}, layer ${i + 1}`, given);
    const { id, type, inputs, ...options } = given as Record<string, unknown>;
    checkId(id, known, `${source}, layer ${i + 1}`);
    const layer = layerNamed(type, `layer '${id}'`);
    const previous = i === 0 ? inputId : resolved[i - 1].id;
    const reads = inputs === undefined ? [previous] : checkReferences(inputs, known, id);
    if (layer.inputs === 1 ? reads.length !== 1 : reads.length < 2) {
      throw invalid(
        layer.inputs === 1 ? 'one input' : 'two or more inputs',
        `layer '${id}' (${layer.type})`,
        reads.length,
      );
    }
    for (const name of reads) used.add(name);
    known.add(id);
    resolved.push({
      id,
      layer,
      inputs: reads,
      options: completeOptions(layer, options, `layer '${id}' (${layer.type})`),
    });
  });
  const last = resolved[resolved.length - 1];
  const unread = resolved.find(({ id }) => id !== last.id && !used.has(id));
  if (unread) throw invalid('a layer that reads it', `layer '${unread.id}'`, 'none', 'Remove it, or name it in inputs');
  if (last.layer.probabilities) {
    throw invalid(
      'logits',
      `the last layer '${last.id}'`,
      last.layer.type,
      'Leave it out: the loss and classify apply it themselves',
    );
  }
  return resolved;
}

function checkId(id: unknown, known: ReadonlySet<string>, subject: string): asserts id is string {
  if (typeof id !== 'string' || id.length > limits.name || !idPattern.test(id)) {
    throw invalid(`an id of letters, digits and '_', joined by dots (at most ${limits.name})`, subject, id);
  }
  if (reservedIds.has(id)) throw invalid('another id', subject, id, 'That name is taken by Fovea itself');
  if (known.has(id)) throw invalid('an id of its own', subject, id, 'Another layer has it already');
  if (parameterNames.has(id.slice(id.lastIndexOf('.') + 1))) {
    throw invalid('another id', subject, id, 'Its last part is the name of a parameter');
  }
}

function checkReferences(inputs: unknown, known: ReadonlySet<string>, id: string): readonly string[] {
  if (!Array.isArray(inputs) || inputs.length > limits.inputs) {
    throw invalid(`a list of ids (at most ${limits.inputs})`, `layer '${id}', 'inputs'`, inputs);
  }
  for (const name of inputs) {
    if (!known.has(name)) {
      throw invalid(
        'ids of layers before it',
        `layer '${id}', 'inputs'`,
        name,
        `Before it stand: ${listed([...known])}`,
      );
    }
  }
  return inputs;
}

const listed = (ids: readonly string[]): string =>
  ids.length > 20 ? `${ids.slice(0, 3).join(', ')}, … ${ids.slice(-10).join(', ')}` : ids.join(', ');

/** A last linear layer without features gives one output a class. Anything that is no such list is left as it is. */
export function fillHead(layers: unknown, classes: number): unknown {
  if (!Array.isArray(layers)) return layers;
  return layers.map((layer: unknown, i) => {
    const isOpen = i === layers.length - 1 && typeof layer === 'object' && layer !== null;
    const { type, features } = (isOpen ? layer : {}) as Record<string, unknown>;
    return type === 'linear' && features === undefined ? { ...(layer as object), features: classes } : layer;
  });
}

/**
 * Fills in what the data decide: the picture's size, the number of classes, and the features of a last `linear()` that
 * names none. What the draft says itself stays.
 *
 * @throws FoveaError when the draft says another number of classes, and as `parseModelSpec`.
 */
export function adapt(draft: ModelDraft, data: { readonly input: Shape; readonly classes: number }): ModelSpec {
  const { format, version, name, layers } = draft;
  const input = draft.input ?? data.input;
  const classes = draft.classes ?? data.classes;
  if (classes !== data.classes) {
    const mend = "Leave its 'classes' and the features of its last layer out: the data decide them";
    const received = `data with ${data.classes} classes`;
    throw mismatch(`${classes} classes`, name ? `model '${name}'` : 'the model', received, mend);
  }
  const adapted = fillHead(layers, classes);
  return parseModelSpec({ format, version, ...(name === undefined ? {} : { name }), input, classes, layers: adapted });
}
