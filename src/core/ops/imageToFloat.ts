import { invalid } from '../errors.ts';
import { describeType } from '../graph/graph.ts';
import type { Attributes, Op } from '../graph/op.ts';
import { batched, expectCount, listOf, subjectOf } from './checks.ts';

/** The float32 factors of a channel: value = pixel · scale + offset. What every backend computes, exactly. */
export function imageScales(attributes: Attributes): { scale: Float32Array; offset: Float32Array } {
  const mean = listOf(attributes, 'mean');
  const std = listOf(attributes, 'std', mean.length);
  return {
    scale: Float32Array.from(std, (deviation) => 1 / (255 * deviation)),
    offset: Float32Array.from(std, (deviation, c) => -mean[c] / deviation),
  };
}

/**
 * Pixels 0 … 255 to normalised numbers: (pixel / 255 - mean) / std of each channel. Input: uint8 [height, width,
 * channels]. Attributes: mean and std, one number a channel, for pixels in 0 … 1.
 */
export const imageToFloat: Op = {
  name: 'imageToFloat',
  perSample: true,
  infer(inputs, attributes, node) {
    expectCount('imageToFloat', node, inputs, 1);
    const [x] = inputs;
    if (x.type !== 'uint8' || x.shape.length !== 3) {
      throw invalid('pixels (height x width x channels, uint8)', subjectOf('imageToFloat', node), describeType(x));
    }
    const { scale } = imageScales(attributes);
    if (scale.length !== x.shape[2]) {
      throw invalid(
        `pixels with ${scale.length} channels, as mean and std have`,
        subjectOf('imageToFloat', node),
        x.shape,
      );
    }
    return [batched(x.shape)];
  },
  reference({ node, inputs: [x], outputs: [y] }) {
    const { scale, offset } = imageScales(node.attributes);
    for (let i = 0; i < x.length; i++) y[i] = x[i] * scale[i % scale.length] + offset[i % scale.length];
  },
};
