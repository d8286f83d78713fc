import type { OnnxNode } from '../../formats/onnx/messages.ts';
import { type Constant, float32, transposed } from './constants.ts';
import { channelsOf, type Flow, type Raising, type RaisingRule } from './flow.ts';
import { numberAttribute, unsupported } from './graph.ts';
import { flowOf, perChannel, tensorOf } from './operands.ts';

/** A linear layer from weights [outputs, inputs]. */
function linear(
  context: Raising,
  node: OnnxNode,
  flow: Flow,
  weight: Constant,
  bias: readonly number[] | undefined,
): Flow {
  const [features, inputs] = weight.dims;
  if (flow.axes !== 'nc' || inputs !== flow.shape[0]) {
    throw unsupported(node, `a row of ${inputs} features`, flow.shape);
  }
  const ordered = flow.flattenedLast ? channelsFirst(weight, flow.flattenedLast) : weight;
  return context.emit(
    node,
    'linear',
    [flow],
    { features, bias: bias !== undefined },
    {
      weight: { shape: [features, inputs], data: float32(ordered.data) },
      ...(bias ? { bias: { shape: [features], data: Float32Array.from(bias) } } : {}),
    },
  );
}

/** Weights for a row in the order height, width, channels as those for channels, height, width. */
function channelsFirst({ dims, data }: Constant, [height, width, channels]: readonly number[]): Constant {
  const [features, inputs] = dims;
  const turned = transposed({ kind: 'constant', dims: [features, height, width, channels], data }, [0, 3, 1, 2]);
  return { ...turned, dims: [features, inputs] };
}

function matrix(node: OnnxNode, weight: Constant, turn: boolean): Constant {
  if (weight.dims.length !== 2) throw unsupported(node, 'a matrix of weights', weight.dims);
  return turn ? transposed(weight, [1, 0]) : weight;
}

/** alpha · x · weight + beta · bias. */
export const gemm: RaisingRule = (context, node, [x, given, added]) => {
  if (numberAttribute(node, 'transA', 0) !== 0) throw unsupported(node, 'transA 0', 1);
  const [alpha, beta] = [numberAttribute(node, 'alpha', 1), numberAttribute(node, 'beta', 1)];
  const weight = matrix(node, tensorOf(node, given), numberAttribute(node, 'transB', 0) === 0);
  const scaled = alpha === 1 ? weight : { ...weight, data: weight.data.map((value) => alpha * value) };
  const [features] = weight.dims;
  const row = { kind: 'flow', id: '', shape: [features], axes: 'nc', exclusive: false } as const;
  const bias = added && perChannel(tensorOf(node, added), row);
  if (added && !bias) throw unsupported(node, `${features} biases`, tensorOf(node, added).dims);
  return linear(
    context,
    node,
    flowOf(node, x),
    scaled,
    bias?.map((value) => beta * value),
  );
};

/** A row times a matrix, or each pixel of a map whose channels are last. */
export const matMul: RaisingRule = (context, node, [x, given]) => {
  const flow = flowOf(node, x);
  const weight = matrix(node, tensorOf(node, given), true);
  if (flow.axes !== 'nhwc') return linear(context, node, flow, weight, undefined);
  const [channels, inputs] = weight.dims;
  if (inputs !== channelsOf(flow)) throw unsupported(node, `weights for ${channelsOf(flow)} channels`, weight.dims);
  const data = float32(weight.data);
  return context.emit(
    node,
    'conv2d',
    [flow],
    { channels, kernelSize: 1, bias: false },
    { weight: { shape: [channels, inputs, 1, 1], data } },
  );
};
