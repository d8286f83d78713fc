import { mismatch } from '../../errors.ts';
import { layerOf } from '../layers.ts';
import { type Panel, rangeOf, signedPanel } from '../panel.ts';
import type { Method } from './method.ts';

export const filters: Method = {
  name: 'filters',
  title: 'Filters',
  shows: 'The weights of a convolution, one small map for each pair of input and output channel.',
  limits: 'Only those of the first layer act on colours; deeper ones act on feature maps and say little by themselves.',
  source: 'Krizhevsky, Sutskever and Hinton, "ImageNet Classification with Deep CNNs", 2012',
  needs: {},
  takes: ['layer', 'most'],
  async run(explainer, _picture, { layer: wanted, most = 64 }) {
    const { layers } = explainer.network.model;
    const kernel = ({ parameters }: (typeof layers)[number]) =>
      parameters.find(({ name, value }) => name.endsWith('.weight') && value.shape.length === 4);
    if (wanted !== undefined) layerOf(explainer.layers, wanted);
    const layer = layers.find((one) => (wanted === undefined || one.id === wanted) && kernel(one));
    const info = layer && kernel(layer);
    if (!layer || !info)
      throw mismatch('a convolution', 'filters', wanted === undefined ? 'a model without one' : `layer '${wanted}'`);
    const [outputs, inputs, height, width] = info.fileShape;
    const weights = explainer.classifier.weights.get(info.name)?.data as Float32Array;
    const { low, high } = rangeOf(weights);
    const end = Math.max(-low, high);
    const size = height * width;
    const colours = inputs === 3 ? ['red', 'green', 'blue'] : undefined;
    const panels: Panel[] = [];
    for (let o = 0; o < outputs; o++) {
      for (let c = 0; c < inputs && panels.length < most; c++) {
        const from = (o * inputs + c) * size;
        const part = inputs === 1 ? '' : `, ${colours?.[c] ?? `input ${c}`}`;
        const values = Float32Array.from(weights.subarray(from, from + size));
        panels.push(signedPanel({ title: `filter ${o}${part}`, height, width, values }, { most: end }));
      }
    }
    const words = [
      `Layer '${layer.id}' has ${outputs} filters of ${height}x${width}x${inputs}; blue weights are below 0, orange ones above, all on one scale to ±${end.toPrecision(3)}.`,
      ...(panels.length < outputs * inputs
        ? [`The first ${panels.length} of ${outputs * inputs} maps are shown.`]
        : []),
    ];
    return { panels, words, numbers: { low, high, filters: outputs }, layer: layer.id };
  },
};
