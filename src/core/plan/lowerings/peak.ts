import { numberOf } from '../../ops/checks.ts';
import { address, type Lowering } from '../lowering.ts';

export const peakLowerings: readonly Lowering[] = [
  {
    op: 'multiplyAddPeak',
    lower({ node, outputs: [y], call }) {
      const [x, w] = node.inputs;
      const words = [x.shape[1], numberOf(node.attributes, 'repeats')];
      call('multiplyAddPeak_forward', [address(x), address(w), address(y), ...words], (n) => n);
    },
  },
  {
    op: 'winogradProducts',
    lower({ node, outputs: [m], call }) {
      const [v, u] = node.inputs;
      const [, tiles, inputs] = v.shape;
      const words = [tiles, inputs, m.shape[2], numberOf(node.attributes, 'repeats')];
      call('winogradProducts_forward', [address(v), address(u), address(m), ...words], (n) => n);
    },
  },
];
