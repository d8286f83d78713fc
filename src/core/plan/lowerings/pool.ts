import { bytesPerElement, type GraphNode, type Value } from '../../graph/graph.ts';
import { windowOf } from '../../ops/window.ts';
import { isHalving } from '../fuse.ts';
import { address, addressOr0, type Lowering } from '../lowering.ts';

/** The 13 words of a window's geometry; see kernels/pool.ts. */
function geometryWords(node: GraphNode, x: Value, y: Value): number[] {
  const { kernelSize, stride, padding, dilation } = windowOf(node.attributes);
  return [...x.shape, y.shape[0], y.shape[1], ...kernelSize, ...stride, padding[0], padding[2], ...dilation];
}

const maxPool2d: Lowering = {
  op: 'maxPool2d',
  lower({ node, outputs: [y, places], call }) {
    const [x] = node.inputs;
    const [from, to] = [address(x), address(y)];
    const kept = addressOr0(places);
    if (isHalving(node)) call('maxPool2d_forward_2x2', [from, to, ...x.shape, kept], (n) => n * y.shape[0]);
    else {
      const words = [...geometryWords(node, x, y), kept, bytesPerElement[places?.type ?? 'uint8']];
      call('maxPool2d_forward', [from, to, ...words], (n) => n * y.shape[0]);
    }
  },
};

const maxPool2dBackward: Lowering = {
  op: 'maxPool2dBackward',
  lower({ node, outputs: [gradX], call }) {
    const [places, gradient] = node.inputs;
    const words = [address(places), address(gradient), address(gradX)];
    if (isHalving(node)) call('maxPool2d_backward_2x2', [...words, ...gradX.shape], (n) => n * gradient.shape[0]);
    else {
      const geometry = geometryWords(node, gradX, gradient);
      call('maxPool2d_backward', [...words, ...geometry, bytesPerElement[places.type]], (n) => n);
    }
  },
};

export const poolLowerings: readonly Lowering[] = [maxPool2d, maxPool2dBackward];
