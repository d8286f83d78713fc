import type { Value } from '../../graph/graph.ts';
import { channelsOf, numberOf } from '../../ops/checks.ts';
import { imageScales } from '../../ops/imageToFloat.ts';
import { sizeOf } from '../../shape.ts';
import { address, elementsPerChunk, type Lowering, type LoweringContext } from '../lowering.ts';
import { elementChunks, elementWords, floatTable, rowsOf } from './cuts.ts';

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
