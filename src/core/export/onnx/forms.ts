import { numberOption } from '../../layers/options.ts';
import { float, int, type OnnxForm, plain, text } from './form.ts';
import { batchNorm, groupNorm, layerNorm } from './norms.ts';
import {
  adaptiveAveragePool,
  averagePool,
  blurPool,
  convolution,
  globalAveragePool,
  maxPool,
  zeroPad,
} from './windows.ts';

const linear: OnnxForm = ({ inputs, node, weight }) => {
  const bias = weight('bias');
  return node('Gemm', [inputs[0], weight('weight')!, ...(bias === undefined ? [] : [bias])], { transB: int(1) });
};

/** An operator of two inputs, applied to many from the left. */
const folded =
  (opType: string): OnnxForm =>
  ({ inputs, node }) =>
    inputs
      .slice(1)
      .reduce(
        (left, right, i) => node(opType, [left, right], {}, i === inputs.length - 2 ? undefined : `part${i + 1}`),
        inputs[0],
      );

/** As `folded`; a factor for each channel is a row, and gets the dimensions of a picture first. */
const multiply: OnnxForm = (context) => {
  const { layer, inputs, node, constant } = context;
  const isMap = layer.output.shape.length === 3;
  const spread = inputs.map((input, i) =>
    isMap && layer.values[i].shape.length === 1
      ? node('Unsqueeze', [input, constant(`axes${i}`, [2], [2, 3], 'int64')], {}, `spread${i}`)
      : input,
  );
  return folded('Mul')({ ...context, inputs: spread });
};

/** A 1x1 convolution whose weight is a matrix. */
const pixelLinear: OnnxForm = ({ layer, inputs, node, weight, constant }) => {
  const bias = weight('bias');
  const dims = constant('dims', [4], [...layer.parameters[0].fileShape, 1, 1], 'int64');
  const kernel = node('Reshape', [weight('weight')!, dims], {}, 'kernel');
  return node('Conv', [inputs[0], kernel, ...(bias === undefined ? [] : [bias])]);
};

/** Factors of [channels, 1, 1], as they fit a feature map; for a row they are laid out as one. */
const layerScale: OnnxForm = ({ layer, inputs, node, weight, constant }) => {
  const factors = weight('layer_scale')!;
  const isRow = layer.output.shape.length === 1;
  return node('Mul', [
    inputs[0],
    isRow ? node('Reshape', [factors, constant('dims', [1], [-1], 'int64')], {}, 'row') : factors,
  ]);
};

/** THE LIST of how layers are said in ONNX (opset 21); a contract test asks for every layer. */
export const onnxForms: Readonly<Record<string, OnnxForm>> = {
  conv2d: convolution,
  depthwiseConv2d: convolution,
  linear,
  pixelLinear,
  layerScale,
  scale: ({ layer, inputs, node, constant }) =>
    node('Mul', [inputs[0], constant('factor', [], [numberOption(layer.options, 'factor')])]),
  batchNorm2d: batchNorm,
  groupNorm,
  layerNorm,
  relu: plain('Relu'),
  relu6: ({ inputs, node, constant }) => node('Clip', [inputs[0], constant('low', [], [0]), constant('high', [], [6])]),
  leakyRelu: ({ layer, inputs, node }) =>
    node('LeakyRelu', inputs, { alpha: float(numberOption(layer.options, 'slope')) }),
  elu: ({ layer, inputs, node }) => node('Elu', inputs, { alpha: float(numberOption(layer.options, 'alpha')) }),
  silu: ({ inputs, node }) => node('Mul', [inputs[0], node('Sigmoid', inputs, {}, 'sigmoid')]),
  gelu: ({ layer, inputs, node }) =>
    node('Gelu', inputs, { approximate: text(layer.options.approximate ? 'tanh' : 'none') }),
  hardSwish: plain('HardSwish'),
  hardSigmoid: plain('HardSigmoid', { alpha: float(1 / 6), beta: float(0.5) }),
  sigmoid: plain('Sigmoid'),
  tanh: plain('Tanh'),
  softmax: plain('Softmax', { axis: int(1) }),
  maxPool2d: maxPool,
  avgPool2d: averagePool,
  blurPool2d: blurPool,
  globalAvgPool2d: globalAveragePool,
  adaptiveAvgPool2d: adaptiveAveragePool,
  flatten: plain('Flatten', { axis: int(1) }),
  // These do nothing but in training.
  dropout: ({ inputs }) => inputs[0],
  stochasticDepth: ({ inputs }) => inputs[0],
  zeroPad2d: zeroPad,
  add: folded('Add'),
  multiply,
  concat: plain('Concat', { axis: int(1) }),
};
