import type { Op } from '../graph/op.ts';
import { exp, log } from '../maths.ts';
import { channelsOf, expectChannels, expectCount, expectExactly, like } from './checks.ts';

/** log Σ e^x over `classes` values from `row` on, without overflow. */
export function logSumExp(x: Float64Array, row: number, classes: number): number {
  let largest = -Infinity;
  for (let c = 0; c < classes; c++) largest = Math.max(largest, x[row + c]);
  let sum = 0;
  for (let c = 0; c < classes; c++) sum += exp(x[row + c] - largest);
  return largest + log(sum);
}

/** x - log Σ e^x over the last dimension. Input: x [..., classes]. */
export const logSoftmax: Op = {
  name: 'logSoftmax',
  perSample: true,
  infer(inputs, _attributes, node) {
    expectCount('logSoftmax', node, inputs, 1);
    expectChannels('logSoftmax', node, inputs[0]);
    return [like(inputs[0])];
  },
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    return graph.apply(logSoftmaxBackward, [gradient, node.outputs[0]], {}, `${node.name}.gradInput`);
  },
  reference({ node, inputs: [x], outputs: [y] }) {
    const classes = channelsOf(node.inputs[0]);
    for (let row = 0; row < x.length; row += classes) {
      const total = logSumExp(x, row, classes);
      for (let c = 0; c < classes; c++) y[row + c] = x[row + c] - total;
    }
  },
};

/** Gradient of logSoftmax: gradOutput - e^y Σ gradOutput. Inputs: gradOutput, y. */
export const logSoftmaxBackward: Op = {
  name: 'logSoftmaxBackward',
  infer(inputs, _attributes, node) {
    expectCount('logSoftmaxBackward', node, inputs, 2);
    expectExactly('logSoftmaxBackward', node, 'gradOutput', inputs[0], inputs[1]);
    return [like(inputs[0])];
  },
  reference({ node, inputs: [gradient, y], outputs: [gradX] }) {
    const classes = channelsOf(node.inputs[0]);
    for (let row = 0; row < y.length; row += classes) {
      let sum = 0;
      for (let c = 0; c < classes; c++) sum += gradient[row + c];
      for (let c = 0; c < classes; c++) gradX[row + c] = gradient[row + c] - exp(y[row + c]) * sum;
    }
  },
};
