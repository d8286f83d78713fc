import type { Op } from '../graph/op.ts';
import { expectCount, expectExactly, numberOf, unbatched } from '../ops/checks.ts';

/** The L2 norm of all gradients together. Inputs: one or more unbatched values. Output: []. */
export const gradientNorm: Op = {
  name: 'gradientNorm',
  infer(inputs, _attributes, node) {
    expectCount('gradientNorm', node, inputs, 1, Infinity);
    for (const input of inputs) expectExactly('gradientNorm', node, 'gradient', input, unbatched(input.shape));
    return [unbatched([])];
  },
  reference({ inputs, outputs: [norm] }) {
    let squares = 0;
    for (const input of inputs) for (const value of input) squares += value * value;
    norm[0] = Math.sqrt(squares);
  },
};

/** The factor that brings a norm down to maxNorm: min(1, maxNorm / (norm + 1e-6)). Input: norm []. Attribute: maxNorm. */
export const clipScale: Op = {
  name: 'clipScale',
  infer(inputs, _attributes, node) {
    expectCount('clipScale', node, inputs, 1);
    expectExactly('clipScale', node, 'norm', inputs[0], unbatched([]));
    return [unbatched([])];
  },
  reference({ node, inputs: [norm], outputs: [scale] }) {
    scale[0] = Math.min(1, numberOf(node.attributes, 'maxNorm') / (norm[0] + 1e-6));
  },
};

/** Multiplies a value by a number, in place. Inputs: target (written), scale []. No outputs. */
export const scaleInPlace: Op = {
  name: 'scaleInPlace',
  mutates: [0],
  infer(inputs, _attributes, node) {
    expectCount('scaleInPlace', node, inputs, 2);
    expectExactly('scaleInPlace', node, 'scale', inputs[1], unbatched([]));
    return [];
  },
  reference({ inputs: [target, scale] }) {
    for (let i = 0; i < target.length; i++) target[i] *= scale[0];
  },
};

/** Brings each element into ±limit, in place; what is no number stays so. Input: target (written). Attribute: limit. No outputs. */
export const clipValue: Op = {
  name: 'clipValue',
  mutates: [0],
  infer(inputs, _attributes, node) {
    expectCount('clipValue', node, inputs, 1);
    return [];
  },
  reference({ node, inputs: [target] }) {
    const limit = numberOf(node.attributes, 'limit');
    for (let i = 0; i < target.length; i++) target[i] = Math.min(limit, Math.max(-limit, target[i]));
  },
};
