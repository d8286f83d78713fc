import type { Value } from '../../graph/graph.ts';
import { booleanOf, channelsOf, listOf, numberOf } from '../../ops/checks.ts';
import { imageScales } from '../../ops/imageToFloat.ts';
import { bilinearTaps } from '../../ops/resizeBilinear.ts';
import { type Shape, sizeOf } from '../../shape.ts';
import { address, elementsPerChunk, type Lowering, type LoweringContext } from '../lowering.ts';
import { elementChunks, elementWords, floatTable, rowsOf } from './cuts.ts';
import { adjoint, mixPixels, type PixelWeight } from './pixelMix.ts';

/** Flatten of a map is a transposition of [pixels][channels]; its gradient that of [channels][pixels]. */
function flatten({ node, outputs: [y], call }: LoweringContext, map: Value, back: boolean): void {
  const [x] = node.inputs;
  const channels = channelsOf(map);
  const pixels = sizeOf(map.shape) / channels;
  if (map.shape.length !== 3 || pixels === 1) {
    call('copy_forward', [address(x), address(y), ...elementWords(y)], elementChunks(y));
    return;
  }
  const sizes = back ? [channels, pixels] : [pixels, channels];
  call('transpose_forward', [address(x), address(y), ...sizes], (n) => n);
}

/** Copies channels xBegin … of x to channels yBegin … of y. */
function copyChannels(
  { call }: LoweringContext,
  x: Value,
  xBegin: number,
  y: Value,
  yBegin: number,
  count: number,
): void {
  const rows = sizeOf(y.shape) / channelsOf(y);
  const block = Math.max(1, Math.floor(elementsPerChunk / count));
  const words = [channelsOf(x), xBegin, channelsOf(y), yBegin, count, rows, y.batched ? 1 : 0, block];
  call('copy_channels', [address(x), address(y), ...words], (n) => Math.ceil((y.batched ? n * rows : rows) / block));
}

function* paddingWeights(
  [height, width]: Shape,
  [, outerWidth]: Shape,
  [top, , left]: readonly number[],
): Iterable<PixelWeight> {
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) yield [(y + top) * outerWidth + x + left, y * width + x, 1];
  }
}

function* nearestWeights([height, width]: Shape, [rows, columns]: readonly number[]): Iterable<PixelWeight> {
  for (let y = 0; y < height * rows; y++) {
    for (let x = 0; x < width * columns; x++) {
      yield [y * width * columns + x, Math.floor(y / rows) * width + Math.floor(x / columns), 1];
    }
  }
}

function* bilinearWeights(input: Shape, [rows, columns]: Shape, antialias: boolean): Iterable<PixelWeight> {
  const vertical = bilinearTaps(input[0], rows, antialias);
  const horizontal = bilinearTaps(input[1], columns, antialias);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      for (const [j, rowWeight] of vertical[y].weights.entries()) {
        for (const [i, columnWeight] of horizontal[x].weights.entries()) {
          const pixel = (vertical[y].first + j) * input[1] + horizontal[x].first + i;
          yield [y * columns + x, pixel, rowWeight * columnWeight];
        }
      }
    }
  }
}

/** An op that mixes pixels, `small` being the shape before padding or resizing, and its gradient. */
function mixing(
  op: string,
  weights: (context: LoweringContext, small: Shape, large: Shape) => Iterable<PixelWeight>,
): Lowering[] {
  return [
    {
      op,
      lower(context) {
        const [x] = context.node.inputs;
        const [y] = context.outputs;
        mixPixels(context, x, y, weights(context, x.shape, y.shape));
      },
    },
    {
      op: `${op}Backward`,
      lower(context) {
        const [gradient] = context.node.inputs;
        const [gradX] = context.outputs;
        mixPixels(context, gradient, gradX, adjoint(weights(context, gradX.shape, gradient.shape)));
      },
    },
  ];
}

export const structureLowerings: readonly Lowering[] = [
  { op: 'flatten', lower: (context) => flatten(context, context.node.inputs[0], false) },
  { op: 'flattenBackward', lower: (context) => flatten(context, context.outputs[0], true) },
  {
    op: 'concat',
    lower(context) {
      let begin = 0;
      for (const input of context.node.inputs) {
        copyChannels(context, input, 0, context.outputs[0], begin, channelsOf(input));
        begin += channelsOf(input);
      }
    },
  },
  {
    op: 'concatBackward',
    lower(context) {
      const [gradient] = context.node.inputs;
      const [y] = context.outputs;
      copyChannels(context, gradient, numberOf(context.node.attributes, 'begin'), y, 0, channelsOf(y));
    },
  },
  ...mixing('zeroPad2d', ({ node }, small, large) =>
    paddingWeights(small, large, listOf(node.attributes, 'padding', 4)),
  ),
  ...mixing('resizeNearest', ({ node }, small) => nearestWeights(small, listOf(node.attributes, 'scale', 2))),
  ...mixing('resizeBilinear', ({ node }, x, y) =>
    bilinearWeights(x, y, booleanOf(node.attributes, 'antialias', false)),
  ),
  {
    op: 'imageToFloat',
    lower({ node, outputs: [y], call }) {
      const { channels } = rowsOf(y);
      const { scale, offset } = imageScales(node.attributes);
      const table = floatTable(
        [scale, offset].flatMap((factors) => Array.from({ length: 4 }, () => [...factors]).flat()),
      );
      const chunk = Math.max(1, Math.floor(elementsPerChunk / (4 * channels))) * 4 * channels;
      const elements = sizeOf(y.shape);
      call('imageToFloat_forward', [address(node.inputs[0]), address(y), table, channels, elements, chunk], (n) =>
        Math.ceil((n * elements) / chunk),
      );
    },
  },
];
