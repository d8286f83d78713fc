import { type CamInput, camMethod } from './cam.ts';

/** Each element weighs by its own positive gradient. */
export function layerCamOf({ channels, gradient, map, height, width }: CamInput): Float32Array {
  const heatmap = new Float32Array(height * width);
  for (let p = 0; p < heatmap.length; p++) {
    let sum = 0;
    for (let i = p * channels; i < (p + 1) * channels; i++) sum += Math.max(0, gradient[i]) * map[i];
    heatmap[p] = Math.max(0, sum);
  }
  return heatmap;
}

export const layerCam = camMethod(
  {
    name: 'layer-cam',
    title: 'LayerCAM',
    shows: 'Where evidence for a class lies, place by place; it serves early, fine layers too.',
    limits: 'In early layers it follows edges that matter little to the class.',
    source: 'Jiang et al., "LayerCAM", IEEE TIP 2021',
  },
  layerCamOf,
);
