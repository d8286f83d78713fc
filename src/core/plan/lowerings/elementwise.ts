import { elementCount } from '../../graph/graph.ts';
import { numberOf } from '../../ops/checks.ts';
import { address, type Lowering } from '../lowering.ts';
import { elementChunks, elementWords, rowsOf } from './cuts.ts';

const add: Lowering = {
  op: 'add',
  epilogues: ['relu', 'relu6'],
  lower({ node, outputs: [y], epilogue, call }) {
    const kernel = epilogue === 'none' ? 'add_forward' : `add_forward_${epilogue}`;
    call(kernel, [...node.inputs.map(address), address(y), ...elementWords(y), 0], elementChunks(y));
  },
};

const multiply: Lowering = {
  op: 'multiply',
  lower({ node, outputs: [y], call }) {
    const [a, b] = node.inputs;
    if (a.batched === b.batched && elementCount(a, 1) === elementCount(b, 1)) {
      call('multiply_forward', [address(a), address(b), address(y), ...elementWords(y), 0], elementChunks(y));
      return;
    }
    const { channels, perSample, block } = rowsOf(y);
    call(
      'multiply_channels',
      [address(a), address(b), address(y), channels, perSample, block, b.batched ? channels : 0],
      (n) => n * Math.ceil(perSample / block),
    );
  },
};

const multiplyBackwardScale: Lowering = {
  op: 'multiplyBackwardScale',
  lower({ node, outputs: [sum], call }) {
    const { channels, perSample } = rowsOf(node.inputs[0]);
    call('multiply_backward_scale', [...node.inputs.map(address), address(sum), channels, perSample], (n) => n);
  },
};

const constant: Lowering = {
  op: 'constant',
  lower({ node, outputs: [y], call }) {
    const value = { float: numberOf(node.attributes, 'value') };
    call('constant_fill', [address(y), ...elementWords(y), value], elementChunks(y));
  },
};

export const elementwiseLowerings: readonly Lowering[] = [add, multiply, multiplyBackwardScale, constant];
