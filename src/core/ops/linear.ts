import { invalid } from '../errors.ts';
import type { Op } from '../graph/op.ts';
import { biasBackward } from './biasBackward.ts';
import { batched, expectCount, expectExactly, subjectOf, unbatched } from './checks.ts';

/**
 * y = x W + b. Inputs: x [inputs], weight [inputs, outputs], optional bias [outputs]. No attributes.
 */
export const linear: Op = {
  name: 'linear',
  perSample: true,
  infer(inputs, _attributes, node) {
    expectCount('linear', node, inputs, 2, 3);
    const [x, weight, bias] = inputs;
    if (x.shape.length !== 1 || !x.batched || x.type !== 'float32') {
      throw invalid(
        'features (one dimension)',
        subjectOf('linear', node),
        x.shape,
        'Put flatten or a global pooling before it',
      );
    }
    const [features, units] = weight.shape;
    expectExactly('linear', node, 'input', x, batched([features]));
    if (bias) expectExactly('linear', node, 'bias', bias, unbatched([units]));
    return [batched([units])];
  },
  gradient({ graph, node, outputGradients: [gradient], wanted }) {
    if (!gradient) return [];
    const [x, weight] = node.inputs;
    return [
      wanted[0] ? graph.apply(linearBackwardInput, [gradient, weight], {}, `${node.name}.gradInput`)[0] : undefined,
      wanted[1] ? graph.apply(linearBackwardWeight, [x, gradient], {}, `${node.name}.gradWeight`)[0] : undefined,
      wanted[2] ? graph.apply(biasBackward, [gradient], {}, `${node.name}.gradBias`)[0] : undefined,
    ];
  },
  reference({ n, node, inputs: [x, weight, bias], outputs: [y] }) {
    const [features, units] = node.inputs[1].shape;
    for (let image = 0; image < n; image++) {
      for (let u = 0; u < units; u++) y[image * units + u] = bias ? bias[u] : 0;
      for (let f = 0; f < features; f++) {
        const value = x[image * features + f];
        for (let u = 0; u < units; u++) y[image * units + u] += value * weight[f * units + u];
      }
    }
  },
  macs: ({ inputs }) => inputs[1].shape[0] * inputs[1].shape[1],
};

/** Gradient of linear by x. Inputs: gradOutput [outputs], weight [inputs, outputs]. */
export const linearBackwardInput: Op = {
  name: 'linearBackwardInput',
  infer(inputs, _attributes, node) {
    expectCount('linearBackwardInput', node, inputs, 2);
    const [features, units] = inputs[1].shape;
    expectExactly('linearBackwardInput', node, 'gradOutput', inputs[0], batched([units]));
    return [batched([features])];
  },
  reference({ n, node, inputs: [gradient, weight], outputs: [gradX] }) {
    const [features, units] = node.inputs[1].shape;
    for (let image = 0; image < n; image++) {
      for (let f = 0; f < features; f++) {
        let sum = 0;
        for (let u = 0; u < units; u++) sum += gradient[image * units + u] * weight[f * units + u];
        gradX[image * features + f] = sum;
      }
    }
  },
  macs: ({ inputs }) => inputs[1].shape[0] * inputs[1].shape[1],
};

/** Gradient of linear by weight, summed over the batch. Inputs: x [inputs], gradOutput [outputs]. */
export const linearBackwardWeight: Op = {
  name: 'linearBackwardWeight',
  infer(inputs, _attributes, node) {
    expectCount('linearBackwardWeight', node, inputs, 2);
    return [unbatched([inputs[0].shape[0], inputs[1].shape[0]])];
  },
  reference({ n, node, inputs: [x, gradient], outputs: [gradWeight] }) {
    const [features] = node.inputs[0].shape;
    const [units] = node.inputs[1].shape;
    gradWeight.fill(0);
    for (let image = 0; image < n; image++) {
      for (let f = 0; f < features; f++) {
        const value = x[image * features + f];
        for (let u = 0; u < units; u++) gradWeight[f * units + u] += value * gradient[image * units + u];
      }
    }
  },
  macs: ({ outputs }) => outputs[0].shape[0] * outputs[0].shape[1],
};
