import type { Op } from '../graph/op.ts';
import { activationOps } from './activations.ts';
import { adaptiveAvgPool2d, adaptiveAvgPool2dBackward } from './adaptiveAvgPool2d.ts';
import { add } from './add.ts';
import { avgPool2d, avgPool2dBackward } from './avgPool2d.ts';
import { batchNorm, batchNormBackward } from './batchNorm.ts';
import { batchNormAgain } from './batchNormAgain.ts';
import { batchNormEval, batchNormEvalBackward } from './batchNormEval.ts';
import { biasBackward } from './biasBackward.ts';
import { concat, concatBackward } from './concat.ts';
import { constant } from './constant.ts';
import { conv2d, conv2dBackwardInput, conv2dBackwardWeight } from './conv2d.ts';
import { dropout, dropoutBackward } from './dropout.ts';
import { flatten, flattenBackward } from './flatten.ts';
import { globalAvgPool2d, globalAvgPool2dBackward } from './globalAvgPool2d.ts';
import { groupNorm, groupNormBackward } from './groupNorm.ts';
import { imageToFloat } from './imageToFloat.ts';
import { layerNorm, layerNormBackward } from './layerNorm.ts';
import { linear, linearBackwardInput, linearBackwardWeight } from './linear.ts';
import { logSoftmax, logSoftmaxBackward } from './logSoftmax.ts';
import { maxPool2d, maxPool2dBackward } from './maxPool2d.ts';
import { multiply, multiplyBackwardScale } from './multiply.ts';
import { resizeBilinear, resizeBilinearBackward } from './resizeBilinear.ts';
import { resizeNearest, resizeNearestBackward } from './resizeNearest.ts';
import { softmax, softmaxBackward } from './softmax.ts';
import { softmaxCrossEntropy, softmaxCrossEntropyBackward } from './softmaxCrossEntropy.ts';
import { softmaxCrossEntropySoft, softmaxCrossEntropySoftBackward } from './softmaxCrossEntropySoft.ts';
import { stochasticDepth, stochasticDepthBackward } from './stochasticDepth.ts';
import { zeroPad2d, zeroPad2dBackward } from './zeroPad2d.ts';

export * from './activations.ts';
export { adaptiveAvgPool2d, adaptiveAvgPool2dBackward } from './adaptiveAvgPool2d.ts';
export { add } from './add.ts';
export { avgPool2d, avgPool2dBackward } from './avgPool2d.ts';
export { batchNorm, batchNormBackward } from './batchNorm.ts';
export { batchNormAgain } from './batchNormAgain.ts';
export { batchNormEval, batchNormEvalBackward } from './batchNormEval.ts';
export { biasBackward } from './biasBackward.ts';
export { concat, concatBackward } from './concat.ts';
export { constant } from './constant.ts';
export { type Conv2dGeometry, conv2d, conv2dBackwardInput, conv2dBackwardWeight, conv2dGeometry } from './conv2d.ts';
export { dropout, dropoutBackward } from './dropout.ts';
export { flatten, flattenBackward } from './flatten.ts';
export { globalAvgPool2d, globalAvgPool2dBackward } from './globalAvgPool2d.ts';
export { groupNorm, groupNormBackward } from './groupNorm.ts';
export { imageScales, imageToFloat } from './imageToFloat.ts';
export { layerNorm, layerNormBackward } from './layerNorm.ts';
export { linear, linearBackwardInput, linearBackwardWeight } from './linear.ts';
export { logSoftmax, logSoftmaxBackward } from './logSoftmax.ts';
export { maxPool2d, maxPool2dBackward } from './maxPool2d.ts';
export { multiply, multiplyBackwardScale } from './multiply.ts';
export { bilinearTaps, resizeBilinear, resizeBilinearBackward } from './resizeBilinear.ts';
export { resizeNearest, resizeNearestBackward } from './resizeNearest.ts';
export { softmax, softmaxBackward } from './softmax.ts';
export { softmaxCrossEntropy, softmaxCrossEntropyBackward } from './softmaxCrossEntropy.ts';
export { softmaxCrossEntropySoft, softmaxCrossEntropySoftBackward } from './softmaxCrossEntropySoft.ts';
export { stochasticDepth, stochasticDepthBackward } from './stochasticDepth.ts';
export { type Window, windowOf, windowOutput } from './window.ts';
export { zeroPad2d, zeroPad2dBackward } from './zeroPad2d.ts';

/** THE LIST of ops. Kernels, goldens and contract tests go through it: an op is tested because it is here. */
export const ops: readonly Op[] = [
  add,
  multiply,
  multiplyBackwardScale,
  concat,
  concatBackward,
  constant,
  conv2d,
  conv2dBackwardInput,
  conv2dBackwardWeight,
  biasBackward,
  linear,
  linearBackwardInput,
  linearBackwardWeight,
  batchNorm,
  batchNormBackward,
  batchNormAgain,
  batchNormEval,
  batchNormEvalBackward,
  groupNorm,
  groupNormBackward,
  layerNorm,
  layerNormBackward,
  ...activationOps,
  maxPool2d,
  maxPool2dBackward,
  avgPool2d,
  avgPool2dBackward,
  adaptiveAvgPool2d,
  adaptiveAvgPool2dBackward,
  globalAvgPool2d,
  globalAvgPool2dBackward,
  flatten,
  flattenBackward,
  dropout,
  dropoutBackward,
  stochasticDepth,
  stochasticDepthBackward,
  zeroPad2d,
  zeroPad2dBackward,
  resizeNearest,
  resizeNearestBackward,
  resizeBilinear,
  resizeBilinearBackward,
  softmax,
  softmaxBackward,
  logSoftmax,
  logSoftmaxBackward,
  softmaxCrossEntropy,
  softmaxCrossEntropyBackward,
  softmaxCrossEntropySoft,
  softmaxCrossEntropySoftBackward,
  imageToFloat,
];
