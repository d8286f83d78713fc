import { mismatch } from '../../errors.ts';
import { layerOf } from '../layers.ts';
import { type Panel, positivePanel, rangeOf, signedPanel } from '../panel.ts';
import { given, type Method } from './method.ts';

/** One channel of [height, width, channels]. */
export function channelOf(map: Float32Array, channels: number, channel: number): Float32Array {
  const values = new Float32Array(map.length / channels);
  for (let p = 0; p < values.length; p++) values[p] = map[p * channels + channel];
  return values;
}

/** All channels on one scale, so that they can be compared: positive where the layer never goes below 0. */
export const featureMaps: Method = {
  name: 'feature-maps',
  title: 'Feature maps',
  shows: 'What each channel of a layer answers to this picture, place by place.',
  limits: 'It does not tell what a channel does to the decision.',
  source: 'Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014',
  needs: { picture: true },
  takes: ['layer', 'most'],
  async run(explainer, prepared, { layer: id, most = 64 }) {
    const picture = given(prepared, 'a picture');
    const layer = id === undefined ? explainer.layers[0] : layerOf(explainer.layers, id);
    const values = (await explainer.activationsOf(picture)).layers.get(layer.id);
    if (!values) throw mismatch('a layer with an output', 'feature maps', `'${layer.id}'`);
    const { shape } = layer;
    const [height, width, channels] = shape.length === 3 ? shape : [1, shape[0], 1];
    const { low, high } = rangeOf(values);
    const shown = Math.min(most, channels);
    const panels = Array.from({ length: shown }, (_, c): Panel => {
      const map = { title: shape.length === 3 ? `channel ${c}` : 'features', height, width };
      const one = { ...map, values: channelOf(values, channels, c) };
      return low < 0 ? signedPanel(one, { most: Math.max(-low, high) }) : positivePanel(one, { high });
    });
    const active = values.filter((value) => value > 0).length / values.length;
    const silent = Array.from({ length: channels }, (_, c) => c).filter((c) =>
      channelOf(values, channels, c).every((value) => !(value > 0)),
    );
    const words = [
      `Layer '${layer.id}' (${layer.type}) gives ${shape.join('x')} numbers from ${low.toPrecision(3)} to ${high.toPrecision(3)}.`,
      ...(shown < channels ? [`The first ${shown} of ${channels} channels are shown.`] : []),
      ...(silent.length > 0 && shape.length === 3
        ? [`${silent.length} of ${channels} channels are above 0 nowhere in this picture.`]
        : []),
    ];
    return { panels, words, numbers: { low, high, active, silent: silent.length }, layer: layer.id };
  },
};
