import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Initialization } from '../../src/core/layers/layer.ts';
import { buildModel } from '../../src/core/model/build.ts';
import { buildPreset } from '../../src/core/model/presets/index.ts';
import { sizeOf } from '../../src/core/shape.ts';

/** Deviation and mean of each parameter as torchvision starts it, drawn once. */
const starts: Readonly<Record<string, Readonly<Record<string, readonly [deviation: number, mean: number]>>>> =
  JSON.parse(readFileSync(new URL('./data/presets.json', import.meta.url), 'utf8')).starts;

function deviationOf(start: Initialization): number {
  switch (start.kind) {
    case 'kaimingNormal':
      return Math.sqrt(2 / start.fan);
    case 'kaimingUniform':
      return Math.sqrt(2 / ((1 + start.slope ** 2) * start.fanIn));
    case 'normal':
      return start.deviation;
    case 'uniform':
      return start.bound / Math.sqrt(3);
    default:
      return 0;
  }
}
const meanOf = (start: Initialization): number =>
  start.kind === 'constant' ? start.value : start.kind === 'ones' ? 1 : 0;

describe('presets start as in torchvision', () => {
  it.each(Object.keys(starts))('%s', (name) => {
    const preset = name === 'vgg11_bn' ? 'vgg11-bn' : name;
    const spec = buildPreset(preset, { input: [224, 224, 3], classes: name === 'densenet-bc-100-12' ? 10 : 1000 });
    const { parameters, layers } = buildModel(spec, { training: true, inputType: 'float32' });
    let compared = 0;
    for (const { name: parameter, fileShape, trainable, initialization } of parameters) {
      const given = starts[name][parameter];
      // The stem of this DenseNet is another one than torchvision's.
      if (!trainable || (name.startsWith('densenet') && parameter === 'features.conv0.weight')) continue;
      const [deviation, mean] = given;
      const layer = layers.find(
        ({ id }) => parameter.startsWith(`${id}.`) && parameter.slice(id.length + 1).match(/^\w+$/),
      );
      // torchvision forgets the groups in the fan-out of a depthwise convolution with kaiming normal.
      const channels = fileShape[0];
      const forgets = layer?.layer.type === 'depthwiseConv2d' && initialization.kind === 'kaimingNormal';
      const expected = deviationOf(initialization) / (forgets ? Math.sqrt(channels) : 1);
      // Five standard errors of a deviation, and the four digits of the file.
      const error = (5 / Math.sqrt(2 * sizeOf(fileShape)) + 1e-3) * expected;
      expect(Math.abs(deviation - expected), `${parameter}: ${deviation}, here ${expected}`).toBeLessThanOrEqual(error);
      if (expected === 0) expect(mean, parameter).toBeCloseTo(meanOf(initialization), 6);
      compared++;
    }
    expect(compared).toBeGreaterThan(20);
  });
});
