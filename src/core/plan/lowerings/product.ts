import type { Value } from '../../graph/graph.ts';
import { sizeOf } from '../../shape.ts';
import { type Argument, address, addressOr0, epilogueCode, type LoweringContext } from '../lowering.ts';

/** Multiply-adds of a chunk of a convolution: about 0.1 ms, long beside a barrier and short beside a step. */
export const macsPerChunk = 2e6;

/** Channels in one register tile of the kernels. */
export const tile = 8;

/** Where a convolution's or linear layer's weights [rows][outputs] and bias lie; bias 0 where there is none. */
export interface Weights {
  readonly weight: Argument;
  readonly bias: Argument;
}

/** The node's weights and bias, with the scale and shift folded in that it absorbed. */
export function foldWeights(context: LoweringContext): Weights {
  const { node, affine, prepared, prepare } = context;
  const [, weight, bias] = node.inputs;
  if (!affine) return { weight: address(weight), bias: addressOr0(bias) };
  const factors = affine();
  const outputs = weight.shape[weight.shape.length - 1];
  const rows = sizeOf(weight.shape) / outputs;
  const folded = { weight: prepared(sizeOf(weight.shape) * 4), bias: prepared(outputs * 4) };
  prepare(
    'conv2d_fold',
    [address(weight), addressOr0(bias), factors.scale, factors.shift, folded.weight, folded.bias, rows, outputs],
    Math.ceil(rows / 64),
  );
  return folded;
}

/** Packs weights [rows][outputs] and the bias for the product; a tile a chunk. */
export function packForward(
  { prepared, prepare }: LoweringContext,
  { weight, bias }: Weights,
  rows: number,
  outputs: number,
  groups: number,
): { packed: Argument; bias: Argument } {
  const groupTiles = Math.ceil(outputs / groups / tile);
  const tiles = groupTiles * groups;
  const packed = prepared(tiles * tile * rows * 4);
  const packedBias = bias === 0 ? 0 : prepared(tiles * tile * 4);
  const sizes = [rows, outputs, outputs / groups, groupTiles];
  prepare('conv2d_pack_forward', [weight, packed, ...sizes, bias, packedBias], tiles);
  return { packed, bias: packedBias };
}

/** Everything conv2d_forward needs to know beside its addresses; see its header. */
export interface Product {
  readonly x: Argument;
  readonly packed: Argument;
  readonly bias: Argument;
  readonly y: Value;
  /** Byte offsets in an image of x by pixel and tap; with halving, each four pixels are a window. */
  readonly table: Int32Array;
  /** Byte offsets in an image of y by pixel of the table. */
  readonly order: Int32Array;
  readonly xImageBytes: number;
  readonly yImageBytes: number;
  /** Of the table; 0: the batch is the pixels of one image. */
  readonly pixels: number;
  readonly taps: number;
  readonly depth: number;
  readonly groups: number;
  readonly groupOutputs: number;
  /** Byte offset between the groups' inputs. */
  readonly groupBytes: number;
  /** Bytes from any tap of a pixel to its next, where that is so for all and none is outside the picture. */
  readonly tapStep?: number;
}

export function callProduct(
  { call, epilogue, residual, halving, outputs: [, places] }: LoweringContext,
  p: Product,
): void {
  const groupTiles = Math.ceil(p.groupOutputs / tile);
  const tiles = groupTiles * p.groups;
  const flat = p.pixels === 0;
  const macsPerPixel = p.taps * p.depth * p.groupOutputs * p.groups;
  const wanted = Math.max(4, Math.floor(macsPerChunk / macsPerPixel / 4) * 4);
  // A linear layer is cut by channels, so that each chunk reads its weights once; a convolution by pixels.
  const chunkPixels = flat ? 0x7fffffff : Math.min(p.pixels, wanted);
  const imageChunks = flat ? 1 : Math.ceil(p.pixels / chunkPixels);
  // Two tiles a chunk where there are many: turbo computes two at once.
  const chunkTiles = flat ? (tiles >= 16 ? 2 : 1) : tiles;
  const channelChunks = Math.ceil(tiles / chunkTiles);
  const zeros = new Int32Array(p.depth);
  call(
    'conv2d_forward',
    [
      p.x,
      p.packed,
      p.bias,
      address(p.y),
      { table: p.table },
      { table: p.order },
      { table: zeros },
      p.xImageBytes,
      p.yImageBytes,
      p.pixels,
      p.taps,
      p.depth,
      p.groupOutputs,
      p.groupBytes,
      chunkPixels,
      imageChunks,
      chunkTiles,
      channelChunks,
      tiles,
      groupTiles,
      epilogueCode[epilogue],
      addressOr0(residual),
      halving ? 1 : 0,
      addressOr0(places),
      p.tapStep ?? 0,
    ],
    (n) => (flat ? 1 : n * imageChunks) * channelChunks,
  );
}
