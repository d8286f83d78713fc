import { boxOf } from '../fields.ts';
import { elementOf, layerOf } from '../layers.ts';
import { type Panel, positivePanel } from '../panel.ts';
import { sizeOfPixels } from './gradientPictures.ts';
import { given, type Method } from './method.ts';

/** Share of all gradient that the effective field is measured by: two deviations of a Gauss along both axes, about. */
const share = 0.955;

export const receptiveField: Method = {
  name: 'receptive-field',
  title: 'Receptive field',
  shows: 'Which pixels a unit can see (the frame) and which it really looks at (its gradient), on this picture.',
  limits: 'The gradient is that of this one picture; where activations are 0 it is 0 too.',
  source: 'Luo et al., "Understanding the Effective Receptive Field", NeurIPS 2016; Araujo et al., Distill 2019',
  needs: { picture: true, unit: true },
  takes: [],
  async run(explainer, prepared, options) {
    const picture = given(prepared, 'a picture');
    const unit = given(options.unit, 'a unit');
    const layer = layerOf(explainer.layers, unit.layer);
    const seed = new Float32Array(layer.shape.reduce((product, size) => product * size, 1));
    seed[elementOf(layer, unit)] = 1;
    const { gradient, output } = await explainer.network.layerGradient(layer.id, picture.input, seed);
    const { height, width, channels } = picture.picture;
    const values = sizeOfPixels(gradient, channels);
    const box = boxOf(explainer, layer.id, unit.y ?? 0, unit.x ?? 0);
    const panels: Panel[] = [
      { kind: 'picture', title: 'What it can see', picture: picture.picture, box },
      positivePanel({ title: 'What it looks at', height, width, values }, { box }),
    ];
    const area = box ? (box.bottom - box.top + 1) * (box.right - box.left + 1) : 0;
    const sorted = values.toSorted((a, b) => b - a);
    const total = sorted.reduce((sum, value) => sum + value, 0);
    let effective = 0;
    for (let sum = 0; effective < sorted.length && sum < share * total; effective++) sum += sorted[effective];
    const where =
      unit.y === undefined ? `feature ${unit.channel}` : `channel ${unit.channel} at row ${unit.y}, column ${unit.x}`;
    const words = [
      `${where} of layer '${layer.id}' can see ${area} of ${height * width} pixels.`,
      total === 0
        ? 'Its gradient is 0 everywhere in this picture: it is switched off.'
        : `${share * 100} % of its gradient lies on ${effective} of them.`,
    ];
    return { panels, words, numbers: { value: output[elementOf(layer, unit)], area, effective }, layer: layer.id };
  },
};
