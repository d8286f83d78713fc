import type { Op } from '../graph/op.ts';
import type { Shape } from '../shape.ts';
import { batched, booleanOf, expectCount, expectExactly, expectFeatureMap, listOf } from './checks.ts';

/** The input positions that one output position mixes: weights[i] belongs to position first + i. */
export interface Taps {
  readonly first: number;
  readonly weights: readonly number[];
}

/**
 * Linear interpolation along one axis, pixel centres at half positions (align_corners false). With antialias and a
 * smaller output the triangle is as wide as the step (as PIL and PyTorch do); else two neighbours mix.
 */
export function bilinearTaps(input: number, output: number, antialias: boolean): Taps[] {
  const step = input / output;
  const width = antialias ? Math.max(1, step) : 1;
  return Array.from({ length: output }, (_, i) => {
    const center = (i + 0.5) * step;
    if (antialias) {
      const first = Math.max(0, Math.floor(center - width + 0.5));
      const end = Math.min(input, Math.floor(center + width + 0.5));
      const raw = Array.from({ length: end - first }, (_, j) =>
        Math.max(0, 1 - Math.abs(first + j + 0.5 - center) / width),
      );
      const sum = raw.reduce((a, b) => a + b, 0);
      return { first, weights: raw.map((weight) => weight / sum) };
    }
    const position = Math.max(0, center - 0.5);
    const first = Math.min(Math.floor(position), input - 1);
    const second = position - first;
    return { first, weights: first + 1 < input ? [1 - second, second] : [1] };
  });
}

/** Calls back for every (output element, input element it mixes) with the weight. */
function forEachTap(
  n: number,
  [height, width, channels]: Shape,
  [rows, columns]: Shape,
  antialias: boolean,
  visit: (output: number, input: number, weight: number) => void,
): void {
  const vertical = bilinearTaps(height, rows, antialias);
  const horizontal = bilinearTaps(width, columns, antialias);
  for (let image = 0; image < n; image++) {
    for (let oy = 0; oy < rows; oy++) {
      for (let ox = 0; ox < columns; ox++) {
        const output = ((image * rows + oy) * columns + ox) * channels;
        vertical[oy].weights.forEach((rowWeight, j) => {
          horizontal[ox].weights.forEach((columnWeight, i) => {
            const input = ((image * height + vertical[oy].first + j) * width + horizontal[ox].first + i) * channels;
            for (let c = 0; c < channels; c++) visit(output + c, input + c, rowWeight * columnWeight);
          });
        });
      }
    }
  }
}

/** Bilinear resizing. Input: x [height, width, channels]. Attributes: size [rows, columns], antialias (default false). */
export const resizeBilinear: Op = {
  name: 'resizeBilinear',
  perSample: true,
  infer(inputs, attributes, node) {
    expectCount('resizeBilinear', node, inputs, 1);
    expectFeatureMap('resizeBilinear', node, inputs[0]);
    return [batched([...listOf(attributes, 'size', 2), inputs[0].shape[2]])];
  },
  gradient({ graph, node, outputGradients: [gradient] }) {
    if (!gradient) return [];
    const attributes = { ...node.attributes, inputShape: node.inputs[0].shape };
    return graph.apply(resizeBilinearBackward, [gradient], attributes, `${node.name}.gradInput`);
  },
  reference({ n, node, inputs: [x], outputs: [y] }) {
    const antialias = booleanOf(node.attributes, 'antialias', false);
    y.fill(0);
    forEachTap(n, node.inputs[0].shape, node.outputs[0].shape, antialias, (output, input, weight) => {
      y[output] += x[input] * weight;
    });
  },
};

/** Gradient of resizeBilinear. Input: gradOutput; attributes of resizeBilinear and inputShape. */
export const resizeBilinearBackward: Op = {
  name: 'resizeBilinearBackward',
  infer(inputs, attributes, node) {
    expectCount('resizeBilinearBackward', node, inputs, 1);
    const input = listOf(attributes, 'inputShape', 3);
    const expected = batched([...listOf(attributes, 'size', 2), input[2]]);
    expectExactly('resizeBilinearBackward', node, 'gradOutput', inputs[0], expected);
    return [batched(input)];
  },
  reference({ n, node, inputs: [gradient], outputs: [gradX] }) {
    const antialias = booleanOf(node.attributes, 'antialias', false);
    gradX.fill(0);
    forEachTap(n, node.outputs[0].shape, node.inputs[0].shape, antialias, (output, input, weight) => {
      gradX[input] += gradient[output] * weight;
    });
  },
};
