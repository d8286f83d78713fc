import type { Program } from '../backend/backend.ts';
import { FoveaError, invalid } from '../errors.ts';
import { elementCount, type GraphNode, isPersistent, sameType, type Value } from '../graph/graph.ts';
import { suggest } from '../nearest.ts';
import { arithmetics, evaluate } from '../plan/arithmetic/index.ts';
import type { Shape } from '../shape.ts';
import { type Step, tabulate } from './arithmetic-steps.ts';
import {
  type Differentiated,
  type DifferentiatedNetwork,
  differentiateNetwork,
  gradientNames,
} from './differentiated.ts';
import type { Network } from './network.ts';
import { Recent } from './recent.ts';

/** A number of the computation that can be looked at. */
export interface Place {
  /**
   * As in the graph: 'input' for pixels, a layer's id, `<layer>.gradient` (of the class's logit), a parameter's name,
   * 'loss', `<layer or parameter>.lossGradient`, or a node's own name.
   */
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
  /** What it is a gradient of, or the loss itself: of which class; undefined on the way forward. */
  readonly of?: { readonly what: Differentiated; readonly class: string };
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
  /** Its own gradients: of the class's logit, of the loss. */
  readonly gradients: readonly Place[];
  /** The layer's output in the plan that classifies (fused, perhaps by Winograd), where this is a layer's output. */
  readonly inUse?: number;
}

interface Page {
  readonly program: Program;
  readonly network: DifferentiatedNetwork;
  readonly data: Map<Value, Float32Array>;
}

/** Pictures whose numbers are kept. */
const keptPages = 2;

/**
 * Every number of one picture's way forward and back, by direct, unfused kernels: what a person can check with a pocket
 * calculator. Gradients are those of one class's logit, or of the loss where that class is the label.
 */
export class ArithmeticBook {
  private readonly pages = new Recent<Page>(keptPages);
  private readonly networks = new Map<Differentiated, DifferentiatedNetwork>();

  constructor(private readonly network: Network) {}

  /** Names of all values that can be asked for, with their shapes. */
  values(): { readonly value: string; readonly shape: Shape }[] {
    const all = new Map([...this.differentiated('loss').values, ...this.differentiated('logit').values]);
    return [...all].map(([value, { shape }]) => ({ value, shape }));
  }

  /** The shape of a value. @throws FoveaError when there is none of that name. */
  shapeOf(name: string): Shape {
    return (this.networkOf(name).values.get(name) as Value).shape;
  }

  /** Whether a value depends on the picture's label. @throws FoveaError when there is none of that name. */
  isOfLoss(name: string): boolean {
    return this.networkOf(name).of === 'loss';
  }

  /** The name of a value's gradient; without `of`, that of the logit where there is one. @throws FoveaError. */
  gradientOf(name: string, of?: Differentiated): string {
    const candidates = of ? [of] : (['logit', 'loss'] as const);
    const names = candidates.map((one) => `${name}.${gradientNames[one]}`);
    const found = names.find((gradient, i) => this.differentiated(candidates[i]).values.has(gradient));
    if (found) return found;
    this.networkOf(name);
    const mend = of === 'logit' ? 'Weights have a gradient of the loss' : 'No gradient flows to it';
    throw invalid('a value with a gradient', 'the value', name, mend);
  }

  /**
   * @param pixels of the picture at the model's size. @param target the class whose logit gradients are taken of, or the
   * label of the loss. @throws FoveaError when there is no such value or place.
   */
  async explain(pixels: Uint8Array, target: number, { value: name, element }: Place): Promise<ValueArithmetic> {
    const network = this.networkOf(name);
    const value = network.values.get(name) as Value;
    const count = elementCount(value, 1);
    if (!Number.isInteger(element) || element < 0 || element >= count)
      throw invalid(`a place from 0 to ${count - 1}`, `value '${name}' (${value.shape.join('x')})`, element);
    const page = await this.page(network.of, pixels, target);
    const result = this.read(page, value)[element];
    const shared = {
      value: name,
      element,
      layer: network.layerOf.get(value),
      shape: value.shape,
      index: indexOf(value.shape, element),
      ...(network.isForward(value)
        ? {}
        : { of: { what: network.of, class: this.network.classifier.classNames[target] } }),
      gradients: this.gradientsOf(name, element),
      result,
    };
    const { node } = value;
    if (!node) {
      const op = value.role === 'input' ? 'input' : value.role;
      const formula = value === network.asked ? givenFormulas[network.of] : 'given';
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
        value: network.names.get(node.inputs[input]) as string,
        element: place,
        index: indexOf(node.inputs[input].shape, place),
      })),
      next: this.followers(page, value, element),
    };
  }

  /** Readers of a value that take one element of it and give one of the same place. */
  private followers({ network }: Page, value: Value, element: number): Place[] {
    return network.model.graph.nodes
      .filter((node) => node.inputs[0] === value && isElementwise(node))
      .map(({ outputs }) => ({ value: network.names.get(outputs[0]) as string, element }));
  }

  private gradientsOf(name: string, element: number): Place[] {
    return (['logit', 'loss'] as const).flatMap((of) => {
      const value = `${name}.${gradientNames[of]}`;
      return this.differentiated(of).values.has(value) ? [{ value, element }] : [];
    });
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

  /** Forward values are the same in both; the smaller network gives them. */
  private networkOf(name: string): DifferentiatedNetwork {
    for (const of of ['logit', 'loss'] as const) {
      const network = this.differentiated(of);
      if (network.values.has(name)) return network;
    }
    const names = this.values().map(({ value }) => value);
    throw invalid('a value of the network', 'the value', name, suggest(name, names));
  }

  private differentiated(of: Differentiated): DifferentiatedNetwork {
    let known = this.networks.get(of);
    if (!known) {
      known = differentiateNetwork(this.network.classifier, of);
      this.networks.set(of, known);
    }
    return known;
  }

  /** All numbers of a picture; the last few pictures are kept. */
  private page(of: Differentiated, pixels: Uint8Array, target: number): Promise<Page> {
    return this.pages.get([of, pixels, target], () => this.network.exclusively(() => this.compute(of, pixels, target)));
  }

  private async compute(of: Differentiated, pixels: Uint8Array, target: number): Promise<Page> {
    const network = this.differentiated(of);
    const { model, asked, fixedInputs } = network;
    const { program } = await this.network.compiled(`arithmetic of ${of}`, () => {
      const outputs = model.graph.values.filter(({ role }) => role === 'intermediate');
      return this.network.compile(model, outputs, 1, undefined, { fuse: false, algorithm: 'direct', regions: false });
    });
    const given = of === 'loss' ? Int32Array.of(target) : new Float32Array(elementCount(asked, 1));
    if (of === 'logit') given[target] = 1;
    program.write(model.input, pixels);
    program.write(asked, given);
    for (const { value, data } of fixedInputs) program.write(value, data);
    await program.run(1);
    const data = new Map<Value, Float32Array>([
      [model.input, Float32Array.from(pixels)],
      [asked, Float32Array.from(given)],
      ...fixedInputs.map((fixed): [Value, Float32Array] => [fixed.value, fixed.data]),
    ]);
    for (const value of program.graph.values) if (value.role === 'intermediate') data.set(value, program.read(value));
    return { program, network, data };
  }
}

/** What is written before a run besides the picture. */
const givenFormulas: Readonly<Record<Differentiated, string>> = {
  logit: 'the gradient that begins: 1 for the class, else 0',
  loss: 'the class that the picture is labelled with',
};

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

/**
 * A place as a person writes it: `conv1.weight[0,1,2,3]` by the value's own axes; `loss` alone is one number.
 * @throws FoveaError saying so.
 */
export function parsePlace(text: string): { readonly value: string; readonly index: readonly number[] } {
  const match = /^([^[\]\s]{1,300})(?:\[(\d{1,9}(?:,\d{1,9})*)\])?$/.exec(text.trim().replaceAll(', ', ','));
  if (!match) throw invalid('a name and a place, such as conv1.weight[0,1,2,3] or loss', 'the value', text);
  return { value: match[1], index: match[2] === undefined ? [] : match[2].split(',').map(Number) };
}

/** The element at an index. @throws FoveaError when the value has other axes. */
export function elementAt(value: string, shape: Shape, index: readonly number[]): number {
  const fits = index.length === shape.length && index.every((at, i) => at < shape[i]);
  if (fits) return index.reduce((element, at, i) => element * shape[i] + at, 0);
  const example = shape.map((size) => size - 1).join(',');
  throw invalid(
    shape.length === 0 ? 'no index' : `${shape.length} numbers below ${shape.join(', ')}`,
    `the place in '${value}'`,
    index.length === 0 ? 'none' : `[${index.join(',')}]`,
    shape.length === 0 ? `Name it alone: ${value}` : `Such as ${value}[${example}], the last one`,
  );
}
