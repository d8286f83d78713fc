import type { Classifier } from '../../classifier/classifier.ts';
import type { OnnxNode, OnnxTensor, OnnxValue } from '../../formats/onnx/messages.ts';
import { writeOnnx } from '../../formats/onnx/write.ts';
import { type BuiltLayer, buildModel } from '../../model/build.ts';
import { inputId } from '../../model/spec.ts';
import { imageScales } from '../../ops/imageToFloat.ts';
import { int, type OnnxAttributes, type OnnxContext } from './form.ts';
import { onnxForms } from './forms.ts';

export interface OnnxOptions {
  /**
   * The graph takes decoded pixels, uint8 [n, height, width, channels], as cameras, canvases and image libraries give
   * them. Else it takes float32 [n, channels, height, width], normalised already.
   */
  readonly withPreprocessing?: boolean;
  /** It gives probabilities, not logits. */
  readonly softmax?: boolean;
}

/** Operators of this version; onnxruntime 1.18 and later know them. */
export const onnxOpset = 21;

/** Names of the graph's input and output. */
export const onnxNames = ({ withPreprocessing = false, softmax = false }: OnnxOptions) => ({
  input: withPreprocessing ? 'pixels' : 'input',
  output: softmax ? 'probabilities' : 'logits',
});

/**
 * A classifier as the bytes of a .onnx file (opset 21, any number of pictures at once). Class names, preprocessing and
 * the spec stand in its metadata as in a model file: see docs/export.md.
 */
export function exportOnnx(classifier: Classifier, options: OnnxOptions = {}): Uint8Array {
  const { model, weights, classNames, preprocessing } = classifier;
  const names = onnxNames(options);
  const built = buildModel(model, { training: false, inputType: 'float32' });
  const graph = new GraphWriter(Object.values(names));
  for (const { name, fileShape } of built.parameters) graph.tensor(name, fileShape, weights.get(name)!.data);

  const [height, width, channels] = model.input;
  const outputs = new Map([[inputId, names.input]]);
  if (options.withPreprocessing) outputs.set(inputId, normalise(graph, classifier, names.input));
  for (const layer of built.layers) {
    const inputs = layer.inputs.map((id) => outputs.get(id)!);
    outputs.set(layer.id, onnxForms[layer.layer.type](contextOf(graph, layer, inputs)));
  }
  const last = outputs.get(built.layers[built.layers.length - 1].id)!;
  graph.end(names.output, last, options.softmax ? { opType: 'Softmax', axis: int(1) } : { opType: 'Identity' });

  const input: OnnxValue = options.withPreprocessing
    ? { name: names.input, type: 'uint8', dims: ['batch', height, width, channels] }
    : { name: names.input, type: 'float32', dims: ['batch', channels, height, width] };
  return writeOnnx(
    {
      producer: 'fovea',
      opset: onnxOpset,
      nodes: graph.nodes,
      initializers: graph.initializers,
      inputs: [input],
      outputs: [{ name: names.output, type: 'float32', dims: ['batch', classNames.length] }],
      metadata: new Map([
        ['fovea.classes', JSON.stringify(classNames)],
        ['fovea.preprocessing', JSON.stringify({ ...preprocessing, inGraph: options.withPreprocessing === true })],
        ['fovea.spec', JSON.stringify(model)],
      ]),
    },
    'fovea',
  );
}

/** Collects operators and tensors, each under a name of its own. */
class GraphWriter {
  readonly nodes: OnnxNode[] = [];
  readonly initializers: OnnxTensor[] = [];
  private readonly taken: Set<string>;

  constructor(reserved: readonly string[]) {
    this.taken = new Set(reserved);
  }

  /** The last operator, which gives the graph's output its name. */
  end(output: string, from: string, { opType, ...attributes }: { opType: string } & Record<string, unknown>): void {
    this.nodes.push({
      name: output,
      opType,
      domain: '',
      inputs: [from],
      outputs: [output],
      attributes: new Map(Object.entries(attributes as OnnxAttributes)),
    });
  }

  node(given: { name: string; opType: string; inputs: readonly string[]; attributes: OnnxAttributes }): string {
    const name = this.claim(given.name);
    const attributes = new Map(Object.entries(given.attributes));
    this.nodes.push({ ...given, name, domain: '', outputs: [name], attributes });
    return name;
  }

  tensor(
    wanted: string,
    dims: readonly number[],
    data: Float32Array | Float64Array,
    type: 'float32' | 'int64' = 'float32',
  ): string {
    const name = this.claim(wanted);
    this.initializers.push({ name, dims, type, data });
    return name;
  }

  /** Ids of layers are unique, but a layer may be called as another's parameter or part. */
  private claim(wanted: string): string {
    let name = wanted;
    for (let n = 2; this.taken.has(name); n++) name = `${wanted}_${n}`;
    this.taken.add(name);
    return name;
  }
}

function contextOf(graph: GraphWriter, layer: BuiltLayer, inputs: readonly string[]): OnnxContext {
  return {
    layer,
    inputs,
    node: (opType, from, attributes = {}, suffix) =>
      graph.node({ name: suffix ? `${layer.id}/${suffix}` : layer.id, opType, inputs: from, attributes }),
    weight(name) {
      const full = `${layer.id}.${name}`;
      return layer.parameters.some((parameter) => parameter.name === full) ? full : undefined;
    },
    constant: (suffix, dims, data, type = 'float32') =>
      graph.tensor(
        `${layer.id}/${suffix}`,
        dims,
        type === 'int64' ? Float64Array.from(data) : Float32Array.from(data),
        type,
      ),
  };
}

/** (pixel / 255 - mean) / std, by the very factors that the engine takes. Gives [n, channels, height, width]. */
function normalise(graph: GraphWriter, { preprocessing, model }: Classifier, pixels: string): string {
  const channels = model.input[2];
  const { scale, offset } = imageScales({ mean: preprocessing.mean, std: preprocessing.std });
  const numbers = graph.node({
    name: 'input/float',
    opType: 'Cast',
    inputs: [pixels],
    attributes: { to: int(1) },
  });
  const turned = graph.node({
    name: 'input/channels_first',
    opType: 'Transpose',
    inputs: [numbers],
    attributes: { perm: { kind: 'ints', value: [0, 3, 1, 2] } },
  });
  const scaled = graph.node({
    name: 'input/scaled',
    opType: 'Mul',
    inputs: [turned, graph.tensor('input/scale', [1, channels, 1, 1], scale)],
    attributes: {},
  });
  return graph.node({
    name: 'input/normalised',
    opType: 'Add',
    inputs: [scaled, graph.tensor('input/offset', [1, channels, 1, 1], offset)],
    attributes: {},
  });
}
