import { z } from 'zod';
import { type Classifier, createClassifier } from '../../classifier/classifier.ts';
import { FoveaError, mismatch } from '../../errors.ts';
import type { PictureInput } from '../../export/pictures.ts';
import type { OnnxModel, OnnxNode, OnnxValue } from '../../formats/onnx/messages.ts';
import { isStandard, readOnnx } from '../../formats/onnx/read.ts';
import { quoteName, quotePath } from '../../formats/quote.ts';
import { inputId, type LayerSpec, parseModelSpec } from '../../model/spec.ts';
import { parseJson } from '../../train/check.ts';
import type { FileTensor } from '../../train/state.ts';
import { type Constant, constantTensor } from './constants.ts';
import type { Flow, Value } from './flow.ts';
import { Folder, foldedOperators } from './folding.ts';
import { indexGraph, nodeName, type OnnxGraph, orderNodes } from './graph.ts';
import { replacePatterns } from './patterns.ts';
import { type ImportOptions, inputShape, normalisationOf, preprocessingOf } from './pictures.ts';
import { Raiser } from './raiser.ts';
import { raisingRules } from './rules.ts';
import { toRow } from './structure.ts';

export type { ImportOptions } from './pictures.ts';

export interface Imported {
  readonly classifier: Classifier;
  /** What was assumed, a sentence each. */
  readonly notes: readonly string[];
  /** How the file itself is run, so that both can be compared. */
  readonly use: PictureInput & {
    readonly names: { readonly input: string; readonly output: string };
    readonly gives: 'logits' | 'probabilities' | 'logProbabilities';
  };
}

const classNamesSchema = z.array(z.string()).min(2);
/** Operators beyond the standard's that are known by name in no domain. */
const isKnown = (node: OnnxNode): boolean =>
  isStandard(node.domain) && (Object.hasOwn(raisingRules, node.opType) || foldedOperators.has(node.opType));

/**
 * A picture classifier from a .onnx file: its operators as layers of ours with the same logits, so that it can be tested,
 * trained further and exported again. Constants are folded, transposed pictures and normalisation inside of the graph
 * become preprocessing, and a last softmax is left out.
 *
 * @param file its name, for errors. @throws FoveaError naming the operators that are not known, or what does not fit.
 */
export function importOnnx(bytes: Uint8Array, file: string, options: ImportOptions = {}): Imported {
  const subject = `file ${quotePath(file)}`;
  const model = readOnnx(bytes, file);
  const graph = replacePatterns(indexGraph(model, subject));
  const input = inputOf(model, graph, subject);
  const order = orderNodes(graph, new Set([input.name]), subject);
  refuseUnknown(order, subject);

  const notes: string[] = [];
  const { shape, axes } = inputShape(input, options, subject);
  const preprocessing = preprocessingOf(model, input, shape[2], options, notes, subject);
  const readers = readersOf(order, graph.output);
  const raiser = new Raiser(shape, preprocessing.pixels, {
    opset: model.opset,
    readers: (name) => readers.get(name) ?? [],
    output: graph.output,
    subject,
    // A shared tensor may stand in a few layers; a small file must not become a large model.
    room: bytes.length + 65536,
  });
  const start: Flow = { kind: 'flow', id: inputId, shape, axes, exclusive: true, nonNegative: false };
  const end = raiseAll(graph, order, raiser, [input.name, start], subject);

  const { layers, weights, classes, gives } = finish(raiser, end, order[order.length - 1], subject);
  const spec = parseModelSpec(
    { format: 'fovea-model', version: 1, input: shape, classes, layers: withShortInputs(layers) },
    subject,
  );
  const classNames = classNamesOf(model, classes, options, notes, subject);
  const { fit } = preprocessing;
  const classifier = createClassifier(
    {
      model: spec,
      weights,
      classNames,
      preprocessing: { fit, ...normalisationOf(raiser.pixels, preprocessing.stated) },
      origin: { onnx: { producer: model.producer.slice(0, 200), opset: model.opset } },
    },
    subject,
  );
  const use: Imported['use'] = {
    type: input.type === 'uint8' ? 'uint8' : 'float32',
    layout: axes,
    normalisation: preprocessing.stated ?? { mean: shape.slice(2).map(() => 0), std: shape.slice(2).map(() => 1) },
    names: { input: input.name, output: graph.output },
    gives,
  };
  return { classifier, notes, use };
}

/** The one input that is no weight. */
function inputOf(model: OnnxModel, { initializers }: OnnxGraph, subject: string): OnnxValue {
  const inputs = model.inputs.filter(({ name }) => !initializers.has(name));
  if (inputs.length === 1) return inputs[0];
  throw mismatch('one input, the pictures', subject, `${inputs.length} inputs`);
}

function refuseUnknown(order: readonly OnnxNode[], subject: string): void {
  const unknown = order.filter((node) => !isKnown(node));
  if (unknown.length === 0) return;
  const types = [
    ...new Set(unknown.map(({ domain, opType }) => (isStandard(domain) ? opType : `${domain}.${opType}`))),
  ];
  const more = types.length > 5 ? ` and ${types.length - 5} more kinds` : '';
  throw mismatch(
    'operators of picture classifiers that Fovea knows',
    subject,
    `${quoted(types.slice(0, 5))}${more} (the first is ${nodeName(unknown[0])})`,
    'docs/export.md lists those that are known',
  );
}

const quoted = (names: readonly string[]): string => names.map((name) => quoteName(name).slice(1, -1)).join(', ');

/** Which operators read each value; the graph's output counts as one. */
function readersOf(order: readonly OnnxNode[], output: string): Map<string, OnnxNode[]> {
  const readers = new Map<string, OnnxNode[]>();
  const add = (name: string, node: OnnxNode): void => {
    const list = readers.get(name);
    if (list) list.push(node);
    else readers.set(name, [node]);
  };
  for (const node of order) {
    // What asks for the shape alone does not read it.
    if (node.opType !== 'Shape') for (const name of new Set(node.inputs)) add(name, node);
  }
  const last = order[order.length - 1];
  if (last) add(output, last);
  return readers;
}

/** Goes through the operators: constants are computed, all else becomes layers. @returns the graph's output. */
function raiseAll(
  graph: OnnxGraph,
  order: readonly OnnxNode[],
  raiser: Raiser,
  [inputName, start]: readonly [string, Flow],
  subject: string,
): Flow {
  const values = new Map<string, Value>();
  const folder = new Folder(raiser.room >> 1);
  const set = (name: string, value: Value): void => {
    const once = raiser.readers(name).length <= 1;
    values.set(name, value.kind === 'flow' && !once ? { ...value, exclusive: false } : value);
  };
  set(inputName, start);
  const get = (name: string): Value | undefined => {
    const known = values.get(name);
    if (known || name === '') return known;
    const tensor = graph.initializers.get(name);
    return tensor && constantTensor(tensor, subject);
  };
  for (const node of order) {
    const inputs = node.inputs.map(get);
    const allConstant = inputs.every((value) => value?.kind !== 'flow');
    const folded = allConstant ? folder.fold(node, inputs as (Constant | undefined)[]) : undefined;
    const rule = Object.hasOwn(raisingRules, node.opType) ? raisingRules[node.opType] : undefined;
    const results = folded ?? (rule ? [rule(raiser, node, inputs)] : undefined);
    if (!results) {
      throw mismatch('constant inputs', `operator ${nodeName(node)}`, 'values that depend on the picture');
    }
    results.forEach((value, i) => {
      set(node.outputs[i] ?? '', value);
    });
  }
  const end = get(graph.output);
  if (end?.kind !== 'flow') throw mismatch('an output that depends on the picture', subject, 'a constant');
  return end;
}

/** The layers that lead to the logits: a last softmax is dropped, a map of one pixel is laid out as a row. */
function finish(
  raiser: Raiser,
  end: Flow,
  node: OnnxNode | undefined,
  subject: string,
): {
  layers: readonly LayerSpec[];
  weights: ReadonlyMap<string, FileTensor>;
  classes: number;
  gives: Imported['use']['gives'];
} {
  if (!node || end.id === inputId) throw mismatch('at least one layer', subject, 'none');
  const row = end.axes !== 'nchw' && end.axes !== 'nhwc' ? end : toRow(raiser, node, end);
  const [classes] = row.shape;
  if (classes < 2) {
    throw mismatch('at least 2 classes', subject, `${classes}`, 'A classifier has one output for each class');
  }
  const needed = new Set([row.id]);
  const layers: LayerSpec[] = [];
  for (const layer of [...raiser.layers].reverse()) {
    if (!needed.has(layer.id)) continue;
    if (layer.id !== row.id || layer.type !== 'softmax') layers.unshift(layer);
    for (const id of layer.inputs ?? []) needed.add(id);
  }
  if (layers.length === 0) throw mismatch('at least one layer', subject, 'none');
  const kept = [...raiser.weights].filter(([name]) => needed.has(name.slice(0, name.lastIndexOf('.'))));
  const softened = raiser.layers.some(({ id, type }) => id === row.id && type === 'softmax');
  const gives = !softened ? 'logits' : node.opType === 'LogSoftmax' ? 'logProbabilities' : 'probabilities';
  return { layers, weights: new Map(kept), classes, gives };
}

/** A layer that reads the one before it need not say so. */
const withShortInputs = (layers: readonly LayerSpec[]): LayerSpec[] =>
  layers.map((layer, i) => {
    const previous = i === 0 ? inputId : layers[i - 1].id;
    if (layer.inputs?.length !== 1 || layer.inputs[0] !== previous) return layer;
    const { inputs: _, ...rest } = layer;
    return rest as LayerSpec;
  });

function classNamesOf(
  model: OnnxModel,
  classes: number,
  { classNames }: ImportOptions,
  notes: string[],
  subject: string,
): readonly string[] {
  const text = model.metadata.get('fovea.classes');
  const names =
    classNames ?? (text === undefined ? undefined : parseJson(classNamesSchema, text, `${subject}, 'fovea.classes'`));
  if (names === undefined) {
    notes.push(
      `The file names no classes: they are called 'class 0' to 'class ${classes - 1}'. Name them with --classes.`,
    );
    return Array.from({ length: classes }, (_, i) => `class ${i}`);
  }
  if (names.length !== classes) {
    throw new FoveaError(`Expected ${classes} class names for ${subject} but received ${names.length}`);
  }
  return names;
}
