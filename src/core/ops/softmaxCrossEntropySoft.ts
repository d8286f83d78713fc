import type { ValueType } from '../graph/graph.ts';
import type { Op } from '../graph/op.ts';
import { exp } from '../maths.ts';
import { expectCount, expectExactly, like, numberOf, unbatched } from './checks.ts';
import { logSumExp } from './logSoftmax.ts';
import { classesOf, lossType } from './softmaxCrossEntropy.ts';

function check(op: string, node: string, [logits, target, weights]: readonly ValueType[]): void {
  const classes = classesOf(op, node, logits);
  expectExactly(op, node, 'targetProbabilities', target, logits);
  if (weights) expectExactly(op, node, 'classWeights', weights, unbatched([classes]));
}

/**
 * Softmax cross-entropy with target probabilities (mixup, distillation), PyTorch's definition. Inputs: logits [classes],
 * targetProbabilities [classes], optional classWeights [classes]. Attributes: labelSmoothing ε (default 0), reduction.
 *
 * loss = Σ_c w_c ((1 - ε) target_c + ε / classes) (-log p_c); 'mean' divides the sum by the number of images.
 */
export const softmaxCrossEntropySoft: Op = {
  name: 'softmaxCrossEntropySoft',
  perSample: true,
  infer(inputs, attributes, node) {
    expectCount('softmaxCrossEntropySoft', node, inputs, 2, 3);
    check('softmaxCrossEntropySoft', node, inputs);
    return [lossType(attributes)];
  },
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    const inputs = [...node.inputs, gradient];
    return graph.apply(softmaxCrossEntropySoftBackward, inputs, node.attributes, `${node.name}.gradLogits`);
  },
  reference({ n, node, inputs: [logits, target, weights], outputs: [loss] }) {
    const [classes] = node.inputs[0].shape;
    const smoothing = numberOf(node.attributes, 'labelSmoothing', 0);
    const { reduction } = node.attributes;
    loss.fill(0);
    for (let image = 0; image < n; image++) {
      const row = image * classes;
      const total = logSumExp(logits, row, classes);
      for (let c = 0; c < classes; c++) {
        const share = (weights ? weights[c] : 1) * ((1 - smoothing) * target[row + c] + smoothing / classes);
        loss[reduction === 'none' ? image : 0] += share * (total - logits[row + c]);
      }
    }
    if (reduction === 'mean') loss[0] /= n;
  },
};

/**
 * Gradient of softmaxCrossEntropySoft by the logits. Inputs: logits, targetProbabilities, optional classWeights,
 * gradOutput; same attributes. No gradient flows into the targets.
 */
export const softmaxCrossEntropySoftBackward: Op = {
  name: 'softmaxCrossEntropySoftBackward',
  infer(inputs, attributes, node) {
    expectCount('softmaxCrossEntropySoftBackward', node, inputs, 3, 4);
    check('softmaxCrossEntropySoftBackward', node, inputs.slice(0, -1));
    expectExactly(
      'softmaxCrossEntropySoftBackward',
      node,
      'gradOutput',
      inputs[inputs.length - 1],
      lossType(attributes),
    );
    return [like(inputs[0])];
  },
  reference({ n, node, inputs, outputs: [gradLogits] }) {
    const [logits, target] = inputs;
    const weights = inputs.length === 4 ? inputs[2] : undefined;
    const gradient = inputs[inputs.length - 1];
    const [classes] = node.inputs[0].shape;
    const smoothing = numberOf(node.attributes, 'labelSmoothing', 0);
    const { reduction } = node.attributes;
    for (let image = 0; image < n; image++) {
      const row = image * classes;
      const scale = gradient[reduction === 'none' ? image : 0] / (reduction === 'mean' ? n : 1);
      const total = logSumExp(logits, row, classes);
      const share = (c: number): number =>
        (weights ? weights[c] : 1) * ((1 - smoothing) * target[row + c] + smoothing / classes);
      let shares = 0;
      for (let c = 0; c < classes; c++) shares += share(c);
      for (let c = 0; c < classes; c++)
        gradLogits[row + c] = scale * (exp(logits[row + c] - total) * shares - share(c));
    }
  },
};
