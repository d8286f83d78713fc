import { channelsOf, numberOf } from '../../ops/checks.ts';
import { imageScales } from '../../ops/imageToFloat.ts';
import { sizeOf } from '../../shape.ts';
import type { Arithmetic } from './arithmetic.ts';
import { element, number, product, sum } from './expression.ts';

/** Place in [height, width, channels] order of element `at` in [channels, height, width] order, and back. */
function transposed(shape: readonly number[], at: number, back: boolean): number {
  if (shape.length !== 3) return at;
  const size = sizeOf(shape);
  const channels = shape[2];
  const pixels = size / channels;
  const inImage = at % size;
  const other = back
    ? (inImage % channels) * pixels + Math.floor(inImage / channels)
    : (inImage % pixels) * channels + Math.floor(inImage / pixels);
  return at - inImage + other;
}

const flatten: Arithmetic = {
  op: 'flatten',
  formula: 'a copy',
  expressionOf: ({ node, element: at }) => element(0, transposed(node.inputs[0].shape, at, false)),
};

const flattenBackward: Arithmetic = {
  op: 'flattenBackward',
  formula: 'a copy',
  expressionOf: ({ node, element: at }) => element(0, transposed(node.outputs[0].shape, at, true)),
};

const concat: Arithmetic = {
  op: 'concat',
  formula: 'a copy',
  expressionOf({ node, element: at }) {
    const channels = channelsOf(node.outputs[0]);
    const row = Math.floor(at / channels);
    let channel = at % channels;
    let input = 0;
    for (; channel >= channelsOf(node.inputs[input]); input++) channel -= channelsOf(node.inputs[input]);
    return element(input, row * channelsOf(node.inputs[input]) + channel);
  },
};

const concatBackward: Arithmetic = {
  op: 'concatBackward',
  formula: 'a copy',
  expressionOf({ node, element: at }) {
    const own = channelsOf(node.outputs[0]);
    const row = Math.floor(at / own);
    return element(0, row * channelsOf(node.inputs[0]) + numberOf(node.attributes, 'begin') + (at % own));
  },
};

const imageToFloat: Arithmetic = {
  op: 'imageToFloat',
  formula: 'pixel · 1 / (255 std) - mean / std',
  expressionOf({ node, element: at }) {
    const { scale, offset } = imageScales(node.attributes);
    const c = at % scale.length;
    return sum([product(element(0, at), number(scale[c], '1 / (255 std)')), number(offset[c], '-mean / std')]);
  },
};

export const structureArithmetic: readonly Arithmetic[] = [
  flatten,
  flattenBackward,
  concat,
  concatBackward,
  imageToFloat,
];
