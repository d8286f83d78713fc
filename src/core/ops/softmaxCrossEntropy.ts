import { invalid } from '../errors.ts';
import type { ValueType } from '../graph/graph.ts';
import type { Attributes, Op } from '../graph/op.ts';
import { exp } from '../maths.ts';
import { batched, expectCount, expectExactly, like, numberOf, subjectOf, unbatched } from './checks.ts';
import { logSumExp } from './logSoftmax.ts';

/** Type of the loss: a number an image for 'none', one for the batch for 'mean' and 'sum'. @throws Error for others. */
export function lossType(attributes: Attributes): ValueType {
  const { reduction } = attributes;
  if (reduction === 'none') return batched([]);
  if (reduction === 'mean' || reduction === 'sum') return unbatched([]);
  throw new Error(`attribute 'reduction' is ${reduction}, not mean, sum or none`);
}

/** Number of classes. @throws FoveaError unless `logits` is a batch of features. */
export function classesOf(op: string, node: string, logits: ValueType): number {
  if (logits.shape.length === 1 && logits.batched && logits.type === 'float32') return logits.shape[0];
  throw invalid('logits (one number a class)', subjectOf(op, node), logits.shape, 'End the model with linear');
}

function check(op: string, node: string, [logits, labels, weights]: readonly ValueType[]): void {
  const classes = classesOf(op, node, logits);
  expectExactly(op, node, 'labels', labels, { shape: [], batched: true, type: 'int32' });
  if (weights) expectExactly(op, node, 'classWeights', weights, unbatched([classes]));
}

/** Sum of the targets' class weights: what 'mean' divides by. */
function totalWeight(labels: Float64Array, weights: Float64Array | undefined, ignored: number | undefined): number {
  let sum = 0;
  for (const label of labels) if (label !== ignored) sum += weights ? weights[label] : 1;
  return sum;
}

const ignoredLabel = (attributes: Attributes): number | undefined =>
  attributes.ignoreIndex === undefined ? undefined : numberOf(attributes, 'ignoreIndex');

/**
 * Softmax cross-entropy with class labels, PyTorch's definition. Inputs: logits [classes], labels int32 [] of each image
 * (0 … classes - 1; checked by the data's reader), optional classWeights [classes]. Attributes: labelSmoothing ε
 * (default 0), reduction 'mean', 'sum' or 'none', ignoreIndex (images with this label count nothing; default: none).
 *
 * loss = (1 - ε) w_label (-log p_label) + ε / classes Σ_c w_c (-log p_c); 'mean' divides the sum by Σ w_label.
 */
export const softmaxCrossEntropy: Op = {
  name: 'softmaxCrossEntropy',
  perSample: true,
  infer(inputs, attributes, node) {
    expectCount('softmaxCrossEntropy', node, inputs, 2, 3);
    check('softmaxCrossEntropy', node, inputs);
    return [lossType(attributes)];
  },
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    const inputs = [...node.inputs, gradient];
    return graph.apply(softmaxCrossEntropyBackward, inputs, node.attributes, `${node.name}.gradLogits`);
  },
  reference({ n, node, inputs: [logits, labels, weights], outputs: [loss] }) {
    const [classes] = node.inputs[0].shape;
    const smoothing = numberOf(node.attributes, 'labelSmoothing', 0);
    const ignored = ignoredLabel(node.attributes);
    const { reduction } = node.attributes;
    loss.fill(0);
    for (let image = 0; image < n; image++) {
      const label = labels[image];
      if (label === ignored) continue;
      const row = image * classes;
      const total = logSumExp(logits, row, classes);
      let own = (1 - smoothing) * (weights ? weights[label] : 1) * (total - logits[row + label]);
      if (smoothing > 0) {
        let uniform = 0;
        for (let c = 0; c < classes; c++) uniform += (weights ? weights[c] : 1) * (total - logits[row + c]);
        own += (smoothing / classes) * uniform;
      }
      loss[reduction === 'none' ? image : 0] += own;
    }
    if (reduction === 'mean') loss[0] /= totalWeight(labels, weights, ignored);
  },
};

/** Gradient of softmaxCrossEntropy by the logits. Inputs: logits, labels, optional classWeights, gradOutput; same attributes. */
export const softmaxCrossEntropyBackward: Op = {
  name: 'softmaxCrossEntropyBackward',
  infer(inputs, attributes, node) {
    expectCount('softmaxCrossEntropyBackward', node, inputs, 3, 4);
    check('softmaxCrossEntropyBackward', node, inputs.slice(0, -1));
    expectExactly('softmaxCrossEntropyBackward', node, 'gradOutput', inputs[inputs.length - 1], lossType(attributes));
    return [like(inputs[0])];
  },
  reference({ n, node, inputs, outputs: [gradLogits] }) {
    const [logits, labels] = inputs;
    const weights = inputs.length === 4 ? inputs[2] : undefined;
    const gradient = inputs[inputs.length - 1];
    const [classes] = node.inputs[0].shape;
    const smoothing = numberOf(node.attributes, 'labelSmoothing', 0);
    const ignored = ignoredLabel(node.attributes);
    const { reduction } = node.attributes;
    const divisor = reduction === 'mean' ? totalWeight(labels, weights, ignored) : 1;
    gradLogits.fill(0);
    for (let image = 0; image < n; image++) {
      const label = labels[image];
      if (label === ignored) continue;
      const row = image * classes;
      const scale = gradient[reduction === 'none' ? image : 0] / divisor;
      const total = logSumExp(logits, row, classes);
      const target = (c: number): number =>
        (weights ? weights[c] : 1) * ((c === label ? 1 - smoothing : 0) + smoothing / classes);
      let targets = 0;
      for (let c = 0; c < classes; c++) targets += target(c);
      for (let c = 0; c < classes; c++) {
        gradLogits[row + c] = scale * (exp(logits[row + c] - total) * targets - target(c));
      }
    }
  },
};
