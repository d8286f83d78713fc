import { numberOf } from '../../ops/checks.ts';
import { address, addressOr0, type Lowering } from '../lowering.ts';
import { limitsOf, rowsOf } from './cuts.ts';

/** Equal to CHANNELS in kernels/norm.ts. */
const channelsPerChunk = 64;

/** The calls of batchNorm's lowering in the same order, with statistics that go nowhere. */
export const batchNormAgainLowering: Lowering = {
  op: 'batchNormAgain',
  epilogues: ['relu', 'relu6'],
  lower({ node, capacity, outputs, epilogue, scratch, call }) {
    const [x, weight, bias] = node.inputs;
    const { channels, perSample, block, blocks } = rowsOf(x);
    const partials = scratch(blocks(capacity) * 3 * channels * 4);
    const vector = () => scratch(channels * 4);
    const [mean, inverseDeviation, runningMean, runningVar, scale, shift] = Array.from({ length: 6 }, vector);
    call('batchNorm_statistics', [address(x), partials, channels, perSample, block], blocks);
    call(
      'batchNorm_combine',
      [
        ...[partials, mean, inverseDeviation, runningMean, runningVar, addressOr0(weight), addressOr0(bias)],
        ...[scale, shift, channels, perSample, block, { float: numberOf(node.attributes, 'eps') }],
        ...[{ float: 0 }, { float: 1 }],
      ],
      Math.ceil(channels / channelsPerChunk),
    );
    const places = [address(x), address(outputs[0]), mean, scale, shift];
    call('batchNorm_apply', [...places, channels, perSample, block, ...limitsOf(epilogue)], blocks);
  },
};
