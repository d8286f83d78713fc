import { differentiate } from '../../src/core/autodiff/differentiate.ts';
import { evaluateReference } from '../../src/core/backend/reference.ts';
import { elementCount, type Value } from '../../src/core/graph/graph.ts';
import { buildModel } from '../../src/core/model/build.ts';
import { canonicalLayers } from '../../src/core/model/canonical.ts';
import { type LayerSpec, type ModelSpec, resolveLayers } from '../../src/core/model/spec.ts';
import { type Shape, sizeOf } from '../../src/core/shape.ts';

/** Rows and columns of the picture in which a gradient is not 0; undefined where it is 0 everywhere. */
export type Support =
  | { readonly rows: readonly [number, number]; readonly columns: readonly [number, number] }
  | undefined;

/**
 * The same windows with one channel, so that it runs in a moment, and with nothing that hides a gradient: means for
 * maxima, rectifiers for norms and activations, and no gates that bring in the whole map.
 */
export function bareModel(spec: ModelSpec): ModelSpec {
  const { layers } = buildModel(spec, { training: false, inputType: 'float32' });
  const bare = layers.map(({ id, inputs, values, output, layer, options }, i): LayerSpec => {
    const { type } = layer;
    const given = spec.layers[i];
    const isMap = ({ shape }: Value): boolean => shape.length === 3 && shape[0] * shape[1] > 1;
    if (layer.inputs === 'many') {
      const maps = inputs.filter((_, k) => isMap(values[k]));
      if (!isMap(output) || maps.length === inputs.length) return { id, type, inputs };
      return maps.length > 1 ? { id, type, inputs: maps } : { id, type: 'relu', inputs: maps };
    }
    if (type === 'conv2d' || type === 'depthwiseConv2d') {
      const { kernelSize, stride, padding, dilation } = options;
      // One channel in and out: what a depthwise convolution does to one channel.
      return { id, type: 'conv2d', inputs, channels: 1, kernelSize, stride, padding, dilation, bias: false };
    }
    if (layer.options.features) return { id, type, inputs, features: 1, bias: false };
    if (type === 'maxPool2d') return { ...given, inputs, type: 'avgPool2d', countIncludePad: true };
    const window = layer.window?.(options, values[0].shape);
    if (window !== undefined && window !== 'all') return { ...given, inputs };
    if (output.shape.join() !== values[0].shape.join()) return { ...given, inputs };
    return { id, type: 'relu', inputs };
  });
  for (;;) {
    const read = new Set(bare.flatMap(({ inputs }) => inputs ?? []));
    const unread = bare.findIndex(({ id }, i) => i < bare.length - 1 && !read.has(id));
    if (unread < 0) break;
    bare.splice(unread, 1);
  }
  // Some nets end with a pooling or a scale; here all end alike.
  bare.push({ id: 'bare_head', type: 'linear', features: 2, inputs: [bare[bare.length - 1].id] });
  const { format, version, input } = spec;
  return {
    format,
    version,
    input: [input[0], input[1], 1],
    classes: 2,
    layers: canonicalLayers(resolveLayers(bare), bare),
  };
}

/** Where in the picture the gradient of one position of a layer's output is not 0, by the reference in float64. */
export function gradientSupports(
  spec: ModelSpec,
  layer: string,
  positions: readonly (readonly [row: number, column: number])[],
): Support[] {
  const model = buildModel(spec, { training: false, inputType: 'float32' });
  const { graph, input, parameters } = model;
  const output = model.layerOutputs.get(layer) as Value;
  const seed = graph.source('input', 'seed', { shape: output.shape });
  const gradient = differentiate(graph, { of: output, seed, wanted: [input] }).get(input) as Value;
  const n = positions.length;
  const values = new Map<Value, Float64Array>();
  values.set(input, new Float64Array(elementCount(input, n)).fill(1));
  for (const { value, fileShape } of parameters) {
    // The mean of what a weight sums up, so that values stay near 1.
    const fan = fileShape.length > 1 ? sizeOf(fileShape.slice(1)) : 1;
    values.set(value, new Float64Array(elementCount(value, 1)).fill(1 / fan));
  }
  const seeds = new Float64Array(elementCount(seed, n));
  const size = sizeOf(output.shape);
  positions.forEach(([row, column], k) => {
    const [, width, channels] = output.shape;
    const begin = output.shape.length === 1 ? 0 : (row * width + column) * channels;
    const end = output.shape.length === 1 ? size : begin + channels;
    seeds.fill(1, k * size + begin, k * size + end);
  });
  values.set(seed, seeds);
  evaluateReference(graph, n, values);
  const found = values.get(gradient) as Float64Array;
  return positions.map((_, k) => supportOf(found, k, spec.input));
}

function supportOf(gradient: Float64Array, sample: number, [height, width, channels]: Shape): Support {
  let [top, bottom, left, right] = [Infinity, -Infinity, Infinity, -Infinity];
  for (let i = 0; i < height * width * channels; i++) {
    if (gradient[sample * height * width * channels + i] === 0) continue;
    const pixel = Math.floor(i / channels);
    const [row, column] = [Math.floor(pixel / width), pixel % width];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
  }
  return bottom < top ? undefined : { rows: [top, bottom], columns: [left, right] };
}
