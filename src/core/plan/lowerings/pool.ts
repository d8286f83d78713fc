import type { GraphNode, Value } from '../../graph/graph.ts';
import { windowOf } from '../../ops/window.ts';
import { isHalving } from '../fuse.ts';
import { address, type Lowering } from '../lowering.ts';

/** The 13 words of a window's geometry; see kernels/pool.ts. */
function geometryWords(node: GraphNode, x: Value, y: Value): number[] {
  const { kernelSize, stride, padding, dilation } = windowOf(node.attributes);
  return [...x.shape, y.shape[0], y.shape[1], ...kernelSize, ...stride, padding[0], padding[2], ...dilation];
}

const maxPool2d: Lowering = {
  op: 'maxPool2d',
  lower({ node, outputs: [y], call }) {
    const [x] = node.inputs;
    const places = [address(x), address(y)];
    if (isHalving(node)) call('maxPool2d_forward_2x2', [...places, ...x.shape], (n) => n * y.shape[0]);
    else call('maxPool2d_forward', [...places, ...geometryWords(node, x, y)], (n) => n * y.shape[0]);
  },
};

const maxPool2dBackward: Lowering = {
  op: 'maxPool2dBackward',
  lower({ node, outputs: [gradX], call }) {
    const [x, gradient] = node.inputs;
    const places = [address(x), address(gradient), address(gradX)];
    if (isHalving(node)) call('maxPool2d_backward_2x2', [...places, ...x.shape], (n) => n * gradient.shape[0]);
    else call('maxPool2d_backward', [...places, ...geometryWords(node, x, gradient)], (n) => n);
  },
};

export const poolLowerings: readonly Lowering[] = [maxPool2d, maxPool2dBackward];
