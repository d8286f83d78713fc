import { lastMap } from './layers.ts';
import { mapGradient } from './map-gradient.ts';
import { gradCamOf } from './methods/gradCam.ts';
import { occlusion } from './methods/occlusion.ts';
import type { Explainer, PreparedPicture } from './session.ts';

/** What in a picture speaks for a class, place by place. */
export interface Heatmap {
  readonly method: 'Grad-CAM' | 'Occlusion';
  readonly height: number;
  readonly width: number;
  /** [height, width], ≥ 0 of Grad-CAM; of occlusion, below 0 where hiding a place speaks for the class. */
  readonly values: Float32Array;
}

/** By the quickest method that the model allows: Grad-CAM at its last map, or occlusion where it has none. */
export async function quickHeatmap(explainer: Explainer, picture: PreparedPicture, target: number): Promise<Heatmap> {
  const { layers, network } = explainer;
  if (layers.some(({ isMap }) => isMap)) {
    const { id, shape } = lastMap(layers);
    const found = await mapGradient(network, id, picture.input, explainer.seedFor(target));
    if (found) {
      const [height, width, channels] = shape;
      return { method: 'Grad-CAM', height, width, values: gradCamOf({ height, width, channels, ...found }) };
    }
  }
  const { panels } = await occlusion.run(explainer, picture, { target });
  const [panel] = panels;
  if (panel.kind !== 'values') throw new Error('occlusion gives a map of numbers');
  const { height, width, values } = panel;
  return { method: 'Occlusion', height, width, values };
}
