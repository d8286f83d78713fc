import { blurPadding } from '../../layers/blurPool2d.ts';
import { numberOption, pairOf } from '../../layers/options.ts';
import { resolvePadding, strideOf } from '../../layers/window.ts';
import type { BuiltLayer } from '../../model/build.ts';
import { int, ints, type OnnxContext, type OnnxForm } from './form.ts';

/** Convolution, depthwise too: the weight's shape says how many groups there are. */
export const convolution: OnnxForm = ({ layer, inputs, node, weight }) => {
  const { options, values, parameters } = layer;
  const [top, bottom, left, right] = resolvePadding(options, values[0].shape);
  const [, inputChannels] = parameters[0].fileShape;
  const bias = weight('bias');
  return node('Conv', [inputs[0], weight('weight')!, ...(bias === undefined ? [] : [bias])], {
    kernel_shape: ints(pairOf(options.kernelSize)),
    strides: ints(pairOf(options.stride)),
    pads: ints([top, left, bottom, right]),
    dilations: ints(pairOf(options.dilation)),
    group: int(values[0].shape[2] / inputChannels),
  });
};

/** Rows and columns that the last windows reach past the padded input: with ceilMode, whose rule runtimes read differently. */
function beyond({ options, values, output }: BuiltLayer): readonly [number, number] {
  const padding = resolvePadding(options, values[0].shape);
  const [kernelSize, stride] = [pairOf(options.kernelSize), strideOf(options)];
  const reach = (axis: 0 | 1): number => {
    const padded = values[0].shape[axis] + padding[2 * axis] + padding[2 * axis + 1];
    return Math.max(0, (output.shape[axis] - 1) * stride[axis] + kernelSize[axis] - padded);
  };
  return [reach(0), reach(1)];
}

const windowAttributes = ({ options }: BuiltLayer, pads: readonly number[]) => ({
  kernel_shape: ints(pairOf(options.kernelSize)),
  strides: ints(strideOf(options)),
  pads: ints(pads),
});

/** Padding is minus infinity, so what ceilMode adds may be padding as well. */
export const maxPool: OnnxForm = ({ layer, inputs, node }) => {
  const [top, bottom, left, right] = resolvePadding(layer.options, layer.values[0].shape);
  const [down, across] = beyond(layer);
  return node('MaxPool', inputs, windowAttributes(layer, [top, left, bottom + down, right + across]));
};

/**
 * Padding counts in the mean or not; what ceilMode adds never does. Where both kinds meet, the padding that counts is an
 * operator of its own.
 */
export const averagePool: OnnxForm = (context) => {
  const { layer, inputs, node } = context;
  const [top, bottom, left, right] = resolvePadding(layer.options, layer.values[0].shape);
  const [down, across] = beyond(layer);
  const countsPadding = layer.options.countIncludePad === true;
  if (down + across === 0 || !countsPadding) {
    const pads = [top, left, bottom + down, right + across];
    return node('AveragePool', inputs, {
      ...windowAttributes(layer, pads),
      count_include_pad: int(countsPadding ? 1 : 0),
    });
  }
  const padded = top + bottom + left + right === 0 ? inputs[0] : pad(context, [top, bottom, left, right]);
  return node('AveragePool', [padded], windowAttributes(layer, [0, 0, down, across]));
};

/** Zeros around a feature map. */
export function pad({ inputs, node, constant }: OnnxContext, [top, bottom, left, right]: readonly number[]): string {
  const pads = constant('pads', [8], [0, 0, top, left, 0, 0, bottom, right], 'int64');
  return node('Pad', [inputs[0], pads], {}, 'padded');
}

export const zeroPad: OnnxForm = ({ layer, inputs, node, constant }) => {
  const [top, bottom, left, right] = ['top', 'bottom', 'left', 'right'].map((name) =>
    numberOption(layer.options, name),
  );
  return node('Pad', [inputs[0], constant('pads', [8], [0, 0, top, left, 0, 0, bottom, right], 'int64')]);
};

/**
 * A convolution of each channel by the binomial filter. (Zeros around and means of 2x2, as the layer is made, come to the
 * same, but onnxruntime puts such zeros into the mean's own padding and then refuses it as wider than its window.)
 */
export const blurPool: OnnxForm = ({ layer, inputs, node, constant }) => {
  const [before, after] = blurPadding(layer.options);
  const size = numberOption(layer.options, 'kernelSize');
  const stride = numberOption(layer.options, 'stride');
  const channels = layer.values[0].shape[2];
  let row = [1];
  for (let pass = 1; pass < size; pass++) row = [...row, 0].map((one, i) => (one + (row[i - 1] ?? 0)) / 2);
  const filter = row.flatMap((y) => row.map((x) => y * x));
  const weights = Array.from({ length: channels }, () => filter).flat();
  return node('Conv', [inputs[0], constant('filter', [channels, 1, size, size], weights)], {
    kernel_shape: ints([size, size]),
    strides: ints([stride, stride]),
    pads: ints([before, before, after, after]),
    group: int(channels),
  });
};

/** The mean of each channel as a row. */
export const globalAveragePool: OnnxForm = ({ inputs, node }) =>
  node('Flatten', [node('GlobalAveragePool', inputs, {}, 'mean')], { axis: int(1) });

/** Equal windows are an AveragePool; unequal ones two products with matrices whose rows are the windows' shares. */
export const adaptiveAveragePool: OnnxForm = ({ layer, inputs, node, constant }) => {
  const [height, width] = layer.values[0].shape;
  const [rows, columns] = pairOf(layer.options.outputSize);
  if (rows === 1 && columns === 1) return node('GlobalAveragePool', inputs);
  if (height % rows === 0 && width % columns === 0) {
    const window = ints([height / rows, width / columns]);
    return node('AveragePool', inputs, { kernel_shape: window, strides: window });
  }
  const across = constant('columns', [width, columns], transpose(shares(width, columns), columns, width));
  const down = constant('rows', [rows, height], shares(height, rows));
  return node('MatMul', [down, node('MatMul', [inputs[0], across], {}, 'across')]);
};

/** [count, size]: what each of `size` positions adds to each of `count` means. */
export function shares(size: number, count: number): number[] {
  return Array.from({ length: count * size }, (_, at) => {
    const [i, position] = [Math.floor(at / size), at % size];
    const [first, end] = [Math.floor((i * size) / count), Math.ceil(((i + 1) * size) / count)];
    return position >= first && position < end ? 1 / (end - first) : 0;
  });
}

export function transpose(matrix: readonly number[], rows: number, columns: number): number[] {
  return Array.from({ length: rows * columns }, (_, at) => matrix[(at % rows) * columns + Math.floor(at / rows)]);
}
