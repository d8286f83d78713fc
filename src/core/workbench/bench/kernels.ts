import type { Engine } from '../../backend/backend.ts';
import type { ValueType } from '../../graph/graph.ts';
import type { Op } from '../../graph/op.ts';
import { conv2d, conv2dBackwardInput, conv2dBackwardWeight } from '../../ops/conv2d.ts';
import { linear, linearBackwardInput, linearBackwardWeight } from '../../ops/linear.ts';
import { winogradProducts } from '../../ops/winogradProducts.ts';
import { type Algorithm, algorithms } from '../../plan/lowering.ts';
import { tilesOfBlock } from '../../plan/lowerings/winograd.ts';
import { type Shape, sizeOf } from '../../shape.ts';
import { alternate, type Budget } from './alternate.ts';
import { compilePeak, compileSingleOp, type SingleOp, type SingleOpRequest } from './single-op.ts';

export const benchPasses = ['forward', 'backwardInput', 'backwardWeight'] as const;
export type BenchPass = (typeof benchPasses)[number];

/** One kernel on one layer. */
export interface KernelFigure {
  /** As people say it: `conv 3x3, 16 to 16 channels, 32x32`. */
  readonly layer: string;
  readonly pass: BenchPass;
  /** 'products': only what stands between Winograd's transforms, counted as it is computed. */
  readonly method: 'winograd' | 'direct' | 'products';
  readonly kernels: readonly string[];
  readonly batch: number;
  /** Median. */
  readonly milliseconds: number;
  /** 10^9 multiplications and additions a second, counted as direct sums need them, whatever the kernel does. */
  readonly gflops: number;
  /** Of the peak with as many threads; Winograd's can be above 1, since it computes less than is counted. */
  readonly share: number;
}

export interface KernelFigures {
  /** GFLOP/s of the machine's peak with one thread, and with all. */
  readonly peak: { readonly oneThread: number; readonly allThreads: number };
  readonly kernels: readonly KernelFigure[];
}

interface Layer {
  readonly name: string;
  readonly input: Shape;
  readonly output: Shape;
  /** As in memory; a linear layer's has two dimensions. */
  readonly weight: Shape;
  readonly padding?: number;
  readonly groups?: number;
  /** The first layer of a model needs no gradient for its input. */
  readonly first?: boolean;
}

const conv = (kernelSize: number, from: number, to: number, size: number, more: Partial<Layer> = {}): Layer => {
  const { padding = (kernelSize - 1) / 2, groups = 1 } = more;
  const output = size + 2 * padding - kernelSize + 1;
  const kind =
    groups > 1
      ? `depthwise ${kernelSize}x${kernelSize}, ${from}`
      : `conv ${kernelSize}x${kernelSize}, ${from} to ${to}`;
  return {
    name: `${kind} channels, ${size}x${size}${padding === 0 && kernelSize > 1 ? ' without padding' : ''}`,
    input: [size, size, from],
    output: [output, output, to],
    weight: [kernelSize, kernelSize, from / groups, to],
    padding,
    ...more,
  };
};

/** Layers of the presets, the heavy ones and one of each kind. */
const layers: readonly Layer[] = [
  conv(3, 16, 16, 32),
  conv(3, 32, 32, 16),
  conv(3, 64, 64, 8),
  conv(3, 32, 64, 13, { padding: 0 }),
  conv(1, 64, 128, 16),
  conv(3, 128, 128, 16, { groups: 128 }),
  conv(3, 3, 16, 32, { first: true }),
  conv(3, 1, 32, 28, { padding: 0, first: true }),
  { name: 'linear, 1600 to 128', input: [1600], output: [128], weight: [1600, 128] },
];

/** Operations of a run, about: long beside the start of the threads, short beside the budget. */
const operationsPerRun = 2e8;
const mostPictures = 128;

const ops: Readonly<Record<'conv' | 'linear', Readonly<Record<BenchPass, Op>>>> = {
  conv: { forward: conv2d, backwardInput: conv2dBackwardInput, backwardWeight: conv2dBackwardWeight },
  linear: { forward: linear, backwardInput: linearBackwardInput, backwardWeight: linearBackwardWeight },
};

/** @param one an engine with one thread; may be the same. */
export async function benchKernels(all: Engine, one: Engine, budget: Budget): Promise<KernelFigures> {
  const [peakAll, peakOne] = [await compilePeak(all), await compilePeak(one)];
  const cases: (Omit<KernelFigure, 'milliseconds' | 'gflops' | 'share'> & { timed: SingleOp; operations: number })[] =
    [];
  for (const layer of layers) {
    const macs = (sizeOf(layer.output) * sizeOf(layer.weight)) / layer.weight[layer.weight.length - 1];
    const batch = Math.max(1, Math.min(mostPictures, Math.round(operationsPerRun / (2 * macs))));
    for (const pass of benchPasses) {
      if (layer.first && pass === 'backwardInput') continue;
      let before = '';
      for (const algorithm of algorithms) {
        const timed = await compileSingleOp(all, requestOf(layer, pass, batch, algorithm));
        const { kernels } = timed;
        // Where the rule chooses direct sums there is nothing to compare with.
        if (kernels.join() === before) continue;
        before = kernels.join();
        const method = kernels.some((name) => name.includes('winograd')) ? 'winograd' : 'direct';
        cases.push({ layer: layer.name, pass, method, kernels, batch, timed, operations: 2 * macs * batch });
      }
    }
  }
  for (const channels of [16, 32, 64]) {
    const tiles = tilesOfBlock(channels, channels);
    // In a convolution a block's V and M stay in the second-level cache from one stage to the next: so they do here.
    const repeats = 16;
    const macs = repeats * 36 * tiles * channels * channels;
    const batch = Math.max(1, Math.round(operationsPerRun / (2 * macs)));
    const timed = await compileSingleOp(all, {
      op: winogradProducts,
      inputs: [
        { shape: [36, tiles, channels], batched: true, type: 'float32' },
        { shape: [36, channels / 8, channels, 8], batched: false, type: 'float32' },
      ],
      attributes: { repeats },
      n: batch,
    });
    const layer = `products of Winograd, ${channels} to ${channels} channels`;
    cases.push({
      ...{ layer, pass: 'forward', method: 'products', kernels: timed.kernels, batch, timed },
      operations: 2 * macs * batch,
    });
  }
  const times = await alternate([peakAll.timed, peakOne.timed, ...cases.map(({ timed }) => timed)], budget);
  const gflops = (operations: number, milliseconds: number): number => operations / milliseconds / 1e6;
  const allThreads = gflops(peakAll.operations, times[0]);
  return {
    peak: { oneThread: gflops(peakOne.operations, times[1]), allThreads },
    kernels: cases.map(({ timed: _, operations, ...figure }, i) => {
      const reached = gflops(operations, times[i + 2]);
      return { ...figure, milliseconds: times[i + 2], gflops: reached, share: reached / allThreads };
    }),
  };
}

function requestOf(layer: Layer, pass: BenchPass, n: number, algorithm: Algorithm): SingleOpRequest {
  const { input, output, weight, padding = 0, groups = 1 } = layer;
  const batched = (shape: Shape): ValueType => ({ shape, batched: true, type: 'float32' });
  const weights: ValueType = { shape: weight, batched: false, type: 'float32' };
  const x = batched(input);
  const gradient = batched(output);
  const given: Record<BenchPass, ValueType[]> = {
    forward: [x, weights],
    backwardInput: [gradient, weights],
    backwardWeight: [x, gradient],
  };
  const isConv = weight.length === 4;
  const window = { padding: [padding, padding, padding, padding], groups };
  return {
    op: ops[isConv ? 'conv' : 'linear'][pass],
    inputs: given[pass],
    attributes: isConv ? { ...window, kernelSize: weight.slice(0, 2), inputShape: input } : {},
    n,
    algorithm,
  };
}
