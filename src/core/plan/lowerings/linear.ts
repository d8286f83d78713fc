import { address, type Lowering } from '../lowering.ts';
import { cutWeightGradient, sumParts } from './partials.ts';
import { callProduct, foldWeights, packForward } from './product.ts';

/** A linear layer is a convolution with one tap over an image whose pixels are the batch. */
const offsets = (count: number, features: number): Int32Array =>
  Int32Array.from({ length: count }, (_, i) => i * features * 4);

const linearForward: Lowering = {
  op: 'linear',
  epilogues: ['relu', 'relu6'],
  absorbs: ['affine', 'residual'],
  lower(context) {
    const { node, outputs, capacity } = context;
    const [x, weight] = node.inputs;
    const [features, units] = weight.shape;
    const packed = packForward(context, foldWeights(context), features, units, 1);
    callProduct(context, {
      x: address(x),
      ...packed,
      y: outputs[0],
      table: offsets(capacity, features),
      order: offsets(capacity, units),
      xImageBytes: 0,
      yImageBytes: 0,
      pixels: 0,
      taps: 1,
      depth: features,
      groups: 1,
      groupOutputs: units,
      groupBytes: 0,
    });
  },
};

const linearBackwardInput: Lowering = {
  op: 'linearBackwardInput',
  lower(context) {
    const { node, outputs, capacity, prepared, prepare } = context;
    const [gradient, weight] = node.inputs;
    const [features, units] = weight.shape;
    const tiles = Math.ceil(features / 8);
    const packed = prepared(tiles * 8 * units * 4);
    prepare('conv2d_pack_backward', [address(weight), packed, 1, features, units, units, tiles], tiles);
    callProduct(context, {
      x: address(gradient),
      packed,
      bias: 0,
      y: outputs[0],
      table: offsets(capacity, units),
      order: offsets(capacity, features),
      xImageBytes: 0,
      yImageBytes: 0,
      pixels: 0,
      taps: 1,
      depth: units,
      groups: 1,
      groupOutputs: features,
      groupBytes: 0,
    });
  },
};

const linearBackwardWeight: Lowering = {
  op: 'linearBackwardWeight',
  lower(context) {
    const { node, outputs, capacity, call } = context;
    const [x, gradient] = node.inputs;
    const [gradWeight] = outputs;
    const [features, units] = gradWeight.shape;
    const { blockRows } = cutWeightGradient(capacity, 1, features, true);
    const blocks = Math.ceil(features / blockRows);
    sumParts(context, gradWeight, 1, (partials) =>
      call(
        'conv2d_backward_weight',
        [
          address(x),
          address(gradient),
          partials,
          { table: offsets(capacity, features) },
          0,
          0,
          0,
          0,
          1,
          features,
          units,
          1,
          capacity,
          blockRows,
          blocks,
          units,
          capacity,
          ...[1, 1, capacity],
        ],
        blocks,
      ),
    );
  },
};

export const linearLowerings: readonly Lowering[] = [linearForward, linearBackwardInput, linearBackwardWeight];
