import { bytesPerElement, type GraphNode, type Value } from '../../graph/graph.ts';
import type { Attributes } from '../../graph/op.ts';
import { booleanOf } from '../../ops/checks.ts';
import { windowOf } from '../../ops/window.ts';
import type { Shape } from '../../shape.ts';
import { isHalving } from '../fuse.ts';
import { address, addressOr0, type Lowering, type LoweringContext } from '../lowering.ts';
import { adjoint, mixPixels, type PixelWeight } from './pixelMix.ts';

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

/** The pixels of each window of avgPool2d with their share of its mean. */
function* windowShares(attributes: Attributes, input: Shape, output: Shape): Iterable<PixelWeight> {
  const { kernelSize, stride, padding } = windowOf(attributes);
  const countIncludePad = booleanOf(attributes, 'countIncludePad', true);
  for (let oy = 0; oy < output[0]; oy++) {
    for (let ox = 0; ox < output[1]; ox++) {
      const [rows, columns] = [oy, ox].map((place, axis) => {
        const start = place * stride[axis] - padding[2 * axis];
        const end = start + kernelSize[axis];
        const from = Math.max(0, start);
        const to = Math.min(input[axis], end);
        // Even with padding counted, what ceilMode adds beyond the padding does not count (PyTorch's rule).
        const padded = Math.min(input[axis] + padding[2 * axis + 1], end) - start;
        return { from, to, count: countIncludePad ? padded : to - from };
      });
      const share = 1 / (rows.count * columns.count);
      for (let y = rows.from; y < rows.to; y++) {
        for (let x = columns.from; x < columns.to; x++) yield [oy * output[1] + ox, y * input[1] + x, share];
      }
    }
  }
}

/** The pixels of each window of adaptiveAvgPool2d with their share of its mean. */
function* adaptiveShares([height, width]: Shape, [rows, columns]: Shape): Iterable<PixelWeight> {
  for (let oy = 0; oy < rows; oy++) {
    const top = Math.floor((oy * height) / rows);
    const bottom = Math.ceil(((oy + 1) * height) / rows);
    for (let ox = 0; ox < columns; ox++) {
      const left = Math.floor((ox * width) / columns);
      const right = Math.ceil(((ox + 1) * width) / columns);
      const share = 1 / ((bottom - top) * (right - left));
      for (let y = top; y < bottom; y++) {
        for (let x = left; x < right; x++) yield [oy * columns + ox, y * width + x, share];
      }
    }
  }
}

/** An op that mixes pixels and its gradient; `weights` of (large, pooled) shapes of the forward op. */
function means(op: string, weights: (attributes: Attributes, x: Shape, y: Shape) => Iterable<PixelWeight>): Lowering[] {
  return [
    {
      op,
      lower(context: LoweringContext) {
        const [x] = context.node.inputs;
        const [y] = context.outputs;
        mixPixels(context, x, y, weights(context.node.attributes, x.shape, y.shape));
      },
    },
    {
      op: `${op}Backward`,
      lower(context: LoweringContext) {
        const [gradient] = context.node.inputs;
        const [gradX] = context.outputs;
        mixPixels(context, gradient, gradX, adjoint(weights(context.node.attributes, gradX.shape, gradient.shape)));
      },
    },
  ];
}

export const poolLowerings: readonly Lowering[] = [
  maxPool2d,
  maxPool2dBackward,
  ...means('avgPool2d', windowShares),
  ...means('adaptiveAvgPool2d', (_attributes, x, y) => adaptiveShares(x, y)),
  ...means('globalAvgPool2d', (_attributes, x) => adaptiveShares(x, [1, 1])),
];
