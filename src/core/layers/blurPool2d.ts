import { avgPool2d } from '../ops/avgPool2d.ts';
import { expectFeatureMap } from '../ops/checks.ts';
import { zeroPad2d } from '../ops/zeroPad2d.ts';
import type { Layer, OptionValues } from './layer.ts';
import { numberOption } from './options.ts';

/** [before, after] of zeros at each side, so that ceil(size / stride) positions are kept. */
export const blurPadding = (options: OptionValues): readonly [before: number, after: number] => {
  const around = numberOption(options, 'kernelSize') - 1;
  return [Math.floor(around / 2), Math.ceil(around / 2)];
};

/**
 * Anti-aliased pooling (Zhang, "Making convolutional networks shift-invariant again", ICML 2019): each channel is blurred
 * by a binomial filter before it is sampled, so that a shift of the picture by a pixel changes the samples little. A
 * binomial filter of size k is k - 1 means of 2x2 in a row. What lies outside is 0 (Zhang reflects the border). After
 * `maxPool2d` with stride 1 it makes an anti-aliased max pooling.
 */
export const blurPool2d = {
  type: 'blurPool2d',
  aliases: ['blurpool'],
  positional: ['kernelSize'],
  idPrefix: 'blurpool',
  doc: 'Blurs each channel before taking every second position: a smaller feature map that hardly changes when the picture shifts by a pixel.',
  inputs: 1,
  options: {
    kernelSize: { type: 'integer', default: 3, minimum: 2, maximum: 7, doc: 'Size of the binomial filter.' },
    stride: { type: 'integer', default: 2, minimum: 1, maximum: 8, doc: 'Every how many-th position is kept.' },
  },
  build({ inputs, id, apply }, options) {
    expectFeatureMap('blurPool2d', id, inputs[0]);
    const [before, after] = blurPadding(options);
    const passes = numberOption(options, 'kernelSize') - 1;
    const stride = numberOption(options, 'stride');
    let value = apply(zeroPad2d, inputs, { padding: [before, after, before, after] }, 'padded')[0];
    for (let pass = 1; pass <= passes; pass++) {
      const last = pass === passes;
      const step = last ? stride : 1;
      const attributes = { kernelSize: [2, 2], stride: [step, step], padding: [0, 0, 0, 0], ceilMode: false };
      [value] = apply(avgPool2d, [value], { ...attributes, countIncludePad: true }, last ? undefined : `blur${pass}`);
    }
    return value;
  },
  window(options) {
    const [size, stride] = [numberOption(options, 'kernelSize'), numberOption(options, 'stride')];
    const [before] = blurPadding(options);
    return { kernelSize: [size, size], stride: [stride, stride], padding: [before, before], dilation: [1, 1] };
  },
} as const satisfies Layer;
