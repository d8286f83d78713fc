import { type CamInput, camMethod, weighted } from './cam.ts';

/**
 * Each place's positive gradient weighs by alpha = g² / (2 g² + Σ map · g³), so that several objects of a class count
 * alike. As the authors' code: the class score is e^logit, whose derivatives are powers of the logit's gradient.
 */
export function gradCamPlusPlusOf(input: CamInput): Float32Array {
  const { channels, gradient, map, height, width } = input;
  const sums = new Float64Array(channels);
  for (let i = 0; i < map.length; i++) sums[i % channels] += map[i];
  const weights = new Float64Array(channels);
  for (let i = 0; i < height * width * channels; i++) {
    const g = gradient[i];
    const divisor = 2 * g * g + sums[i % channels] * g * g * g;
    const alpha = divisor === 0 ? 0 : (g * g) / divisor;
    weights[i % channels] += alpha * Math.max(0, g);
  }
  return weighted(input, weights);
}

export const gradCamPlusPlus = camMethod(
  {
    name: 'grad-cam++',
    title: 'Grad-CAM++',
    shows: 'Where evidence for a class lies, with several objects of the class marked alike.',
    limits:
      'Its weights come from a second-order argument that holds only for e^logit as the score; as coarse as the layer.',
    source: 'Chattopadhay et al., "Grad-CAM++", WACV 2018',
  },
  gradCamPlusPlusOf,
);
