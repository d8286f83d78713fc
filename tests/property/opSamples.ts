import fc from 'fast-check';
import type { Attributes, Op } from '../../src/core/graph/op.ts';
import * as op from '../../src/core/ops/index.ts';
import type { RandomStream } from '../../src/core/random.ts';

/** What an input holds. `values` are distinct and keep away from the kinks of activations and from ties. */
export type InputKind = 'values' | 'positive' | 'probabilities' | 'labels' | 'step';

export interface SampleInput {
  readonly shape: readonly number[];
  readonly batched: boolean;
  readonly kind: InputKind;
  /** Whether the op has a gradient by it. */
  readonly differentiable: boolean;
}

/** An op with inputs that fit it. */
export interface Sample {
  readonly n: number;
  readonly inputs: readonly SampleInput[];
  readonly attributes: Attributes;
  readonly seed: number;
}

const map = (...shape: number[]): SampleInput => ({ shape, batched: true, kind: 'values', differentiable: true });
const weight = (...shape: number[]): SampleInput => ({ shape, batched: false, kind: 'values', differentiable: true });
const fixed = (kind: InputKind, batched: boolean, ...shape: number[]): SampleInput => ({
  shape,
  batched,
  kind,
  differentiable: false,
});

const small = (most: number, least = 1): fc.Arbitrary<number> => fc.integer({ min: least, max: most });
type Built = { inputs: SampleInput[]; attributes?: Attributes };

/** Sizes for all ops: each uses what it needs. */
const sizes = fc.record({
  height: small(6),
  width: small(6),
  channels: small(5),
  units: small(5),
  groups: small(3),
  kernel: fc.tuple(small(3), small(3)),
  stride: fc.tuple(small(3), small(3)),
  dilation: fc.tuple(small(2), small(2)),
  padding: fc.tuple(small(2, 0), small(2, 0), small(2, 0), small(2, 0)),
  flag: fc.boolean(),
  flag2: fc.boolean(),
  choice: small(2, 0),
  flat: fc.boolean(),
});
type Sizes = typeof sizes extends fc.Arbitrary<infer T> ? T : never;

const image = (s: Sizes): SampleInput => map(s.height, s.width, s.channels);
const either = (s: Sizes): SampleInput => (s.flat ? map(s.channels) : image(s));
const affine = (s: Sizes, channels = s.channels): SampleInput[] => (s.flag ? [weight(channels), weight(channels)] : []);

/** Height and width at which the window fits once at least. */
function fitting(s: Sizes, dilated: boolean): { height: number; width: number; dilation: number[] } {
  const dilation = dilated ? [...s.dilation] : [1, 1];
  return {
    height: Math.max(s.height, dilation[0] * (s.kernel[0] - 1) + 1),
    width: Math.max(s.width, dilation[1] * (s.kernel[1] - 1) + 1),
    dilation,
  };
}

function pooling(s: Sizes): Built {
  const { height, width } = fitting(s, false);
  const padding = s.padding.map((size, side) => Math.min(size, s.kernel[side >> 1] - 1));
  const attributes = { kernelSize: s.kernel, stride: s.stride, padding, ceilMode: s.flag };
  return { inputs: [map(height, width, s.channels)], attributes };
}

/** How to sample each differentiable op. */
const builders: ReadonlyMap<Op, (s: Sizes) => Built> = new Map<Op, (s: Sizes) => Built>([
  [op.add, (s) => ({ inputs: [either(s), either(s)] })],
  [
    op.multiply,
    (s) => ({
      inputs:
        s.choice === 0
          ? [either(s), s.flag ? either(s) : weight(s.channels)]
          : [image(s), s.choice === 1 ? map(s.channels) : map(1, 1, s.channels)],
    }),
  ],
  [
    op.concat,
    (s) => ({
      inputs: s.flat ? [map(s.channels), map(s.units)] : [image(s), map(s.height, s.width, s.units), image(s)],
    }),
  ],
  [
    op.conv2d,
    (s) => {
      const { height, width, dilation } = fitting(s, true);
      const [inputs, outputs] = [s.groups * s.choice + s.groups, s.groups * s.units];
      const bias = s.flag ? [weight(outputs)] : [];
      return {
        inputs: [map(height, width, inputs), weight(...s.kernel, inputs / s.groups, outputs), ...bias],
        attributes: { stride: s.stride, padding: s.padding, dilation, groups: s.groups },
      };
    },
  ],
  [
    op.linear,
    (s) => ({ inputs: [map(s.channels), weight(s.channels, s.units), ...(s.flag ? [weight(s.units)] : [])] }),
  ],
  [
    op.batchNorm,
    (s) => ({
      inputs: [either(s), fixed('values', false, s.channels), fixed('positive', false, s.channels), ...affine(s)],
      attributes: { eps: 1e-3, momentum: 0.1 },
    }),
  ],
  [
    op.batchNormEval,
    (s) => ({
      inputs: [either(s), fixed('values', false, s.channels), fixed('positive', false, s.channels), ...affine(s)],
      attributes: { eps: 1e-3 },
    }),
  ],
  [
    op.groupNorm,
    (s) => {
      const channels = s.groups * s.units;
      const x = s.flat ? map(channels) : map(s.height, s.width, channels);
      return { inputs: [x, ...affine(s, channels)], attributes: { eps: 1e-3, groups: s.groups } };
    },
  ],
  [op.layerNorm, (s) => ({ inputs: [either(s), ...affine(s)], attributes: { eps: 1e-3 } })],
  ...[op.relu, op.relu6, op.silu, op.gelu, op.geluTanh, op.hardSwish, op.hardSigmoid, op.sigmoid, op.tanh].map(
    (activation): [Op, (s: Sizes) => Built] => [activation, (s) => ({ inputs: [either(s)] })],
  ),
  [op.leakyRelu, (s) => ({ inputs: [either(s)], attributes: { slope: 0.1 * s.choice } })],
  [op.elu, (s) => ({ inputs: [either(s)], attributes: { alpha: 0.5 + s.choice } })],
  [op.maxPool2d, pooling],
  [
    op.avgPool2d,
    (s) => {
      const { inputs, attributes } = pooling(s);
      return { inputs, attributes: { ...attributes, countIncludePad: s.flag2 } };
    },
  ],
  [op.adaptiveAvgPool2d, (s) => ({ inputs: [image(s)], attributes: { outputSize: [s.units, s.groups] } })],
  [op.globalAvgPool2d, (s) => ({ inputs: [image(s)] })],
  [op.flatten, (s) => ({ inputs: [either(s)] })],
  [
    op.dropout,
    (s) => ({ inputs: [either(s), fixed('step', false, 2)], attributes: { rate: 0.3 * s.choice, key: 77 } }),
  ],
  [
    op.stochasticDepth,
    (s) => ({ inputs: [either(s), fixed('step', false, 2)], attributes: { rate: 0.3 * s.choice, key: 77 } }),
  ],
  [op.zeroPad2d, (s) => ({ inputs: [image(s)], attributes: { padding: s.padding } })],
  [op.resizeNearest, (s) => ({ inputs: [image(s)], attributes: { scale: s.stride } })],
  [op.resizeBilinear, (s) => ({ inputs: [image(s)], attributes: { size: [s.units, s.groups], antialias: s.flag } })],
  [op.softmax, (s) => ({ inputs: [either(s)] })],
  [op.logSoftmax, (s) => ({ inputs: [either(s)] })],
  [
    op.softmaxCrossEntropy,
    (s) => ({
      inputs: [map(s.channels), fixed('labels', true), ...(s.flag ? [fixed('positive', false, s.channels)] : [])],
      attributes: { reduction: ['mean', 'sum', 'none'][s.choice], labelSmoothing: s.flag2 ? 0.1 : 0 },
    }),
  ],
  [
    op.softmaxCrossEntropySoft,
    (s) => ({
      inputs: [
        map(s.channels),
        fixed('probabilities', true, s.channels),
        ...(s.flag ? [fixed('positive', false, s.channels)] : []),
      ],
      attributes: { reduction: ['mean', 'sum', 'none'][s.choice], labelSmoothing: s.flag2 ? 0.1 : 0 },
    }),
  ],
]);

/** Random small samples of an op that has a gradient. @throws Error for an op that no builder knows. */
export function samplesOf(sampled: Op): fc.Arbitrary<Sample> {
  const build = builders.get(sampled);
  if (!build) throw new Error(`no builder for ${sampled.name}`);
  return fc
    .record({ n: small(3), s: sizes, seed: small(1e6) })
    .map(({ n, s, seed }) => ({ n, seed, attributes: {}, ...build(s) }));
}

/** Data of an input. `labels` are below `classes`. */
export function dataOf(
  input: SampleInput,
  count: number,
  random: RandomStream,
  classes: number,
): Float64Array<ArrayBuffer> {
  const data = new Float64Array(count);
  if (input.kind === 'step') return Float64Array.of(random.below(1000), random.below(1000));
  if (input.kind === 'labels') return data.map(() => random.below(classes));
  if (input.kind === 'positive') return data.map(() => 0.5 + random.uniform());
  if (input.kind === 'probabilities') {
    for (let i = 0; i < count; i++) data[i] = random.uniform();
    for (let row = 0; row < count; row += classes) {
      const sum = data.subarray(row, row + classes).reduce((a, b) => a + b, 0);
      for (let c = 0; c < classes; c++) data[row + c] /= sum;
    }
    return data;
  }
  // Distinct places of a grid that has none of -3, 0, 3, 6, spread over about ±7.
  const step = 14 / Math.max(count, 100);
  const places = random.shuffle(Int32Array.from({ length: Math.max(count, 100) }, (_, i) => i));
  return data.map((_, i) => (places[i] + 0.5) * step - 7 + 0.013);
}
