import { differentiate } from '../autodiff/differentiate.ts';
import type { Program } from '../backend/backend.ts';
import { FoveaError, invalid } from '../errors.ts';
import { elementCount, type GraphNode, isPersistent, sameType, type Value } from '../graph/graph.ts';
import { type BuiltModel, buildModel } from '../model/build.ts';
import { suggest } from '../nearest.ts';
import { arithmetics, evaluate } from '../plan/arithmetic/index.ts';
import { type Step, tabulate } from './arithmetic-steps.ts';
import type { Network } from './network.ts';

/** A number of the computation that can be looked at. */
export interface Place {
  /** As in the graph: 'input' for pixels, a layer's id, `<layer>.gradient`, a parameter's name, or a node's own name. */
  readonly value: string;
  /** Place in it. */
  readonly element: number;
}

/** One number, and how it came about. */
export interface ValueArithmetic extends Place {
  /** The layer that it belongs to; undefined for pixels. */
  readonly layer: string | undefined;
  readonly shape: readonly number[];
  /** [y, x, channel], [feature], … */
  readonly index: readonly number[];
  readonly op: string;
  readonly formula: string;
  /** What the engine computed. */
  readonly result: number;
  /** What the steps give: the same bits. */
  readonly replayed: number;
  readonly equal: boolean;
  /** What must be computed, one after the other; the last one's result is the value. Empty for pixels and weights. */
  readonly steps: readonly Step[];
  /** What is done with this very number next, where that acts on it alone: batch norm, activation. */
  readonly next: readonly Place[];
  /** The layer's output in the plan that classifies (fused, perhaps by Winograd), where this is a layer's output. */
  readonly inUse?: number;
}

interface Book {
  readonly seed: Value;
  readonly values: ReadonlyMap<string, Value>;
  readonly names: ReadonlyMap<Value, string>;
  readonly layerOf: ReadonlyMap<Value, string>;
}

interface Page {
  readonly program: Program;
  readonly book: Book;
  readonly data: Map<Value, Float32Array>;
}

/**
 * Every number of one picture's way forward and back, by direct, unfused kernels: what a person can check with a pocket
 * calculator. Gradients are those of one class's logit.
 */
export class ArithmeticBook {
  private readonly pages: { readonly key: string; readonly pixels: Uint8Array; readonly page: Promise<Page> }[] = [];

  constructor(private readonly network: Network) {}

  /** Names of all values that can be asked for, with their shapes. */
  async values(
    pixels: Uint8Array,
    target: number,
  ): Promise<{ readonly value: string; readonly shape: readonly number[] }[]> {
    const { book } = await this.page(pixels, target);
    return [...book.values].map(([value, { shape }]) => ({ value, shape }));
  }

  /**
   * @param pixels of the picture at the model's size. @param target the class whose logit gradients are taken of.
   * @throws FoveaError when there is no such value or place.
   */
  async explain(pixels: Uint8Array, target: number, { value: name, element }: Place): Promise<ValueArithmetic> {
    const page = await this.page(pixels, target);
    const { book } = page;
    const value = book.values.get(name);
    if (!value) throw invalid('a value of the network', 'the value', name, suggest(name, [...book.values.keys()]));
    const count = elementCount(value, 1);
    if (!Number.isInteger(element) || element < 0 || element >= count)
      throw invalid(`a place from 0 to ${count - 1}`, `value '${name}' (${value.shape.join('x')})`, element);
    const result = this.read(page, value)[element];
    const shared = {
      value: name,
      element,
      layer: book.layerOf.get(value),
      shape: value.shape,
      index: indexOf(value.shape, element),
      result,
    };
    const { node } = value;
    if (!node) {
      const op = value.role === 'input' ? 'input' : value.role;
      const formula = value === book.seed ? 'the gradient that begins: 1 for the class, else 0' : 'given';
      return { ...shared, op, formula, replayed: result, equal: true, steps: [], next: [] };
    }
    const arithmetic = arithmetics.get(node.op.name);
    if (!arithmetic) throw new FoveaError(`There is no arithmetic of op '${node.op.name}'`);
    const read = (input: number, place: number): number => this.read(page, node.inputs[input])[place];
    const expression = arithmetic.expressionOf({
      node,
      n: 1,
      capacity: 1,
      output: node.outputs.indexOf(value),
      element,
      read,
    });
    const replayed = evaluate(expression, read);
    return {
      ...shared,
      op: node.op.name,
      formula: arithmetic.formula,
      replayed,
      equal: Object.is(replayed, result),
      steps: tabulate(expression, read, (input, place) => ({
        value: book.names.get(node.inputs[input]) as string,
        element: place,
        index: indexOf(node.inputs[input].shape, place),
      })),
      next: this.followers(page, value, element),
    };
  }

  /** Readers of a value that take one element of it and give one of the same place. */
  private followers({ program, book }: Page, value: Value, element: number): Place[] {
    return program.graph.nodes
      .filter((node) => node.inputs[0] === value && isElementwise(node))
      .map(({ outputs }) => ({ value: book.names.get(outputs[0]) as string, element }));
  }

  private read({ program, data }: Page, value: Value): Float32Array {
    let known = data.get(value);
    if (!known) {
      // Weights stay where they are; all else was read when it was computed.
      if (!isPersistent(value)) throw new Error(`value '${value.name}' was not read`);
      known = program.read(value);
      data.set(value, known);
    }
    return known;
  }

  /** All numbers of a picture; the last few pictures are kept. */
  private page(pixels: Uint8Array, target: number): Promise<Page> {
    const key = `${target}`;
    const known = this.pages.find((one) => one.key === key && one.pixels === pixels);
    if (known) return known.page;
    const page = this.network.exclusively(() => this.compute(pixels, target));
    this.pages.unshift({ key, pixels, page });
    this.pages.splice(keptPages);
    return page;
  }

  private async compute(pixels: Uint8Array, target: number): Promise<Page> {
    const { network } = this;
    const {
      model,
      program,
      values: book,
    } = await network.compiled('arithmetic', async () => {
      const { model: spec, preprocessing } = network.classifier;
      const built = buildModel(spec, { training: false, inputType: 'uint8', preprocessing });
      const seed = built.graph.source('input', 'seed', { shape: built.logits.shape, batched: true });
      const layers = new Set([...built.layerOutputs.values(), built.graph.nodes[0].outputs[0]]);
      const gradients = differentiate(built.graph, { of: built.logits, seed, wanted: [...layers] });
      const outputs = built.graph.values.filter(({ role }) => role === 'intermediate');
      const options = { fuse: false, algorithm: 'direct', regions: false } as const;
      return network.compile(built, outputs, 1, nameAll(built, seed, gradients), options);
    });
    const seeds = new Float32Array(elementCount(model.logits, 1));
    seeds[target] = 1;
    program.write(model.input, pixels);
    program.write(book.seed, seeds);
    await program.run(1);
    const data = new Map<Value, Float32Array>([
      [model.input, Float32Array.from(pixels)],
      [book.seed, seeds],
    ]);
    for (const value of program.graph.values) if (value.role === 'intermediate') data.set(value, program.read(value));
    return { program, book, data };
  }
}

/** Pictures whose numbers are kept. */
const keptPages = 2;

/** Whether a node gives each element from the same element of its first input, and of nothing else that changes. */
const isElementwise = ({ op, inputs, outputs }: GraphNode): boolean =>
  op.inPlace === 0 && sameType(inputs[0], outputs[0]) && inputs.slice(1).every(({ batched }) => !batched);

/** [y, x, channel] or [feature] of a place. */
function indexOf(shape: readonly number[], element: number): number[] {
  const index: number[] = [];
  let rest = element;
  for (const size of [...shape].reverse()) {
    index.unshift(rest % size);
    rest = Math.floor(rest / size);
  }
  return index;
}

/** Names that a person knows values by, and the layers that they belong to. */
function nameAll(model: BuiltModel, seed: Value, gradients: ReadonlyMap<Value, Value>): Book {
  const values = new Map<string, Value>(model.graph.values.map((value) => [value.name, value]));
  const names = new Map<Value, string>(model.graph.values.map((value) => [value, value.name]));
  const layerOf = new Map<Value, string>();
  const give = (value: Value, name: string, layer: string): void => {
    if (!layerOf.has(value)) names.set(value, name);
    if (!layerOf.has(value)) layerOf.set(value, layer);
    values.set(name, value);
  };
  const pixels = model.graph.nodes[0].outputs[0];
  const pixelGradient = gradients.get(pixels);
  if (pixelGradient) give(pixelGradient, `${pixels.name}.gradient`, pixels.name);
  for (const { id, output } of model.layers) {
    give(output, id, id);
    const gradient = gradients.get(output);
    if (gradient) give(gradient, `${id}.gradient`, id);
  }
  const ids = model.layers.map(({ id }) => id).sort((a, b) => b.length - a.length);
  for (const value of model.graph.values) {
    const layer = ids.find((id) => value.name === id || value.name.startsWith(`${id}.`));
    if (layer !== undefined && !layerOf.has(value)) layerOf.set(value, layer);
  }
  return { seed, values, names, layerOf };
}
