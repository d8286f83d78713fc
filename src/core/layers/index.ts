import { invalid } from '../errors.ts';
import { suggest } from '../nearest.ts';
import { adaptiveAvgPool2d } from './adaptiveAvgPool2d.ts';
import { add } from './add.ts';
import { avgPool2d } from './avgPool2d.ts';
import { batchNorm2d } from './batchNorm2d.ts';
import { blurPool2d } from './blurPool2d.ts';
import { concat } from './concat.ts';
import { conv2d } from './conv2d.ts';
import { depthwiseConv2d } from './depthwiseConv2d.ts';
import { dropout } from './dropout.ts';
import { elu } from './elu.ts';
import { flatten } from './flatten.ts';
import { gelu } from './gelu.ts';
import { globalAvgPool2d } from './globalAvgPool2d.ts';
import { groupNorm } from './groupNorm.ts';
import { hardSigmoid } from './hardSigmoid.ts';
import { hardSwish } from './hardSwish.ts';
import type { Layer } from './layer.ts';
import { layerNorm } from './layerNorm.ts';
import { layerScale } from './layerScale.ts';
import { leakyRelu } from './leakyRelu.ts';
import { linear } from './linear.ts';
import { maxPool2d } from './maxPool2d.ts';
import { multiply } from './multiply.ts';
import { pixelLinear } from './pixelLinear.ts';
import { relu } from './relu.ts';
import { relu6 } from './relu6.ts';
import { scale } from './scale.ts';
import { sigmoid } from './sigmoid.ts';
import { silu } from './silu.ts';
import { softmax } from './softmax.ts';
import { stochasticDepth } from './stochasticDepth.ts';
import { tanh } from './tanh.ts';
import { zeroPad2d } from './zeroPad2d.ts';

export { adaptiveAvgPool2d } from './adaptiveAvgPool2d.ts';
export { add } from './add.ts';
export { avgPool2d } from './avgPool2d.ts';
export { batchNorm2d } from './batchNorm2d.ts';
export { blurPool2d } from './blurPool2d.ts';
export { concat } from './concat.ts';
export { conv2d } from './conv2d.ts';
export { depthwiseConv2d } from './depthwiseConv2d.ts';
export { dropout } from './dropout.ts';
export { elu } from './elu.ts';
export { flatten } from './flatten.ts';
export { gelu } from './gelu.ts';
export { globalAvgPool2d } from './globalAvgPool2d.ts';
export { groupNorm } from './groupNorm.ts';
export { hardSigmoid } from './hardSigmoid.ts';
export { hardSwish } from './hardSwish.ts';
export { layerNorm } from './layerNorm.ts';
export { layerScale } from './layerScale.ts';
export { leakyRelu } from './leakyRelu.ts';
export { linear } from './linear.ts';
export { maxPool2d } from './maxPool2d.ts';
export { multiply } from './multiply.ts';
export { pixelLinear } from './pixelLinear.ts';
export { relu } from './relu.ts';
export { relu6 } from './relu6.ts';
export { scale } from './scale.ts';
export { sigmoid } from './sigmoid.ts';
export { silu } from './silu.ts';
export { softmax } from './softmax.ts';
export { stochasticDepth } from './stochasticDepth.ts';
export { tanh } from './tanh.ts';
export { zeroPad2d } from './zeroPad2d.ts';

/** THE LIST of layers. Specs, builder, summary, forms, docs and contract tests go through it. */
export const layers: readonly Layer[] = [
  conv2d,
  depthwiseConv2d,
  linear,
  pixelLinear,
  batchNorm2d,
  groupNorm,
  layerNorm,
  relu,
  relu6,
  leakyRelu,
  elu,
  silu,
  gelu,
  hardSwish,
  hardSigmoid,
  sigmoid,
  tanh,
  softmax,
  maxPool2d,
  avgPool2d,
  blurPool2d,
  globalAvgPool2d,
  adaptiveAvgPool2d,
  flatten,
  dropout,
  stochasticDepth,
  layerScale,
  scale,
  zeroPad2d,
  add,
  multiply,
  concat,
];

const byType: ReadonlyMap<unknown, Layer> = new Map(layers.map((layer) => [layer.type, layer]));

/** The layer of a type. @throws FoveaError naming `subject` (a layer's id) and the nearest type that there is. */
export function layerNamed(type: unknown, subject: string): Layer {
  const layer = byType.get(type);
  if (layer) return layer;
  throw invalid(
    'a type of layer',
    `${subject}, 'type'`,
    type,
    suggest(
      String(type),
      layers.map((known) => known.type),
    ),
  );
}
