import { elementwiseRules } from './elementwise.ts';
import type { RaisingRule } from './flow.ts';
import { batchNorm, groupNorm, instanceNorm, layerNorm } from './norms.ts';
import { adaptiveAveragePool, averagePool, globalAveragePool, globalMaxPool, maxPool, reduceMean } from './pooling.ts';
import { gemm, matMul } from './products.ts';
import { concat, flatten, reshape, shapeOf, softmax, squeeze, transpose, unsqueeze } from './structure.ts';
import { convolution, pad } from './windows.ts';

/** THE LIST of operators that become layers. Those in parentheses stand for groups: see patterns.ts. */
export const raisingRules: Readonly<Record<string, RaisingRule>> = {
  Conv: convolution,
  Gemm: gemm,
  MatMul: matMul,
  BatchNormalization: batchNorm,
  GroupNormalization: groupNorm,
  InstanceNormalization: instanceNorm,
  LayerNormalization: layerNorm,
  MaxPool: maxPool,
  AveragePool: averagePool,
  GlobalAveragePool: globalAveragePool,
  GlobalMaxPool: globalMaxPool,
  ReduceMean: reduceMean,
  '(AdaptiveAveragePool)': adaptiveAveragePool,
  Pad: pad,
  Flatten: flatten,
  Reshape: reshape,
  Squeeze: squeeze,
  Unsqueeze: unsqueeze,
  Transpose: transpose,
  Concat: concat,
  Shape: shapeOf,
  Softmax: softmax,
  LogSoftmax: softmax,
  ...elementwiseRules,
};
