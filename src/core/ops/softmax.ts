import type { Op } from '../graph/op.ts';
import { exp } from '../maths.ts';
import { channelsOf, expectChannels, expectCount, expectExactly, like } from './checks.ts';

/** e^x / Σ e^x over the last dimension, without overflow (the largest is subtracted first). Input: x [..., classes]. */
export const softmax: Op = {
  name: 'softmax',
  perSample: true,
  infer(inputs, _attributes, node) {
    expectCount('softmax', node, inputs, 1);
    expectChannels('softmax', node, inputs[0]);
    return [like(inputs[0])];
  },
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    return graph.apply(softmaxBackward, [gradient, node.outputs[0]], {}, `${node.name}.gradInput`);
  },
  reference({ node, inputs: [x], outputs: [y] }) {
    const classes = channelsOf(node.inputs[0]);
    for (let row = 0; row < x.length; row += classes) {
      let largest = -Infinity;
      for (let c = 0; c < classes; c++) largest = Math.max(largest, x[row + c]);
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += y[row + c] = exp(x[row + c] - largest);
      for (let c = 0; c < classes; c++) y[row + c] /= sum;
    }
  },
};

/** Gradient of softmax: y (gradOutput - Σ gradOutput y). Inputs: gradOutput, y. */
export const softmaxBackward: Op = {
  name: 'softmaxBackward',
  infer(inputs, _attributes, node) {
    expectCount('softmaxBackward', node, inputs, 2);
    expectExactly('softmaxBackward', node, 'gradOutput', inputs[0], inputs[1]);
    return [like(inputs[0])];
  },
  reference({ node, inputs: [gradient, y], outputs: [gradX] }) {
    const classes = channelsOf(node.inputs[0]);
    for (let row = 0; row < y.length; row += classes) {
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += gradient[row + c] * y[row + c];
      for (let c = 0; c < classes; c++) gradX[row + c] = y[row + c] * (gradient[row + c] - sum);
    }
  },
};
