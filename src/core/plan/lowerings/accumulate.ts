import { sizeOf } from '../../shape.ts';
import { address, type Lowering } from '../lowering.ts';
import { elementChunks, elementWords } from './cuts.ts';

/** Two passes over memory that an optimizer's update reads anyway. */
export const accumulateLowering: Lowering = {
  op: 'accumulate',
  lower({ node, call }) {
    const [sum, term, keep] = node.inputs;
    const chunks = elementChunks(sum);
    call('scaleInPlace_forward', [address(sum), address(keep), sizeOf(sum.shape)], chunks);
    call('add_forward', [address(sum), address(term), address(sum), ...elementWords(sum), 0], chunks);
  },
};
