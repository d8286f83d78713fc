import { describe, expect, it } from 'vitest';
import { buildPreset } from './presets/index.ts';
import { summarize } from './summary.ts';

describe('summarize', () => {
  const summary = summarize(buildPreset('mnist-cnn', { input: [28, 28, 1], classes: 10 }));
  const layer = (id: string) => summary.layers.find((known) => known.id === id)!;

  it('gives shapes and counts, layer by layer', () => {
    const rows = summary.layers.filter(({ parameters }) => parameters > 0);
    expect(rows.map(({ id, outputShape, parameters, macs }) => [id, outputShape, parameters, macs])).toEqual([
      ['conv1', [26, 26, 32], 320, 26 * 26 * 32 * 9],
      ['conv2', [11, 11, 64], 18496, 11 * 11 * 64 * 32 * 9],
      ['fc1', [128], 204928, 204800],
      ['fc2', [10], 1290, 1280],
    ]);
    expect(summary.parameters).toBe(225034);
    expect(summary.macs).toBe(194688 + 2230272 + 204800 + 1280);
    expect(layer('maxpool2').outputShape).toEqual([5, 5, 64]);
  });

  it('follows the receptive field', () => {
    const fields = ['conv1', 'maxpool1', 'relu2', 'maxpool2', 'flatten'].map((id) => layer(id).receptiveField);
    expect(fields.map(({ size, stride, whole }) => [...size, ...stride, whole])).toEqual([
      [3, 3, 1, 1, false],
      [4, 4, 2, 2, false],
      [8, 8, 2, 2, false],
      [10, 10, 4, 4, false],
      [10, 10, 4, 4, false],
    ]);
    // The poolings leave out a last row: a linear layer can see no more than what comes to it.
    expect(layer('fc1').receptiveField).toMatchObject({ size: [26, 26], whole: true, clipped: false });
    expect(layer('maxpool2').receptiveField).toMatchObject({
      centre: [4.5, 4.5],
      visible: { rows: [8, 17], columns: [8, 17] },
    });
    expect(layer('fc2').receptiveField.whole).toBe(true);
  });

  it('takes the widest branch of a residual net', () => {
    const { layers, buffers } = summarize(buildPreset('resnet20', { input: [32, 32, 3], classes: 10 }));
    const field = (id: string) => layers.find((known) => known.id === id)!.receptiveField;
    expect(field('layer1.2.relu2')).toMatchObject({ size: [15, 15], stride: [1, 1] });
    // Stride 2 in the block's first convolution: 15 + 2 (stride 1), then + 4 (stride 2).
    expect(field('layer2.0.relu2')).toMatchObject({ size: [21, 21], stride: [2, 2] });
    expect(field('layer2.0.downsample.0')).toMatchObject({ size: [15, 15], stride: [2, 2] });
    expect(buffers).toBe(2 * (16 * 7 + 32 * 7 + 64 * 7));
  });

  it('counts the multiply-adds of a depthwise convolution by group', () => {
    const { layers } = summarize(buildPreset('mobile', { input: [32, 32, 3], classes: 10 }));
    const depthwise = layers.find(({ id }) => id === 'blocks.1.depthwise')!;
    expect(depthwise.macs).toBe(16 * 16 * 64 * 9);
    expect(depthwise.parameters).toBe(64 * 9);
  });
});
