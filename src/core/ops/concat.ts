import { invalid } from '../errors.ts';
import { describeType } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { sameShape } from '../shape.ts';
import { channelsOf, expectChannels, expectCount, like, numberOf, subjectOf } from './checks.ts';

/** Joins feature maps of one height and width (or features) along their channels. Inputs: two or more. */
export const concat: Op = {
  name: 'concat',
  perSample: true,
  infer(inputs, _attributes, node) {
    expectCount('concat', node, inputs, 1, Infinity);
    for (const input of inputs) expectChannels('concat', node, input);
    const [first] = inputs;
    const pixels = first.shape.slice(0, -1);
    if (!inputs.every((input) => input.batched === first.batched && sameShape(input.shape.slice(0, -1), pixels))) {
      const received = inputs.map(describeType).join(' and ');
      throw invalid('inputs of one height and width', subjectOf('concat', node), received);
    }
    return [{ ...like(first), shape: [...pixels, inputs.reduce((sum, input) => sum + channelsOf(input), 0)] }];
  },
  gradient({ graph, node, outputGradients: [gradient], wanted }) {
    if (!gradient) return [];
    let begin = 0;
    return node.inputs.map((input, i) => {
      const attributes = { begin, channels: channelsOf(input) };
      begin += attributes.channels;
      return wanted[i]
        ? graph.apply(concatBackward, [gradient], attributes, `${node.name}.gradInput${i + 1}`)[0]
        : undefined;
    });
  },
  reference({ node, inputs, outputs: [y] }) {
    const channels = channelsOf(node.outputs[0]);
    let begin = 0;
    inputs.forEach((input, i) => {
      const own = channelsOf(node.inputs[i]);
      for (let e = 0; e < input.length; e++) y[Math.floor(e / own) * channels + begin + (e % own)] = input[e];
      begin += own;
    });
  },
};

/** Gradient of concat by one input: channels begin … begin + channels - 1. Input: gradOutput; attributes begin, channels. */
export const concatBackward: Op = {
  name: 'concatBackward',
  infer(inputs, attributes, node) {
    expectCount('concatBackward', node, inputs, 1);
    expectChannels('concatBackward', node, inputs[0]);
    return [{ ...like(inputs[0]), shape: [...inputs[0].shape.slice(0, -1), numberOf(attributes, 'channels')] }];
  },
  reference({ node, inputs: [gradient], outputs: [gradInput] }) {
    const channels = channelsOf(node.inputs[0]);
    const own = numberOf(node.attributes, 'channels');
    const begin = numberOf(node.attributes, 'begin');
    for (let e = 0; e < gradInput.length; e++) {
      gradInput[e] = gradient[Math.floor(e / own) * channels + begin + (e % own)];
    }
  },
};
