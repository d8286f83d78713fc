import type { Op } from '../graph/op.ts';
import { checkBatchNorm } from './batchNorm.ts';
import { channelsOf, expectCount, expectExactly, like, numberOf, unbatched } from './checks.ts';

/**
 * Batch normalisation in evaluation: y = (x - runningMean) / sqrt(runningVar + eps) * weight + bias. Inputs: x
 * [..., channels], runningMean, runningVar, and either both or neither of weight, bias (all [channels]). Attribute: eps.
 */
export const batchNormEval: Op = {
  name: 'batchNormEval',
  perSample: true,
  inPlace: 0,
  fusesAs: 'affine',
  infer(inputs, _attributes, node) {
    checkBatchNorm('batchNormEval', node, inputs);
    return [like(inputs[0])];
  },
  gradient({ graph, node, outputGradients: [gradient], wanted }) {
    if (!gradient) return [];
    const [x, runningMean, runningVar, weight] = node.inputs;
    const inputs = [x, gradient, runningMean, runningVar, ...(weight ? [weight] : [])];
    const attributes = { eps: numberOf(node.attributes, 'eps') };
    const [gradX, gradWeight, gradBias] = graph.apply(
      batchNormEvalBackward,
      inputs,
      attributes,
      `${node.name}.gradInput`,
    );
    return [wanted[0] ? gradX : undefined, undefined, undefined, gradWeight, gradBias];
  },
  reference({ node, inputs: [x, runningMean, runningVar, weight, bias], outputs: [y] }) {
    const eps = numberOf(node.attributes, 'eps');
    for (let i = 0; i < x.length; i++) {
      const c = i % runningMean.length;
      const normalised = (x[i] - runningMean[c]) / Math.sqrt(runningVar[c] + eps);
      y[i] = weight ? normalised * weight[c] + bias[c] : normalised;
    }
  },
};

/**
 * Gradients of batchNormEval. Inputs: x, gradOutput, runningMean, runningVar, optional weight; attribute eps.
 * Outputs: gradX, gradWeight, gradBias.
 */
export const batchNormEvalBackward: Op = {
  name: 'batchNormEvalBackward',
  infer(inputs, _attributes, node) {
    expectCount('batchNormEvalBackward', node, inputs, 4, 5);
    expectExactly('batchNormEvalBackward', node, 'gradOutput', inputs[1], inputs[0]);
    const channels = unbatched([channelsOf(inputs[0])]);
    return [like(inputs[0]), channels, channels];
  },
  reference({ node, inputs: [x, gradient, runningMean, runningVar, weight], outputs: [gradX, gradWeight, gradBias] }) {
    const eps = numberOf(node.attributes, 'eps');
    gradWeight.fill(0);
    gradBias.fill(0);
    for (let i = 0; i < x.length; i++) {
      const c = i % runningMean.length;
      const inverseDeviation = 1 / Math.sqrt(runningVar[c] + eps);
      gradX[i] = gradient[i] * inverseDeviation * (weight ? weight[c] : 1);
      gradWeight[c] += gradient[i] * (x[i] - runningMean[c]) * inverseDeviation;
      gradBias[c] += gradient[i];
    }
  },
};
