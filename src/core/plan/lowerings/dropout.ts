import { numberOf } from '../../ops/checks.ts';
import { sizeOf } from '../../shape.ts';
import { address, type Lowering } from '../lowering.ts';
import { elementChunks, elementWords } from './cuts.ts';

/** The mask is computed again in the gradient, so both are one kernel. */
const dropout = (op: string): Lowering => ({
  op,
  lower({ node, outputs: [y], call, threadScratch }) {
    const [x, step] = node.inputs;
    const rate = numberOf(node.attributes, 'rate');
    threadScratch(64);
    const words = [numberOf(node.attributes, 'key') | 0, Math.ceil(rate * 16777216), { float: 1 / (1 - rate) }];
    call('dropout_forward', [address(x), address(y), address(step), ...elementWords(y), ...words], elementChunks(y));
  },
});

const stochasticDepth = (op: string): Lowering => ({
  op,
  lower({ node, outputs: [y], call, threadScratch }) {
    const [x, step] = node.inputs;
    const rate = numberOf(node.attributes, 'rate');
    threadScratch(64);
    const words = [numberOf(node.attributes, 'key') | 0, Math.ceil(rate * 16777216), { float: 1 / (1 - rate) }];
    call('stochasticDepth_forward', [address(x), address(y), address(step), sizeOf(y.shape), ...words], (n) => n);
  },
});

export const dropoutLowerings: readonly Lowering[] = [
  dropout('dropout'),
  dropout('dropoutBackward'),
  stochasticDepth('stochasticDepth'),
  stochasticDepth('stochasticDepthBackward'),
];
