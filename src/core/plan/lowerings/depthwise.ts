import type { Value } from '../../graph/graph.ts';
import type { Conv2dGeometry } from '../../ops/conv2d.ts';
import { type Argument, address, addressOr0, type LoweringContext } from '../lowering.ts';
import { limitsOf } from './cuts.ts';
import { sumParts, weightChunks } from './partials.ts';
import { macsPerChunk, type Weights } from './product.ts';

export const isDepthwise = (g: Conv2dGeometry): boolean =>
  g.groups > 1 && g.groups === g.inputChannels && g.groups === g.outputChannels;

/** Bytes of a pixel in a window of the general kernels: 16 channels. */
const pixelBytes = 64;
/** What a window may hold, about: it should stay in the second cache beside what is read and written. */
const windowBytes = 1 << 17;

/** Along one axis: output `phase + i · step` reads x at `i · stride + tap.at` for each of its taps. */
interface Axis {
  readonly stride: number;
  readonly step: number;
  readonly phases: readonly (readonly Tap[])[];
}
interface Tap {
  readonly at: number;
  /** Position in the kernel. */
  readonly weight: number;
}

function forwardAxis(g: Conv2dGeometry, axis: 0 | 1): Axis {
  const taps = Array.from({ length: g.kernelSize[axis] }, (_, k) => ({
    at: k * g.dilation[axis] - g.padding[2 * axis],
    weight: k,
  }));
  return { stride: g.stride[axis], step: 1, phases: [taps] };
}

/** Input pixel i · stride + phase was reached from output pixel (that + padding - k · dilation) / stride, if whole. */
function backwardAxis(g: Conv2dGeometry, axis: 0 | 1): Axis {
  const step = g.stride[axis];
  const phases = Array.from({ length: step }, (_, phase) =>
    Array.from({ length: g.kernelSize[axis] }, (_, k) => ({
      at: (phase + g.padding[2 * axis] - k * g.dilation[axis]) / step,
      weight: k,
    }))
      .filter(({ at }) => Number.isInteger(at))
      .reverse(),
  );
  return { stride: 1, step, phases };
}

/** First place that a window holds and how many it holds, for `outputs` outputs of each phase. */
function extentOf({ phases, stride }: Axis): { first: number; size: number; sizeFor: (outputs: number) => number } {
  const places = phases.flat().map(({ at }) => at);
  const first = Math.min(...places);
  const size = Math.max(...places) - first + 1;
  return { first, size, sizeFor: (outputs) => (outputs - 1) * stride + size };
}

/** Rows of outputs whose window stays within its size, at least one. */
function rowsWithin(bytes: number, rows: number, bytesOf: (rows: number) => number): number {
  let within = 1;
  while (within < rows && bytesOf(within + 1) <= bytes) within++;
  // Blocks of about equal size.
  return Math.ceil(rows / Math.ceil(rows / within));
}

const isPlain3x3 = ({ kernelSize, dilation }: Conv2dGeometry): boolean =>
  kernelSize.every((size) => size === 3) && dilation.every((size) => size === 1);

/** Whether the kernels for rows of 3x3 windows fit a sum x → y of one stride, padded by `left` columns, or its gradients. */
const fits3x3 = (g: Conv2dGeometry, x: Value, y: Value, left: number, stride = 1): boolean =>
  isPlain3x3(g) &&
  g.stride.every((step) => step === stride) &&
  left <= 1 &&
  stride * (y.shape[1] - 1) + 3 - left - x.shape[1] <= 1 &&
  y.shape[1] >= 4 &&
  y.shape[2] % 4 === 0;

function call3x3(
  { call, epilogue, residual, threadScratch }: LoweringContext,
  x: Value,
  { weight, bias }: Weights,
  y: Value,
  { padding, turned, stride }: { padding: readonly [number, number]; turned: boolean; stride: number },
): void {
  const [height, width, channels] = y.shape;
  // At least two chunks, so that one picture keeps two threads busy.
  const rows = Math.min(Math.ceil(height / 2), Math.max(1, Math.floor(macsPerChunk / (9 * width * channels))));
  const chunks = Math.ceil(height / rows);
  threadScratch(channels * 4);
  const sizes = [channels, x.shape[0], x.shape[1], height, width, ...padding, rows, chunks, turned ? 1 : 0, stride];
  call(
    'conv2d_depthwise_forward_3x3',
    [address(x), weight, bias, address(y), addressOr0(residual), ...limitsOf(epilogue), ...sizes],
    (n) => n * chunks,
  );
}

function callDepthwise(
  { call, epilogue, residual, threadScratch }: LoweringContext,
  x: Value,
  { weight, bias }: Weights,
  y: Value,
  [down, right]: readonly [Axis, Axis],
): void {
  const [height, width, channels] = y.shape;
  const blocks = Math.ceil(channels / 16);
  const rowsOfPhase = Math.ceil(height / down.step);
  const columnsOfPhase = Math.ceil(Math.ceil(width / right.step) / 4) * 4;
  const windowDown = extentOf(down);
  const windowRight = extentOf(right);
  const columns = windowRight.sizeFor(columnsOfPhase);
  const bytesOf = (rows: number): number => windowDown.sizeFor(rows) * columns * blocks * pixelBytes;
  const rows = rowsWithin(windowBytes, rowsOfPhase, bytesOf);
  const chunks = Math.ceil(rowsOfPhase / rows);

  const taps: number[] = [];
  const phases: number[] = [];
  const kernelColumns = right.phases.flat().length;
  down.phases.forEach((tapsDown, row) => {
    right.phases.forEach((tapsRight, column) => {
      const first = taps.length / 2;
      for (const a of tapsDown)
        for (const b of tapsRight) {
          const place = (a.at - windowDown.first) * columns + b.at - windowRight.first;
          taps.push(place * pixelBytes, a.weight * kernelColumns + b.weight);
        }
      phases.push(row, column, first, taps.length / 2);
    });
  });
  threadScratch((1 + taps.length / 2) * blocks * pixelBytes + bytesOf(rows) + columnsOfPhase * 16);
  call(
    'conv2d_depthwise_forward',
    [
      address(x),
      weight,
      bias,
      address(y),
      addressOr0(residual),
      ...limitsOf(epilogue),
      channels,
      x.shape[0],
      x.shape[1],
      height,
      width,
      -windowDown.first,
      -windowRight.first,
      down.stride,
      right.stride,
      down.step,
      right.step,
      windowDown.size,
      columns,
      rows,
      { table: Int32Array.from(taps) },
      taps.length / 2,
      { table: Int32Array.from(phases) },
      phases.length / 4,
      chunks,
    ],
    (n) => n * chunks,
  );
}

export function lowerDepthwiseForward(context: LoweringContext, g: Conv2dGeometry, weights: Weights): void {
  const [x] = context.node.inputs;
  const [y] = context.outputs;
  const [top, , left] = g.padding;
  const stride = [1, 2].find((step) => fits3x3(g, x, y, left, step));
  if (stride) call3x3(context, x, weights, y, { padding: [top, left], turned: false, stride });
  else callDepthwise(context, x, weights, y, [forwardAxis(g, 0), forwardAxis(g, 1)]);
}

/** The same kernels: of the gradient, with the weights turned round. */
export function lowerDepthwiseBackwardInput(context: LoweringContext, g: Conv2dGeometry): void {
  const [gradient, weight] = context.node.inputs;
  const [y] = context.outputs;
  const weights: Weights = { weight: address(weight), bias: 0 };
  const [top, left] = [2 - g.padding[0], 2 - g.padding[2]];
  if (fits3x3(g, gradient, y, left))
    call3x3(context, gradient, weights, y, { padding: [top, left], turned: true, stride: 1 });
  else callDepthwise(context, gradient, weights, y, [backwardAxis(g, 0), backwardAxis(g, 1)]);
}

/** The order in which a depthwise weight gradient is summed; its arithmetic follows it. */
export interface DepthwiseWeightGradient {
  /** Partial gradients, of `images` images each, that are added at the end. */
  readonly parts: number;
  readonly images: number;
  /** Four neighbours of a row are summed first, then these sums; else whole blocks of `blockRows` rows. */
  readonly byFours: boolean;
  readonly blockRows: number;
}

export function cutDepthwiseWeightGradient(
  g: Conv2dGeometry,
  x: Value,
  gradient: Value,
  capacity: number,
): DepthwiseWeightGradient {
  const parts = Math.min(capacity, weightChunks);
  return {
    parts,
    images: Math.ceil(capacity / parts),
    byFours: fits3x3(g, x, gradient, g.padding[2]),
    blockRows: weightWindow(g).rows,
  };
}

export function lowerDepthwiseBackwardWeight(context: LoweringContext, g: Conv2dGeometry): void {
  const { node, outputs, capacity, call } = context;
  const [x, gradient] = node.inputs;
  const { parts, images, byFours } = cutDepthwiseWeightGradient(g, x, gradient, capacity);
  const sizes = [g.outputChannels, g.inputHeight, g.inputWidth, g.outputHeight, g.outputWidth];
  const [top, , left] = g.padding;
  sumParts(context, outputs[0], parts, (partials) => {
    const values = [address(x), address(gradient), partials];
    if (byFours) call('conv2d_depthwise_backward_weight_3x3', [...values, ...sizes, top, left, images], parts);
    else call('conv2d_depthwise_backward_weight', [...values, ...sizes, ...windowArguments(context, g), images], parts);
  });
}

/** The window that the general kernel packs, and the rows of the output that it serves at a time. */
function weightWindow(g: Conv2dGeometry) {
  const [down, right] = [forwardAxis(g, 0), forwardAxis(g, 1)];
  const windowDown = extentOf(down);
  const windowRight = extentOf(right);
  const blocks = Math.ceil(g.outputChannels / 16);
  const columns = windowRight.sizeFor(g.outputWidth);
  const bytesOf = (rows: number): number =>
    (windowDown.sizeFor(rows) * columns + rows * g.outputWidth) * blocks * pixelBytes;
  const rows = rowsWithin(windowBytes, g.outputHeight, bytesOf);
  return { down, right, windowDown, windowRight, blocks, columns, rows, bytes: bytesOf(rows) };
}

/** What the general kernel knows of its windows. */
function windowArguments({ threadScratch }: LoweringContext, g: Conv2dGeometry): Argument[] {
  const { down, right, windowDown, windowRight, blocks, columns, rows, bytes } = weightWindow(g);
  const places = down.phases[0].flatMap((a) =>
    right.phases[0].map((b) => ((a.at - windowDown.first) * columns + b.at - windowRight.first) * pixelBytes),
  );
  threadScratch(places.length * blocks * pixelBytes + bytes);
  const table = Int32Array.from(places);
  return [
    ...g.stride,
    g.padding[0],
    g.padding[2],
    windowDown.size,
    columns,
    rows,
    { table },
    places.length,
    isPlain3x3(g) ? 1 : 0,
  ];
}
