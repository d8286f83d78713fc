import { type CamInput, camMethod, weighted } from './cam.ts';

/** Each channel weighs as much as its gradient's mean over all places. */
export function gradCamOf(input: CamInput): Float32Array {
  const { channels, gradient, height, width } = input;
  const weights = new Float64Array(channels);
  gradient.forEach((value, i) => {
    weights[i % channels] += value / (height * width);
  });
  return weighted(input, weights);
}

export const gradCam = camMethod(
  {
    name: 'grad-cam',
    title: 'Grad-CAM',
    shows: 'Where in the picture a layer finds what speaks for a class.',
    limits: 'It is as coarse as the layer, and shows no evidence against the class.',
    source: 'Selvaraju et al., "Grad-CAM", ICCV 2017',
  },
  gradCamOf,
);
