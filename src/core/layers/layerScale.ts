import { channelsOf, expectChannels } from '../ops/checks.ts';
import { multiply } from '../ops/multiply.ts';
import type { Layer } from './layer.ts';
import { numberOption } from './options.ts';

export const layerScale = {
  type: 'layerScale',
  idPrefix: 'layerscale',
  doc: 'Multiplies each channel by a trained number that starts near 0, so that deep residual nets begin calmly.',
  inputs: 1,
  options: {
    initial: { type: 'number', default: 1e-6, doc: 'Where the factors start.' },
  },
  build(context, options) {
    const [x] = context.inputs;
    expectChannels('layerScale', context.id, x);
    const channels = channelsOf(x);
    const scale = context.parameter({
      name: 'layer_scale',
      fileShape: [channels, 1, 1],
      permutation: [0],
      initialization: { kind: 'constant', value: numberOption(options, 'initial') },
      trainable: true,
      decay: false,
    });
    return context.apply(multiply, [x, scale])[0];
  },
} as const satisfies Layer;
