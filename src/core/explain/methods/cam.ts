import { mismatch } from '../../errors.ts';
import { type ExplainedLayer, lastMap, layerOf } from '../layers.ts';
import { positivePanel } from '../panel.ts';
import type { Explainer, PreparedPicture } from '../session.ts';
import { type ExplainOptions, type Explanation, given, type Method, targetOf } from './method.ts';

/** A feature map and the gradient of one logit by it, both [height, width, channels]. */
export interface CamInput {
  readonly height: number;
  readonly width: number;
  readonly channels: number;
  readonly map: Float32Array;
  readonly gradient: Float32Array;
}

/** The layer of a map. @throws FoveaError for features, which have no places. */
export function mapLayer({ layers }: Explainer, id: string | undefined): ExplainedLayer {
  const layer = id === undefined ? lastMap(layers) : layerOf(layers, id);
  if (layer.isMap) return layer;
  throw mismatch('a layer that gives a feature map', 'a heatmap', `'${layer.id}' (${layer.shape.join('x')})`);
}

/** Heatmap of a class at a layer, by one rule of the CAM family. */
export async function classActivation(
  explainer: Explainer,
  picture: PreparedPicture,
  options: ExplainOptions,
  rule: (input: CamInput) => Float32Array,
): Promise<{ heatmap: Float32Array; height: number; width: number; layer: string; target: number }> {
  const layer = mapLayer(explainer, options.layer);
  const target = await targetOf(explainer, picture, options);
  const { layers, gradients } = await explainer.gradientsOf(picture, target);
  const [height, width, channels] = layer.shape;
  const map = layers.get(layer.id) as Float32Array;
  const gradient = gradients.get(layer.id) as Float32Array;
  const heatmap = rule({ height, width, channels, map, gradient });
  return { heatmap, height, width, layer: layer.id, target };
}

/** A method of the family: positive evidence, laid over the picture. */
export function camMethod(
  about: Pick<Method, 'name' | 'title' | 'shows' | 'limits' | 'source'>,
  rule: (input: CamInput) => Float32Array,
): Method {
  return {
    ...about,
    needs: { picture: true },
    takes: ['target', 'layer'],
    async run(explainer, prepared, options): Promise<Explanation> {
      const picture = given(prepared, 'a picture');
      const { heatmap, height, width, layer, target } = await classActivation(explainer, picture, options, rule);
      const name = explainer.classifier.classNames[target];
      const map = { title: `${about.title} for ${name} at ${layer}`, height, width, values: heatmap };
      const probability = (await explainer.probabilitiesOf(picture))[target];
      const isEmpty = heatmap.every((value) => !(value > 0));
      return {
        panels: [positivePanel(map, { over: picture.picture })],
        words: [
          isEmpty
            ? `Nothing in layer '${layer}' speaks for ${name}: the map is 0 everywhere.`
            : `Bright places of layer '${layer}' (${height}x${width}) speak for ${name}.`,
        ],
        numbers: { probability },
        layer,
        target,
      };
    },
  };
}

/** Σ over channels of weight · map at each place, negative sums as 0. */
export function weighted({ height, width, channels, map }: CamInput, weights: Float64Array): Float32Array {
  const heatmap = new Float32Array(height * width);
  for (let p = 0; p < heatmap.length; p++) {
    let sum = 0;
    for (let c = 0; c < channels; c++) sum += weights[c] * map[p * channels + c];
    heatmap[p] = Math.max(0, sum);
  }
  return heatmap;
}
