import { invalid } from '../errors.ts';
import { numberOption } from '../layers/options.ts';
import { softmaxCrossEntropy as softmaxCrossEntropyOp } from '../ops/softmaxCrossEntropy.ts';
import { softmaxCrossEntropySoft } from '../ops/softmaxCrossEntropySoft.ts';
import type { FixedInput, Loss } from './loss.ts';

/** PyTorch's CrossEntropyLoss for class labels, and for shares of classes. */
export const softmaxCrossEntropy = {
  name: 'softmaxCrossEntropy',
  doc: 'How surprised the softmax of the logits is by the true class: the loss for classification.',
  options: {
    labelSmoothing: {
      type: 'number',
      default: 0,
      minimum: 0,
      maximum: 1,
      doc: 'The part of the target that is spread over all classes, against overconfidence.',
    },
    classWeights: {
      type: 'numbers',
      optional: true,
      minimum: 0,
      doc: 'A weight for each class, so that rare classes count more; left out: all count alike.',
    },
  },
  build({ graph, logits, labels, targets, reduction, options }) {
    const inputs = [logits, targets ?? labels];
    const fixedInputs: FixedInput[] = [];
    let divisor = (given: ArrayLike<number>): number => given.length;
    if (options.classWeights !== undefined) {
      const data = Float32Array.from(options.classWeights as readonly number[]);
      const [classes] = logits.shape;
      if (data.length !== classes) {
        throw invalid(
          `${classes} numbers, one a class`,
          "loss 'softmaxCrossEntropy', option 'classWeights'",
          data.length,
        );
      }
      if (!data.some((weight) => weight > 0)) {
        throw invalid('a weight above 0', "loss 'softmaxCrossEntropy', option 'classWeights'", 'zeros only');
      }
      const value = graph.source('input', 'classWeights', { shape: [classes], batched: false });
      inputs.push(value);
      fixedInputs.push({ value, data });
      // As PyTorch: with shares of classes, the mean is over pictures whatever the weights.
      divisor = (given) => {
        if (targets) return given.length;
        let sum = 0;
        for (let i = 0; i < given.length; i++) sum += data[given[i]];
        return sum;
      };
    }
    const labelSmoothing = numberOption(options, 'labelSmoothing');
    const op = targets ? softmaxCrossEntropySoft : softmaxCrossEntropyOp;
    const [loss] = graph.apply(op, inputs, { labelSmoothing, reduction }, 'loss');
    return { loss, fixedInputs, divisor };
  },
} as const satisfies Loss;
