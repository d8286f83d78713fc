import { invalid } from '../errors.ts';
import { layerNamed } from '../layers/index.ts';
import type { Layer, OptionValues } from '../layers/layer.ts';
import { completeOptions } from '../layers/options.ts';
import type { Shape } from '../shape.ts';

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
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    throw invalid('a model spec (a JSON object)', source, given);
  }
  const spec = given as Record<string, unknown>;
  if (spec.format !== 'fovea-model') throw invalid("'fovea-model'", `${source}, 'format'`, spec.format);
  if (spec.version !== 1) {
    throw invalid('version 1', `${source}, 'version'`, spec.version, 'A newer Fovea may read it');
  }
  if (spec.name !== undefined && typeof spec.name !== 'string') throw invalid('a text', `${source}, 'name'`, spec.name);
  checkInput(spec.input, source);
  checkClasses(spec.classes, source);
  for (const key of Object.keys(spec)) {
    if (!['format', 'version', 'name', 'input', 'classes', 'layers'].includes(key)) {
      throw invalid('format, version, name, input, classes or layers', source, key);
    }
  }
  resolveLayers(spec.layers, source);
  return given as ModelSpec;
}

function checkInput(input: unknown, source: string): void {
  const isSize = (v: unknown) => Number.isInteger(v) && (v as number) >= 1;
  if (!Array.isArray(input) || input.length !== 3 || !input.every(isSize)) {
    throw invalid('[height, width, channels]', `${source}, 'input'`, input);
  }
}

function checkClasses(classes: unknown, source: string): void {
  if (!Number.isInteger(classes) || (classes as number) < 2) {
    throw invalid('at least 2 classes', `${source}, 'classes'`, classes, 'A classifier needs something to tell apart');
  }
}

/** Checks the layers and resolves types, inputs and options. @throws FoveaError as `parseModelSpec`. */
export function resolveLayers(layers: unknown, source = 'the model'): ResolvedLayer[] {
  if (!Array.isArray(layers) || layers.length === 0) throw invalid('at least one layer', `${source}, 'layers'`, layers);
  const resolved: ResolvedLayer[] = [];
  const used = new Set<string>();
  const known = new Set<string>([inputId]);
  layers.forEach((given: unknown, i) => {
    if (typeof given !== 'object' || given === null) throw invalid('an object', `${source}, layer ${i + 1}`, given);
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
  if (typeof id !== 'string' || !idPattern.test(id)) {
    throw invalid("an id of letters, digits and '_', joined by dots", subject, id);
  }
  if (reservedIds.has(id)) throw invalid('another id', subject, id, 'That name is taken by Fovea itself');
  if (known.has(id)) throw invalid('an id of its own', subject, id, 'Another layer has it already');
  if (parameterNames.has(id.slice(id.lastIndexOf('.') + 1))) {
    throw invalid('another id', subject, id, 'Its last part is the name of a parameter');
  }
}

function checkReferences(inputs: unknown, known: ReadonlySet<string>, id: string): readonly string[] {
  if (!Array.isArray(inputs)) throw invalid('a list of ids', `layer '${id}', 'inputs'`, inputs);
  for (const name of inputs) {
    if (!known.has(name)) {
      throw invalid(
        'ids of layers before it',
        `layer '${id}', 'inputs'`,
        name,
        `Before it stand: ${[...known].join(', ')}`,
      );
    }
  }
  return inputs;
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
    throw invalid(`${classes} classes`, name ? `model '${name}'` : 'the model', `data with ${data.classes} classes`);
  }
  const adapted = layers.map((layer, i) =>
    i === layers.length - 1 && layer.type === 'linear' && layer.features === undefined
      ? { ...layer, features: classes }
      : layer,
  );
  return parseModelSpec({ format, version, ...(name === undefined ? {} : { name }), input, classes, layers: adapted });
}
