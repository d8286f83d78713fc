import type { LayerSpec, ModelSpec } from '../../src/core/model/spec.ts';

/** A use of a layer: its options, or all layers between the stem (a map of 7x6x4 named 'stem') and the head. */
type Use = Readonly<Record<string, unknown>> | readonly LayerSpec[];

const gate: LayerSpec = { id: 'gate', type: 'globalAvgPool2d', inputs: ['stem'] };
const side: LayerSpec = { id: 'side', type: 'conv2d', channels: 4, kernelSize: 1, inputs: ['stem'] };
const meeting = (type: string, inputs: readonly string[]): LayerSpec => ({ id: 'own', type, inputs });

/** Uses of every layer that differ in what other programs must be told. */
const uses: Readonly<Record<string, readonly Use[]>> = {
  conv2d: [
    { channels: 3, kernelSize: 3 },
    { channels: 4, kernelSize: [2, 3], stride: 2, padding: 'same', bias: false },
    { channels: 6, kernelSize: [2, 3], dilation: [3, 1], padding: [1, 2], groups: 2 },
  ],
  depthwiseConv2d: [
    { kernelSize: 3, padding: 1 },
    { kernelSize: 2, stride: [2, 1], padding: 'same', multiplier: 2 },
  ],
  linear: [
    [
      { id: 'flat', type: 'flatten' },
      { id: 'own', type: 'linear', features: 5, bias: false },
    ],
  ],
  pixelLinear: [{ features: 5 }, { features: 3, bias: false }],
  layerScale: [
    {},
    [
      { id: 'pool', type: 'globalAvgPool2d' },
      { id: 'fc', type: 'linear', features: 4 },
      { id: 'own', type: 'layerScale' },
    ],
  ],
  scale: [{ factor: 0.3 }],
  stochasticDepth: [{ rate: 0.2 }],
  batchNorm2d: [{}, { affine: false, eps: 0.01 }],
  groupNorm: [{ groups: 2 }, { groups: 4, affine: false, eps: 0.1 }],
  layerNorm: [
    {},
    { affine: false, eps: 0.1 },
    [
      { id: 'pool', type: 'globalAvgPool2d' },
      { id: 'own', type: 'layerNorm' },
    ],
  ],
  relu: [{}],
  relu6: [{}],
  leakyRelu: [{ slope: 0.2 }],
  elu: [{ alpha: 0.7 }],
  silu: [{}],
  gelu: [{}, { approximate: true }],
  hardSwish: [{}],
  hardSigmoid: [{}],
  sigmoid: [{}],
  tanh: [{}],
  softmax: [{}],
  maxPool2d: [
    {},
    { kernelSize: 3, stride: 2, padding: 1 },
    { kernelSize: 2, ceilMode: true },
    { kernelSize: 3, stride: 2, padding: 'same' },
    { kernelSize: [3, 2], stride: [2, 3], padding: [1, 0], ceilMode: true },
  ],
  avgPool2d: [
    {},
    { kernelSize: 3, stride: 1, padding: 1, countIncludePad: false },
    { kernelSize: 3, stride: 2, padding: 1, ceilMode: true },
    { kernelSize: 2, stride: 2, padding: 'same' },
    { kernelSize: 3, stride: 2, ceilMode: true, countIncludePad: false },
    { kernelSize: 2, stride: 2, padding: 'same', countIncludePad: false },
  ],
  blurPool2d: [{}, { kernelSize: 2 }, { kernelSize: 5, stride: 1 }, { kernelSize: 4, stride: 3 }],
  globalAvgPool2d: [{}],
  adaptiveAvgPool2d: [{ outputSize: 1 }, { outputSize: [7, 3] }, { outputSize: [3, 4] }, { outputSize: [9, 6] }],
  flatten: [{}],
  dropout: [{ rate: 0.4 }],
  zeroPad2d: [{ top: 1, right: 2 }],
  add: [
    [side, meeting('add', ['stem', 'side'])],
    [side, meeting('add', ['stem', 'side', 'stem'])],
  ],
  multiply: [
    [side, meeting('multiply', ['stem', 'side'])],
    [gate, meeting('multiply', ['stem', 'gate'])],
    [{ ...gate, type: 'adaptiveAvgPool2d', outputSize: 1 }, meeting('multiply', ['stem', 'gate'])],
  ],
  concat: [[side, meeting('concat', ['stem', 'side'])]],
};

export const layersWithUses = Object.keys(uses);

/** Models of three classes around each use. */
export function layerModels(type: string): readonly { title: string; model: ModelSpec }[] {
  return (uses[type] ?? []).map((use) => {
    const own = Array.isArray(use) ? (use as LayerSpec[]) : [{ id: 'own', type, ...use }];
    const layers: LayerSpec[] = [
      { id: 'stem', type: 'conv2d', channels: 4, kernelSize: 1 },
      ...own,
      { id: 'row', type: 'flatten' },
      { id: 'head', type: 'linear', features: 3 },
    ];
    const title = `${type} ${Array.isArray(use) ? own.map((one) => one.type).join(' ') : JSON.stringify(use)}`;
    return { title, model: { format: 'fovea-model', version: 1, input: [7, 6, 3], classes: 3, layers } };
  });
}
