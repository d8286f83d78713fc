import { elementOf, layerOf } from '../layers.ts';
import { normal } from '../noise.ts';
import { toPixels } from '../session.ts';
import { given, type Method } from './method.ts';

/** Every so many steps the picture is smoothed, so that no noise of single pixels grows. */
const smoothEvery = 4;
/** Shrinks the picture towards the mean colour at each step. */
const decay = 0.01;
const stepSize = 0.1;

/** Each number becomes half itself and half the mean of its four neighbours. */
function smooth(input: Float32Array, height: number, width: number, channels: number): Float32Array {
  const at = (y: number, x: number, c: number): number =>
    input[(Math.max(0, Math.min(height - 1, y)) * width + Math.max(0, Math.min(width - 1, x))) * channels + c];
  return input.map((value, i) => {
    const c = i % channels;
    const x = Math.floor(i / channels) % width;
    const y = Math.floor(i / channels / width);
    return 0.5 * value + 0.125 * (at(y - 1, x, c) + at(y + 1, x, c) + at(y, x - 1, c) + at(y, x + 1, c));
  });
}

export const activationMaximisation: Method = {
  name: 'activation-maximisation',
  title: 'Activation maximisation',
  shows: 'A picture made up so that a unit answers most: by going uphill from noise along its gradient.',
  limits: 'Such pictures are no photographs; another start or another way of smoothing gives another picture.',
  source: 'Erhan et al., 2009; Yosinski et al., "Understanding Neural Networks Through Deep Visualization", 2015',
  needs: { unit: true },
  takes: ['steps', 'seed'],
  async run(explainer, _picture, options) {
    const unit = given(options.unit, 'a unit');
    const { steps = 128, seed = 1, signal, onProgress } = options;
    const layer = layerOf(explainer.layers, unit.layer);
    const { shape } = layer;
    // A channel without a place is taken in the middle, where it sees most.
    const place = shape.length === 3 ? { y: shape[0] >> 1, x: shape[1] >> 1 } : {};
    const element = elementOf(layer, { ...place, ...unit });
    const seeds = new Float32Array(shape.reduce((product, size) => product * size, 1));
    seeds[element] = 1;
    const [height, width, channels] = explainer.classifier.model.input;
    const noise = normal(seed);
    let input: Float32Array = Float32Array.from({ length: height * width * channels }, () => 0.1 * noise());
    const grey = new Float32Array(input.length);
    const before = (await explainer.network.layerGradient(layer.id, grey, seeds)).output[element];
    for (let step = 0; step < steps; step++) {
      signal?.throwIfAborted();
      const { gradient } = await explainer.network.layerGradient(layer.id, input, seeds);
      const size = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0) / gradient.length);
      // A unit that is switched off has no gradient: noise moves on until it wakes.
      input = input.map((value, i) => {
        const ascent = size > 0 ? (stepSize * gradient[i]) / size : stepSize * noise();
        return (1 - decay) * value + ascent;
      });
      if (step % smoothEvery === 0) input = smooth(input, height, width, channels);
      // Only what pixels can be.
      input = explainer.clip(input);
      onProgress?.(step + 1, steps);
    }
    const after = (await explainer.network.layerGradient(layer.id, input, seeds)).output[element];
    const picture = { height, width, channels: channels as 1 | 3, data: toPixels(explainer.classifier, input) };
    return {
      panels: [{ kind: 'picture', title: `${layer.id}, channel ${unit.channel}`, picture }],
      words: [
        `Channel ${unit.channel} of layer '${layer.id}' answers ${after.toPrecision(4)} to this picture and ${before.toPrecision(4)} to plain grey.`,
      ],
      numbers: { before, after, steps },
      layer: layer.id,
    };
  },
};
