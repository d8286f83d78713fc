import { pictureAt } from '../../dataset/dataset.ts';
import { boxOf } from '../fields.ts';
import { elementOf, layerOf, unitAt } from '../layers.ts';
import type { Panel } from '../panel.ts';
import { given, type Method } from './method.ts';

/** Pictures that are looked at, at most: the first of each class in turn would favour none. */
const mostSearched = 10_000;

export const topImages: Method = {
  name: 'top-images',
  title: 'Top-activating pictures',
  shows: 'The training pictures to which a unit (a channel at its best place) answers most, with what it sees framed.',
  limits: 'It shows what a unit answers to most, not all that it answers to.',
  source: 'Zeiler and Fergus, 2014; Zhou et al., "Object Detectors Emerge in Deep Scene CNNs", ICLR 2015',
  needs: { unit: true, data: true },
  takes: ['most'],
  async run(explainer, _picture, options) {
    const data = given(options.data, 'data');
    const unit = given(options.unit, 'a unit');
    const { most = 12, signal, onProgress } = options;
    const layer = layerOf(explainer.layers, unit.layer);
    const anywhere = layer.shape.length === 3 && unit.y === undefined && unit.x === undefined;
    const fixed = anywhere ? elementOf(layer, { ...unit, y: 0, x: 0 }) : elementOf(layer, unit);
    const channels = layer.shape[layer.shape.length - 1];
    const size = layer.shape.reduce((product, one) => product * one, 1);
    const count = Math.min(data.count, mostSearched);
    const found: { index: number; value: number; element: number }[] = [];
    const { capacity } = explainer.network;
    for (let from = 0; from < count; from += capacity) {
      signal?.throwIfAborted();
      const indices = Array.from({ length: Math.min(capacity, count - from) }, (_, i) => from + i);
      const inputs = indices.map((index) => explainer.prepare(pictureAt(data, index)).input);
      const outputs = await explainer.network.outputs(inputs, layer.id);
      indices.forEach((index, i) => {
        let element = fixed;
        if (anywhere)
          for (let e = unit.channel; e < size; e += channels)
            if (outputs[i * size + e] > outputs[i * size + element]) element = e;
        found.push({ index, value: outputs[i * size + element], element });
      });
      found.sort((a, b) => b.value - a.value || a.index - b.index);
      found.splice(most);
      onProgress?.(from + indices.length, count);
    }
    const panels = found.map(({ index, value, element }): Panel => {
      const { y, x } = unitAt(layer, element);
      return {
        kind: 'picture',
        title: `${data.classNames[data.labels[index]]} ${index}: ${value.toPrecision(4)}`,
        picture: explainer.prepare(pictureAt(data, index)).picture,
        box: y === undefined || x === undefined ? undefined : boxOf(explainer, layer.id, y, x),
      };
    });
    const words = [
      `Of ${count} training pictures these ${panels.length} make channel ${unit.channel} of layer '${layer.id}' largest; the frame is its receptive field there.`,
    ];
    return { panels, words, numbers: { searched: count, largest: found[0].value }, layer: layer.id };
  },
};
