import { elementCount, type Graph, isPersistent, type Value } from '../graph/graph.ts';
import { type CompileOptions, type Engine, otherSize, type Program } from './backend.ts';

export interface ReferenceEngineOptions {
  /** Round every value to float32 after each op, as other engines store it. Default false: float64 throughout. */
  readonly roundToFloat32?: boolean;
}

/**
 * Runs all nodes of `graph` for a batch of `n` by their ops' references. `values` holds a float64 array for each source
 * (inputs, parameters, buffers, state) and receives one for each intermediate; mutated inputs are written in place.
 * Outputs start as NaN, so an element that an op forgets is seen.
 */
export function evaluateReference(
  graph: Graph,
  n: number,
  values: Map<Value, Float64Array>,
  roundToFloat32 = false,
): void {
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((input) => {
      const data = values.get(input);
      if (!data) throw new Error(`value '${input.name}' was never written`);
      return data;
    });
    const outputs = node.outputs.map((output) => new Float64Array(elementCount(output, n)).fill(NaN));
    node.op.reference({ n, node, inputs, outputs });
    if (roundToFloat32) {
      const written = [...outputs, ...(node.op.mutates ?? []).flatMap((i) => (inputs[i] ? [inputs[i]] : []))];
      for (const data of written) for (let i = 0; i < data.length; i++) data[i] = Math.fround(data[i]);
    }
    node.outputs.forEach((output, i) => {
      values.set(output, outputs[i]);
    });
  }
}

/** The oracle: every op by its definition, in float64 (see `roundToFloat32`), one thread, no planning. */
export function createReferenceEngine({ roundToFloat32 = false }: ReferenceEngineOptions = {}): Engine {
  const persistent = new Map<string, Float64Array>();

  const find = (name: string): Float64Array => {
    const data = persistent.get(name);
    if (!data) throw new Error(`the engine has no value '${name}'`);
    return data;
  };

  return {
    name: 'reference',
    threads: 1,
    async compile(graph: Graph, options: CompileOptions): Promise<Program> {
      for (const value of graph.values) {
        if (!isPersistent(value)) continue;
        const size = elementCount(value, 1);
        const known = persistent.get(value.name);
        if (!known) persistent.set(value.name, new Float64Array(size));
        else if (known.length !== size) throw otherSize(value.name, known.length, size);
      }
      return createProgram(graph, options.capacity, persistent, roundToFloat32);
    },
    readPersistent: (name) => Float32Array.from(find(name)),
    writePersistent(name, data) {
      const target = find(name);
      if (target.length !== data.length) throw new Error(`'${name}' has ${target.length} elements, got ${data.length}`);
      target.set(data);
    },
    persistentNames: () => [...persistent.keys()],
    async dispose() {
      persistent.clear();
    },
  };
}

function createProgram(
  graph: Graph,
  capacity: number,
  persistent: ReadonlyMap<string, Float64Array>,
  roundToFloat32: boolean,
): Program {
  const written = new Map<Value, Float64Array>();
  let values = new Map<Value, Float64Array>();
  const bytes = graph.values.reduce(
    (sum, value) => sum + (isPersistent(value) ? 0 : 8 * elementCount(value, capacity)),
    0,
  );
  return {
    graph,
    capacity,
    workspaceBytes: bytes,
    write(input, data) {
      if (input.role !== 'input') throw new Error(`'${input.name}' is no input`);
      const target = written.get(input) ?? new Float64Array(elementCount(input, capacity));
      if (data.length > target.length)
        throw new Error(`'${input.name}' holds ${target.length} elements, got ${data.length}`);
      target.set(data);
      written.set(input, target);
    },
    async run(n) {
      if (!(n >= 1 && n <= capacity)) throw new Error(`a run of ${n} images does not fit the capacity ${capacity}`);
      values = new Map();
      for (const value of graph.values) {
        if (isPersistent(value)) values.set(value, persistent.get(value.name)!);
        const data = written.get(value);
        if (data) values.set(value, data.subarray(0, elementCount(value, n)));
      }
      evaluateReference(graph, n, values, roundToFloat32);
    },
    read(output) {
      const data = values.get(output);
      if (!data) throw new Error(`'${output.name}' has not been computed`);
      return Float32Array.from(data);
    },
    dispose() {
      written.clear();
      values.clear();
    },
  };
}
