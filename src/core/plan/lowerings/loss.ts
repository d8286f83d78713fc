import { channelsOf, numberOf } from '../../ops/checks.ts';
import { sizeOf } from '../../shape.ts';
import { type Argument, address, addressOr0, type Lowering, type LoweringContext } from '../lowering.ts';
import { rowsOf } from './cuts.ts';

/** As kernels/loss.ts receives them. */
const reductionCodes: Readonly<Record<string, number>> = { none: 0, sum: 1, mean: 2 };

/** softmax, logSoftmax and their gradients: kernels over rows. */
const overRows = (op: string, kernel: string): Lowering => ({
  op,
  lower({ node, outputs: [y], call }) {
    const { channels, perSample, block, blocks } = rowsOf(y);
    call(kernel, [...node.inputs.map(address), address(y), channels, perSample, y.batched ? 1 : 0, block], blocks);
  },
});

/** What the cross-entropy kernels take from the attributes. */
function settingsOf({ node: { attributes } }: LoweringContext): {
  smoothing: Argument;
  reduction: number;
  ignore: number[];
} {
  const ignore = attributes.ignoreIndex === undefined ? [0, 0] : [1, numberOf(attributes, 'ignoreIndex')];
  const smoothing = { float: numberOf(attributes, 'labelSmoothing', 0) };
  return { smoothing, reduction: reductionCodes[String(attributes.reduction)], ignore };
}

/** Images of a chunk. */
const imagesPerChunk = (classes: number): number => Math.max(1, Math.floor(4096 / classes));

/** The losses of the images, then their sum or mean. `soft`: targets are probabilities instead of labels. */
const crossEntropy = (op: string, soft: boolean): Lowering => ({
  op,
  lower(context) {
    const { node, outputs, capacity, scratch, call, threadScratch } = context;
    const [logits, targets, weights] = node.inputs;
    const { smoothing, reduction, ignore } = settingsOf(context);
    const classes = channelsOf(logits);
    const block = imagesPerChunk(classes);
    threadScratch(classes * 4);
    const losses = reduction === reductionCodes.none ? address(outputs[0]) : scratch(capacity * 4);
    const places = [address(logits), address(targets), addressOr0(weights), losses];
    const words = [classes, block, smoothing, ...(soft ? [] : ignore)];
    call(`${op}_forward`, [...places, ...words], (n) => Math.ceil(n / block));
    if (reduction === reductionCodes.none) return;
    const labels = soft ? 0 : address(targets);
    const result = [losses, labels, addressOr0(weights), address(outputs[0])];
    call('softmaxCrossEntropy_reduce', [...result, reduction, ...ignore], 1);
  },
});

const crossEntropyBackward = (op: string, soft: boolean): Lowering => ({
  op: `${op}Backward`,
  lower(context) {
    const { node, outputs, call } = context;
    const [logits, targets] = node.inputs;
    const weights = node.inputs.length === 4 ? node.inputs[2] : undefined;
    const gradient = node.inputs[node.inputs.length - 1];
    const { smoothing, reduction, ignore } = settingsOf(context);
    const classes = sizeOf(logits.shape);
    const block = imagesPerChunk(classes);
    const places = [address(logits), address(targets), addressOr0(weights), address(gradient), address(outputs[0])];
    const words = [classes, block, smoothing, reduction, ...(soft ? [] : ignore)];
    call(`${op}_backward`, [...places, ...words], (n) => Math.ceil(n / block));
  },
});

export const lossLowerings: readonly Lowering[] = [
  overRows('softmax', 'softmax_forward'),
  overRows('softmaxBackward', 'softmax_backward'),
  overRows('logSoftmax', 'logSoftmax_forward'),
  overRows('logSoftmaxBackward', 'logSoftmax_backward'),
  crossEntropy('softmaxCrossEntropy', false),
  crossEntropyBackward('softmaxCrossEntropy', false),
  crossEntropy('softmaxCrossEntropySoft', true),
  crossEntropyBackward('softmaxCrossEntropySoft', true),
];
