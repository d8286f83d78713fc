import type { Value } from '../../graph/graph.ts';
import { channelsOf } from '../../ops/checks.ts';
import { sizeOf } from '../../shape.ts';
import { address, elementsPerChunk, type Lowering, type LoweringContext } from '../lowering.ts';
import { adjoint, type PixelWeight, pixelWeights } from './pixelWeights.ts';

const pixelsOf = (value: Value): number => sizeOf(value.shape) / channelsOf(value);

/** Calls `mixPixels`: each pixel of y is the sum of pixels of x with these weights, in their order. */
function mixPixels({ call }: LoweringContext, x: Value, y: Value, weights: Iterable<PixelWeight>): void {
  const channels = channelsOf(x);
  const pixels = pixelsOf(y);
  const list = [...weights];
  const table = new Int32Array(pixels + 1 + 2 * list.length);
  const floats = new Float32Array(table.buffer);
  for (const [output] of list) table[output + 1]++;
  for (let pixel = 0; pixel < pixels; pixel++) table[pixel + 1] += table[pixel];
  const next = table.slice(0, pixels);
  for (const [output, input, weight] of list) {
    const at = pixels + 1 + 2 * next[output]++;
    table[at] = input * channels * 4;
    floats[at + 1] = weight;
  }
  const perPixel = channels * Math.max(1, list.length / pixels);
  const block = Math.min(pixels, Math.max(1, Math.floor(elementsPerChunk / perPixel)));
  const words = [channels, pixelsOf(x), pixels, block];
  call('mixPixels', [address(x), address(y), { table }, ...words], (n) => n * Math.ceil(pixels / block));
}

/** The ops of the list, and their gradients. */
export const mixingLowerings: readonly Lowering[] = [...pixelWeights].flatMap(([op, weights]): Lowering[] => [
  {
    op,
    lower(context) {
      const [x] = context.node.inputs;
      const [y] = context.outputs;
      mixPixels(context, x, y, weights(context.node.attributes, x.shape, y.shape));
    },
  },
  {
    op: `${op}Backward`,
    lower(context) {
      const [gradient] = context.node.inputs;
      const [gradX] = context.outputs;
      mixPixels(context, gradient, gradX, adjoint(weights(context.node.attributes, gradX.shape, gradient.shape)));
    },
  },
]);
