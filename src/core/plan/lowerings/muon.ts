import { booleanOf, numberOf } from '../../ops/checks.ts';
import { matrixOf, muonScale } from '../../optimizers/muon.ts';
import { quintic } from '../../optimizers/newton-schulz.ts';
import { sizeOf } from '../../shape.ts';
import { type Argument, address, type Lowering, type LoweringContext } from '../lowering.ts';
import { elementChunks } from './cuts.ts';
import { callNorm } from './norm-of.ts';
import { macsPerChunk, tile } from './product.ts';

/** Rows that a chunk of muon_normalize and muon_update takes. */
const rowsPerChunk = 64;

/** Momentum, the iteration on a matrix whose shorter side lies last, and the step. */
export const muon: Lowering = {
  op: 'muonUpdate',
  lower(context) {
    const { node, scratch, call } = context;
    const [parameter, gradient, scalars, momentum] = node.inputs;
    const { attributes } = node;
    const { rows, columns } = matrixOf(parameter.shape);
    const elements = sizeOf(parameter.shape);
    const direction = scratch(elements * 4);
    const matrix = scratch(elements * 4);
    const nesterov = booleanOf(attributes, 'nesterov', true) ? 1 : 0;
    const share = { float: numberOf(attributes, 'momentum', 0.95) };
    const words = [address(gradient), address(momentum), direction, elements, share, nesterov];
    call('muon_direction', words, elementChunks(parameter));
    const norm = scratch(4);
    callNorm(context, [{ at: direction, elements }], norm);
    const chunks = Math.ceil(rows / rowsPerChunk);
    call('muon_normalize', [direction, norm, matrix, rows, columns], chunks);
    const orthogonal = callIteration(context, [matrix, direction], Math.max(rows, columns), Math.min(rows, columns));
    const normalizes = booleanOf(attributes, 'normalize', false);
    if (normalizes) callNorm(context, [{ at: address(parameter), elements }], norm);
    const factors = [
      { float: numberOf(attributes, 'weightDecay', 0) },
      { float: muonScale(attributes, parameter.shape) },
      { float: Math.sqrt(columns) },
    ];
    const places = [address(parameter), orthogonal, address(scalars), normalizes ? norm : 0];
    call('muon_update', [...places, rows, columns, ...factors], chunks);
  },
};

/** @param room two places for a matrix [long][short], of which the first holds it. @returns where the result lies. */
function callIteration(
  context: LoweringContext,
  room: readonly [Argument, Argument],
  long: number,
  short: number,
): Argument {
  const { node, scratch, call, threadScratch } = context;
  const [gram, square] = [scratch(short * short * 4), scratch(short * short * 4)];
  const tiles = Math.ceil(short / tile);
  const packed = scratch(tiles * tile * short * 4);
  const strips = Math.ceil(short / 4);
  threadScratch(4 * (short * 4 + 32));
  const { a, b, c } = quintic;
  let [from, to] = room;
  for (let left = numberOf(node.attributes, 'steps', 5); left > 0; left--) {
    call('muon_gram', [from, gram, long, short], strips);
    call('muon_gram', [gram, square, short, short], strips);
    call('muon_factors', [gram, square, packed, short, { float: a }, { float: b }, { float: c }], tiles);
    callTimes(context, from, packed, to, long, short);
    [from, to] = [to, from];
  }
  return from;
}

/** y = x · factors by the convolution's kernel: the rows are the pixels of one image, whatever the batch. */
function callTimes(
  { call }: LoweringContext,
  x: Argument,
  packed: Argument,
  y: Argument,
  rows: number,
  depth: number,
): void {
  const tiles = Math.ceil(depth / tile);
  const offsets = { table: Int32Array.from({ length: rows }, (_, row) => row * depth * 4) };
  const pixels = Math.min(rows, Math.max(4, Math.floor(macsPerChunk / (depth * depth) / 4) * 4));
  const blocks = Math.ceil(rows / pixels);
  const zeros = { table: new Int32Array(depth) };
  const image = [0, 0, rows, 1, depth, depth, 0];
  const cut = [pixels, blocks, tiles, 1, tiles, tiles];
  call('conv2d_forward', [x, packed, 0, y, offsets, offsets, zeros, ...image, ...cut, 0, 0, 0, 0, 0], blocks);
}
