import { invalid } from '../errors.ts';
import type { GraphNode, ValueType } from '../graph/graph.ts';
import type { Attributes, Op } from '../graph/op.ts';
import { type Shape, sizeOf } from '../shape.ts';
import { biasBackward } from './biasBackward.ts';
import {
  batched,
  expectCount,
  expectExactly,
  expectFeatureMap,
  listOf,
  numberOf,
  subjectOf,
  unbatched,
} from './checks.ts';
import { type Window, windowOf, windowOutput } from './window.ts';

/** All sizes of one convolution, resolved: what a kernel needs to know. */
export interface Conv2dGeometry extends Window {
  readonly inputHeight: number;
  readonly inputWidth: number;
  readonly inputChannels: number;
  readonly outputHeight: number;
  readonly outputWidth: number;
  readonly outputChannels: number;
  readonly groups: number;
}

/** Sizes from [height, width, channels] of input and output and the attributes. */
function geometry(input: Shape, output: Shape, kernelSize: readonly number[], attributes: Attributes): Conv2dGeometry {
  return {
    ...windowOf(attributes, kernelSize),
    inputHeight: input[0],
    inputWidth: input[1],
    inputChannels: input[2],
    outputHeight: output[0],
    outputWidth: output[1],
    outputChannels: output[2],
    groups: numberOf(attributes, 'groups', 1),
  };
}

type Node = Pick<GraphNode, 'op' | 'inputs' | 'outputs' | 'attributes'>;

/** The geometry of a conv2d, conv2dBackwardInput or conv2dBackwardWeight node (of the forward convolution). */
export function conv2dGeometry(node: Omit<Node, 'op'> & { readonly op: { readonly name: string } }): Conv2dGeometry {
  const [first, second] = node.inputs;
  const output = node.outputs[0];
  if (node.op.name === conv2d.name)
    return geometry(first.shape, output.shape, second.shape.slice(0, 2), node.attributes);
  if (node.op.name === conv2dBackwardInput.name) {
    return geometry(output.shape, first.shape, second.shape.slice(0, 2), node.attributes);
  }
  return geometry(first.shape, second.shape, output.shape.slice(0, 2), node.attributes);
}

/** Calls back for every (output pixel, kernel tap) whose input pixel exists, with the offsets of their first channel. */
function forEachTap(
  g: Conv2dGeometry,
  n: number,
  visit: (inputOffset: number, outputOffset: number, weightOffset: number) => void,
): void {
  const [kernelHeight, kernelWidth] = g.kernelSize;
  const tapSize = (g.inputChannels / g.groups) * g.outputChannels;
  for (let image = 0; image < n; image++) {
    for (let oy = 0; oy < g.outputHeight; oy++) {
      for (let ox = 0; ox < g.outputWidth; ox++) {
        const output = ((image * g.outputHeight + oy) * g.outputWidth + ox) * g.outputChannels;
        for (let ky = 0; ky < kernelHeight; ky++) {
          const iy = oy * g.stride[0] - g.padding[0] + ky * g.dilation[0];
          if (iy < 0 || iy >= g.inputHeight) continue;
          for (let kx = 0; kx < kernelWidth; kx++) {
            const ix = ox * g.stride[1] - g.padding[2] + kx * g.dilation[1];
            if (ix < 0 || ix >= g.inputWidth) continue;
            const input = ((image * g.inputHeight + iy) * g.inputWidth + ix) * g.inputChannels;
            visit(input, output, (ky * kernelWidth + kx) * tapSize);
          }
        }
      }
    }
  }
}

/** Calls back for every (input channel, output channel) of one tap that are connected. */
function forEachChannelPair(g: Conv2dGeometry, visit: (input: number, output: number, weight: number) => void): void {
  const groupInputs = g.inputChannels / g.groups;
  const groupOutputs = g.outputChannels / g.groups;
  for (let c = 0; c < groupInputs; c++) {
    for (let o = 0; o < g.outputChannels; o++) {
      visit(Math.floor(o / groupOutputs) * groupInputs + c, o, c * g.outputChannels + o);
    }
  }
}

/** The pairs as flat lists, so that the innermost loop of a reference calls nothing. */
function channelPairs(g: Conv2dGeometry): { inputs: Int32Array; outputs: Int32Array; weights: Int32Array } {
  const count = (g.inputChannels / g.groups) * g.outputChannels;
  const pairs = { inputs: new Int32Array(count), outputs: new Int32Array(count), weights: new Int32Array(count) };
  let i = 0;
  forEachChannelPair(g, (input, output, weight) => {
    pairs.inputs[i] = input;
    pairs.outputs[i] = output;
    pairs.weights[i++] = weight;
  });
  return pairs;
}

function checkChannels(op: string, node: string, input: Shape, weight: Shape, attributes: Attributes): void {
  const groups = numberOf(attributes, 'groups', 1);
  const subject = subjectOf(op, node);
  if (input[2] % groups !== 0) {
    throw invalid(
      `input channels that ${groups} groups divide`,
      subject,
      input,
      'Change groups or the channels before it',
    );
  }
  if (weight[3] % groups !== 0) {
    throw invalid(`output channels that ${groups} groups divide`, subject, weight[3], 'Change groups or channels');
  }
  if (weight[2] * groups !== input[2]) {
    throw invalid(`${weight[2] * groups} input channels (its weight is ${weight.join('x')})`, subject, input);
  }
}

const macs = (node: Pick<GraphNode, 'inputs' | 'outputs' | 'attributes'>, of: { readonly name: string }): number => {
  const g = conv2dGeometry({ ...node, op: of });
  const taps = g.kernelSize[0] * g.kernelSize[1];
  return g.outputHeight * g.outputWidth * g.outputChannels * taps * (g.inputChannels / g.groups);
};

/**
 * Convolution (cross-correlation, as everywhere in deep learning). Inputs: x [height, width, inputChannels], weight
 * [kernelHeight, kernelWidth, inputChannels / groups, outputChannels], optional bias [outputChannels]. Attributes:
 * stride [h, w], padding [top, bottom, left, right] of zeros, dilation [h, w], groups.
 */
export const conv2d: Op = {
  name: 'conv2d',
  perSample: true,
  infer(inputs, attributes, node) {
    expectCount('conv2d', node, inputs, 2, 3);
    const [x, weight, bias] = inputs;
    expectFeatureMap('conv2d', node, x);
    checkChannels('conv2d', node, x.shape, weight.shape, attributes);
    const outputChannels = weight.shape[3];
    if (bias) expectExactly('conv2d', node, 'bias', bias, unbatched([outputChannels]));
    const size = windowOutput('conv2d', node, x.shape, windowOf(attributes, weight.shape.slice(0, 2)));
    return [batched([...size, outputChannels])];
  },
  gradient({ graph, node, outputGradients: [gradient], wanted }) {
    if (!gradient) return [];
    const [x, weight] = node.inputs;
    const shared = { ...node.attributes, kernelSize: weight.shape.slice(0, 2) };
    return [
      wanted[0]
        ? graph.apply(
            conv2dBackwardInput,
            [gradient, weight],
            { ...shared, inputShape: x.shape },
            `${node.name}.gradInput`,
          )[0]
        : undefined,
      wanted[1] ? graph.apply(conv2dBackwardWeight, [x, gradient], shared, `${node.name}.gradWeight`)[0] : undefined,
      wanted[2] ? graph.apply(biasBackward, [gradient], {}, `${node.name}.gradBias`)[0] : undefined,
    ];
  },
  reference({ n, node, inputs: [x, weight, bias], outputs: [y] }) {
    const g = conv2dGeometry({ ...node, op: conv2d });
    const pairs = channelPairs(g);
    for (let i = 0; i < y.length; i++) y[i] = bias ? bias[i % g.outputChannels] : 0;
    forEachTap(g, n, (input, output, tap) => {
      for (let i = 0; i < pairs.inputs.length; i++) {
        y[output + pairs.outputs[i]] += x[input + pairs.inputs[i]] * weight[tap + pairs.weights[i]];
      }
    });
  },
  macs: (node) => macs(node, conv2d),
};

/** Gradient of conv2d by x. Inputs: gradOutput, weight; attributes of conv2d and inputShape [height, width, channels]. */
export const conv2dBackwardInput: Op = {
  name: 'conv2dBackwardInput',
  infer(inputs, attributes, node) {
    expectCount('conv2dBackwardInput', node, inputs, 2);
    checkChannels('conv2dBackwardInput', node, listOf(attributes, 'inputShape', 3), inputs[1].shape, attributes);
    checkGradient(
      'conv2dBackwardInput',
      node,
      listOf(attributes, 'inputShape', 3),
      inputs[0],
      inputs[1].shape,
      attributes,
    );
    return [batched(listOf(attributes, 'inputShape', 3))];
  },
  reference({ n, node, inputs: [gradient, weight], outputs: [gradX] }) {
    const g = conv2dGeometry({ ...node, op: conv2dBackwardInput });
    const pairs = channelPairs(g);
    gradX.fill(0);
    forEachTap(g, n, (input, output, tap) => {
      for (let i = 0; i < pairs.inputs.length; i++) {
        gradX[input + pairs.inputs[i]] += gradient[output + pairs.outputs[i]] * weight[tap + pairs.weights[i]];
      }
    });
  },
  macs: (node) => macs(node, conv2dBackwardInput),
};

/** Gradient of conv2d by weight, summed over the batch. Inputs: x, gradOutput; attributes of conv2d and kernelSize. */
export const conv2dBackwardWeight: Op = {
  name: 'conv2dBackwardWeight',
  infer(inputs, attributes, node) {
    expectCount('conv2dBackwardWeight', node, inputs, 2);
    const [x, gradient] = inputs;
    const inputsPerGroup = x.shape[2] / numberOf(attributes, 'groups', 1);
    const weight = [...listOf(attributes, 'kernelSize', 2), inputsPerGroup, gradient.shape[2]];
    checkGradient('conv2dBackwardWeight', node, x.shape, gradient, weight, attributes);
    return [unbatched(weight)];
  },
  reference({ n, node, inputs: [x, gradient], outputs: [gradWeight] }) {
    const g = conv2dGeometry({ ...node, op: conv2dBackwardWeight });
    const pairs = channelPairs(g);
    gradWeight.fill(0);
    forEachTap(g, n, (input, output, tap) => {
      for (let i = 0; i < pairs.inputs.length; i++) {
        gradWeight[tap + pairs.weights[i]] += x[input + pairs.inputs[i]] * gradient[output + pairs.outputs[i]];
      }
    });
  },
  macs: (node) => macs(node, conv2dBackwardWeight),
};

function checkGradient(
  op: string,
  node: string,
  input: Shape,
  gradient: ValueType,
  weight: Shape,
  attributes: Attributes,
): void {
  const size = windowOutput(op, node, input, windowOf(attributes, weight.slice(0, 2)));
  expectExactly(op, node, 'gradOutput', gradient, batched([...size, weight[3]]));
  if (sizeOf(weight) === 0) throw invalid('a weight with elements', subjectOf(op, node), weight);
}
