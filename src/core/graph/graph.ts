import { type Shape, sameShape, showShape, sizeOf } from '../shape.ts';
import type { Attributes, Op } from './op.ts';

/** Everything computes in float32; labels are int32; pictures arrive as uint8. */
export type ElementType = 'float32' | 'int32' | 'uint8';

export const bytesPerElement: Readonly<Record<ElementType, number>> = { float32: 4, int32: 4, uint8: 1 };

/** What a value is: per-sample `shape`, and whether a batch dimension stands before it. */
export interface ValueType {
  readonly shape: Shape;
  readonly batched: boolean;
  readonly type: ElementType;
}

/**
 * - `input`: written by the caller before each run (pictures, labels, learning rate).
 * - `parameter`: trained, lives in the engine under its name, shared by all graphs that name it.
 * - `buffer`: not trained but part of the model (running statistics); lives as parameters do.
 * - `state`: an optimizer's memory; lives as parameters do, but is no part of the model.
 * - `intermediate`: computed by a node.
 */
export type ValueRole = 'input' | 'parameter' | 'buffer' | 'state' | 'intermediate';

export interface Value extends ValueType {
  readonly id: number;
  /** Unique in its graph. Persistent values (parameter, buffer, state) are known by it across graphs. */
  readonly name: string;
  readonly role: ValueRole;
  /** The node that computes it; undefined unless `intermediate`. */
  readonly node: GraphNode | undefined;
}

export interface GraphNode {
  readonly id: number;
  /** Stable and readable: the layer's id, with a suffix where a layer makes several nodes or a gradient. */
  readonly name: string;
  readonly op: Op;
  readonly attributes: Attributes;
  readonly inputs: readonly Value[];
  readonly outputs: readonly Value[];
}

export const isPersistent = (value: Value): boolean =>
  value.role === 'parameter' || value.role === 'buffer' || value.role === 'state';

/** Elements of a value for a batch of `n`. */
export const elementCount = (value: ValueType, n: number): number => sizeOf(value.shape) * (value.batched ? n : 1);

/** A list of nodes in an order in which they can run. Grows only at the end, so it never has a cycle. */
export class Graph {
  readonly nodes: GraphNode[] = [];
  readonly values: Value[] = [];
  private readonly names = new Map<string, Value>();
  private readonly nodeNames = new Set<string>();

  /** A value from outside. Asking again for a persistent value of the same name gives the same value. */
  source(role: Exclude<ValueRole, 'intermediate'>, name: string, type: Partial<ValueType> & { shape: Shape }): Value {
    const wanted: ValueType = { batched: role === 'input', type: 'float32', ...type };
    const known = this.names.get(name);
    if (known) {
      if (known.role === role && sameType(known, wanted)) return known;
      throw new Error(
        `value '${name}' exists as ${known.role} ${describeType(known)}, asked for ${role} ${describeType(wanted)}`,
      );
    }
    return this.addValue(role, name, wanted, undefined);
  }

  /** Appends a node and returns its outputs. @throws FoveaError from the op's shape rule when the inputs do not fit. */
  apply(op: Op, inputs: readonly Value[], attributes: Attributes = {}, name: string = op.name): Value[] {
    const unique = this.uniqueNodeName(name);
    const types = op.infer(inputs, attributes, unique);
    const outputs: Value[] = [];
    const node: GraphNode = { id: this.nodes.length, name: unique, op, attributes, inputs: [...inputs], outputs };
    this.nodes.push(node);
    types.forEach((type, i) => {
      outputs.push(this.addValue('intermediate', i === 0 ? unique : `${unique}:${i}`, type, node));
    });
    return outputs;
  }

  find(name: string): Value | undefined {
    return this.names.get(name);
  }

  /** One line a node: `conv1 = conv2d(input 28x28x1, conv1.weight 3x3x1x32) kernelSize=3x3 -> 26x26x32`. */
  print(): string {
    return this.nodes
      .map((node) => {
        const inputs = node.inputs.map((v) => `${v.name} ${describeType(v)}`).join(', ');
        const attributes = Object.entries(node.attributes).map(
          ([k, v]) => ` ${k}=${Array.isArray(v) ? v.join('x') : v}`,
        );
        return `${node.name} = ${node.op.name}(${inputs})${attributes.join('')} -> ${node.outputs.map(describeType).join(', ')}`;
      })
      .join('\n');
  }

  private addValue(role: ValueRole, name: string, type: ValueType, node: GraphNode | undefined): Value {
    if (this.names.has(name)) throw new Error(`value '${name}' exists already`);
    const value: Value = {
      id: this.values.length,
      name,
      role,
      node,
      shape: type.shape,
      batched: type.batched,
      type: type.type,
    };
    this.values.push(value);
    this.names.set(name, value);
    return value;
  }

  private uniqueNodeName(name: string): string {
    let unique = name;
    for (let i = 2; this.nodeNames.has(unique) || this.names.has(unique); i++) unique = `${name}#${i}`;
    this.nodeNames.add(unique);
    return unique;
  }
}

export const sameType = (a: ValueType, b: ValueType): boolean =>
  a.batched === b.batched && a.type === b.type && sameShape(a.shape, b.shape);

export const describeType = (type: ValueType): string =>
  `${type.batched ? 'nx' : ''}${showShape(type.shape)}${type.type === 'float32' ? '' : ` ${type.type}`}`;
