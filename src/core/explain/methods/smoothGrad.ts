import { normal } from '../noise.ts';
import { rangeOf } from '../panel.ts';
import { attribution } from './gradientPictures.ts';
import { given, type Method, targetOf } from './method.ts';

/** Deviation of the noise, as a share of the picture's range: what the authors found best. */
const noiseShare = 0.15;

export const smoothGrad: Method = {
  name: 'smoothgrad',
  title: 'SmoothGrad',
  shows: 'Saliency without its noise: the mean gradient over copies of the picture with noise added.',
  limits: 'It still tells of small changes; how much noise is added changes the map.',
  source: 'Smilkov et al., "SmoothGrad: removing noise by adding noise", 2017',
  needs: { picture: true },
  takes: ['target', 'steps', 'seed'],
  async run(explainer, prepared, options) {
    const picture = given(prepared, 'a picture');
    const { steps = 25, seed = 1, signal, onProgress } = options;
    const target = await targetOf(explainer, picture, options);
    const { low, high } = rangeOf(picture.input);
    const deviation = noiseShare * (high - low);
    const noise = normal(seed);
    const mean = new Float64Array(picture.input.length);
    const { capacity } = explainer.network;
    for (let from = 0; from < steps; from += capacity) {
      signal?.throwIfAborted();
      const count = Math.min(capacity, steps - from);
      const copies = Array.from({ length: count }, () => picture.input.map((value) => value + deviation * noise()));
      const seeds = copies.map(() => explainer.seedFor(target));
      const { gradients } = await explainer.network.inputGradients(copies, seeds);
      gradients.forEach((value, i) => {
        mean[i % mean.length] += value / steps;
      });
      onProgress?.(from + count, steps);
    }
    const about = { title: 'SmoothGrad', signed: false };
    const { panels, name } = attribution(explainer, picture, target, Float32Array.from(mean), about);
    const words = [
      `The mean gradient of the logit of ${name} over ${steps} copies with noise of ${noiseShare * 100} % of the range.`,
    ];
    return { panels, words, numbers: { deviation, copies: steps }, target };
  },
};
