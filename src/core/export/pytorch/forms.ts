import { blurPadding } from '../../layers/blurPool2d.ts';
import { numberOption, pairOf } from '../../layers/options.ts';
import { type Padding, resolvePadding, strideOf } from '../../layers/window.ts';
import type { BuiltLayer } from '../../model/build.ts';

/** A layer in PyTorch. Feature maps are [n, channels, height, width] there, rows [n, features]. */
export interface PytorchForm {
  /** The module that holds its parameters: `nn.Conv2d(3, 16, 3)`. Absent: it has none. */
  module?(layer: BuiltLayer): string;
  /** Its output as an expression. @param self the module, where there is one. */
  call(layer: BuiltLayer, inputs: readonly string[], self: string): string;
}

const tuple = (pair: readonly number[]): string => `(${pair.join(', ')})`;
const flag = (value: unknown): string => (value ? 'True' : 'False');
const channelsOf = ({ output: { shape } }: BuiltLayer): number => shape[shape.length - 1];

/** Padding as PyTorch's modules take it, or what must stand around the input first where sides differ. */
function paddingOf({ options, values }: BuiltLayer): { readonly inside: string; readonly around?: Padding } {
  const padding = resolvePadding(options, values[0].shape);
  const [top, bottom, left, right] = padding;
  if (top === bottom && left === right) return { inside: tuple([top, left]) };
  return { inside: '(0, 0)', around: padding };
}

function padded(input: string, around: Padding | undefined, value = '0.0'): string {
  if (!around) return input;
  const [top, bottom, left, right] = around;
  return `F.pad(${input}, (${left}, ${right}, ${top}, ${bottom}), value=${value})`;
}

/** Convolution, depthwise too: the weight's shape says how many groups there are. */
const convolution: PytorchForm = {
  module(layer) {
    const { options, values, parameters } = layer;
    const [channels, perGroup, ...kernelSize] = parameters[0].fileShape;
    const inputs = values[0].shape[2];
    const settings = [
      `${inputs}, ${channels}, kernel_size=${tuple(kernelSize)}`,
      `stride=${tuple(pairOf(options.stride))}`,
      `padding=${paddingOf(layer).inside}`,
      `dilation=${tuple(pairOf(options.dilation))}`,
      `groups=${inputs / perGroup}`,
      `bias=${flag(options.bias)}`,
    ];
    return `nn.Conv2d(${settings.join(', ')})`;
  },
  call: (layer, [x], self) => `${self}(${padded(x, paddingOf(layer).around)})`,
};

const windowArguments = (layer: BuiltLayer): string => {
  const { options } = layer;
  const [kernelSize, stride] = [tuple(pairOf(options.kernelSize)), tuple(strideOf(options))];
  return `kernel_size=${kernelSize}, stride=${stride}, padding=${paddingOf(layer).inside}, ceil_mode=${flag(options.ceilMode)}`;
};

/** What PyTorch calls it, of one input, without parameters. */
const plain = (name: string, more = ''): PytorchForm => ({ call: (_, [x]) => `${name}(${x}${more})` });

const folded = (operator: string): PytorchForm => ({ call: (_, inputs) => inputs.join(` ${operator} `) });

/** THE LIST of how layers are said in PyTorch; a contract test asks for every layer. */
export const pytorchForms: Readonly<Record<string, PytorchForm>> = {
  conv2d: convolution,
  depthwiseConv2d: convolution,
  linear: {
    module: ({ options, parameters }) =>
      `nn.Linear(${parameters[0].fileShape[1]}, ${options.features}, bias=${flag(options.bias)})`,
    call: (_, [x], self) => `${self}(${x})`,
  },
  pixelLinear: {
    module: ({ options, parameters }) =>
      `nn.Linear(${parameters[0].fileShape[1]}, ${options.features}, bias=${flag(options.bias)})`,
    call: (_, [x], self) => `${self}(${x}.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)`,
  },
  layerScale: {
    module: (layer) => `Factors({"layer_scale": (${channelsOf(layer)}, 1, 1)})`,
    call: ({ output }, [x], self) => `${x} * ${self}.layer_scale${output.shape.length === 1 ? '.flatten()' : ''}`,
  },
  scale: { call: ({ options }, [x]) => `${x} * ${options.factor}` },
  batchNorm2d: {
    module: (layer) =>
      `nn.BatchNorm2d(${channelsOf(layer)}, eps=${layer.options.eps}, momentum=${layer.options.momentum}, affine=${flag(layer.options.affine)})`,
    call: (_, [x], self) => `${self}(${x})`,
  },
  groupNorm: {
    module: (layer) =>
      `nn.GroupNorm(${layer.options.groups}, ${channelsOf(layer)}, eps=${layer.options.eps}, affine=${flag(layer.options.affine)})`,
    call: (_, [x], self) => `${self}(${x})`,
  },
  layerNorm: {
    module: (layer) =>
      `nn.LayerNorm(${channelsOf(layer)}, eps=${layer.options.eps}, elementwise_affine=${flag(layer.options.affine)})`,
    // Over the channels, which are last only in a row.
    call: ({ output }, [x], self) =>
      output.shape.length === 1 ? `${self}(${x})` : `${self}(${x}.permute(0, 2, 3, 1)).permute(0, 3, 1, 2)`,
  },
  relu: plain('F.relu'),
  relu6: plain('F.relu6'),
  leakyRelu: { call: ({ options }, [x]) => `F.leaky_relu(${x}, negative_slope=${options.slope})` },
  elu: { call: ({ options }, [x]) => `F.elu(${x}, alpha=${options.alpha})` },
  silu: plain('F.silu'),
  gelu: { call: ({ options }, [x]) => `F.gelu(${x}, approximate="${options.approximate ? 'tanh' : 'none'}")` },
  hardSwish: plain('F.hardswish'),
  hardSigmoid: plain('F.hardsigmoid'),
  sigmoid: plain('torch.sigmoid'),
  tanh: plain('torch.tanh'),
  softmax: plain('F.softmax', ', dim=1'),
  maxPool2d: {
    call: (layer, [x]) =>
      `F.max_pool2d(${padded(x, paddingOf(layer).around, 'float("-inf")')}, ${windowArguments(layer)})`,
  },
  avgPool2d: {
    call(layer, [x]) {
      const { around } = paddingOf(layer);
      const counts = layer.options.countIncludePad === true;
      const mean = (input: string): string =>
        `F.avg_pool2d(${input}, ${windowArguments(layer)}, count_include_pad=${flag(counts)})`;
      if (!around || counts) return mean(padded(x, around));
      // Where the padding differs and does not count: the mean of the padded input by the share of it that counts.
      return `${mean(padded(x, around))} / ${mean(padded(`torch.ones_like(${x})`, around))}`;
    },
  },
  blurPool2d: {
    call({ options }, [x]) {
      const [before, after] = blurPadding(options);
      const passes = numberOption(options, 'kernelSize') - 1;
      const blurred = (input: string, stride: unknown): string => `F.avg_pool2d(${input}, 2, stride=${stride})`;
      let value = `F.pad(${x}, (${before}, ${after}, ${before}, ${after}))`;
      for (let pass = 1; pass < passes; pass++) value = blurred(value, 1);
      return blurred(value, options.stride);
    },
  },
  globalAvgPool2d: { call: (_, [x]) => `${x}.mean(dim=(2, 3))` },
  adaptiveAvgPool2d: {
    call: ({ options }, [x]) => `F.adaptive_avg_pool2d(${x}, ${tuple(pairOf(options.outputSize))})`,
  },
  flatten: plain('torch.flatten', ', start_dim=1'),
  dropout: { call: ({ options }, [x]) => `F.dropout(${x}, p=${options.rate}, training=self.training)` },
  // A factor for each picture, by which it keeps its branch or loses it.
  stochasticDepth: {
    call: ({ options, output }, [x]) => {
      const one = output.shape.length === 1 ? `${x}[:, :1]` : `${x}[:, :1, :1, :1]`;
      return `${x} * F.dropout(torch.ones_like(${one}), p=${options.rate}, training=self.training)`;
    },
  },
  zeroPad2d: {
    call({ options }, [x]) {
      const sides = ['top', 'bottom', 'left', 'right'].map((name) => numberOption(options, name));
      return padded(x, sides as unknown as Padding);
    },
  },
  add: folded('+'),
  multiply: {
    // A factor for each channel is a row, and gets the dimensions of a picture first.
    call: ({ values, output }, inputs) =>
      inputs
        .map((x, i) => (output.shape.length === 3 && values[i].shape.length === 1 ? `${x}[:, :, None, None]` : x))
        .join(' * '),
  },
  concat: { call: (_, inputs) => `torch.cat((${inputs.join(', ')}), dim=1)` },
};
