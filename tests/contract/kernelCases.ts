import type { ElementType } from '../../src/core/graph/graph.ts';
import type { Attributes } from '../../src/core/graph/op.ts';
import { RandomStream } from '../../src/core/random.ts';
import { sizeOf } from '../../src/core/shape.ts';

/**
 * What an input holds: values in ±4; `shifted` ones with mean 1; `tied` ones with many equal; `far` ones around 1000; `logits` up to ±60;
 * `labels` below `limit`; `nan` values with one NaN.
 */
export type Kind =
  | 'values'
  | 'shifted'
  | 'tied'
  | 'far'
  | 'positive'
  | 'probabilities'
  | 'logits'
  | 'labels'
  | 'pixels'
  | 'step'
  | 'nan';

export interface CaseInput {
  readonly shape: readonly number[];
  readonly batched: boolean;
  readonly type: ElementType;
  readonly kind: Kind;
  /** Labels are below it. */
  readonly limit?: number;
}

export interface KernelCase {
  readonly title: string;
  readonly n: number;
  readonly inputs: readonly CaseInput[];
  readonly attributes: Attributes;
  readonly tolerance?: number;
  /** Samples of the batched inputs to pass over. */
  readonly skip?: number;
}

/** Drawn once: the cases read it from different places on. A prime number of them, so that rows differ. */
const random = new RandomStream(1, 'dataset');
const uniform = Float32Array.from({ length: 65537 }, () => random.uniform());

/** Element k of an input of a kind; u is uniform in [0, 1). */
function elementOf({ kind, shape, limit = 0 }: CaseInput, u: number, k: number): number {
  switch (kind) {
    case 'shifted':
      return (2 * u - 1) * 4 + 1;
    case 'tied':
      return Math.floor(u * 5) - 2;
    case 'far':
      return 1000 + u;
    case 'positive':
      return 0.5 + u;
    case 'probabilities':
      return u / sizeOf(shape);
    case 'logits':
      return (2 * u - 1) * 60;
    case 'labels':
      return Math.floor(u * limit);
    case 'pixels':
      return Math.floor(u * 256);
    case 'step':
      return k === 0 ? -123456789 : 17;
    case 'nan':
      return k === 0 ? Number.NaN : u;
    default:
      return (2 * u - 1) * 4;
  }
}

/** The data of input i: the same for the same input, whatever n is. */
export function sampleData(test: KernelCase, i: number): Float32Array | Int32Array | Uint8Array {
  const input = test.inputs[i];
  const size = sizeOf(input.shape);
  const first = i * 7919 + (input.batched ? (test.skip ?? 0) * size : 0);
  const data = new { float32: Float32Array, int32: Int32Array, uint8: Uint8Array }[input.type](
    input.batched ? test.n * size : size,
  );
  for (let k = 0; k < data.length; k++) data[k] = elementOf(input, uniform[(first + k) % uniform.length], k);
  return data;
}

const map = (...shape: number[]): CaseInput => ({ shape, batched: true, type: 'float32', kind: 'values' });
const single = (...shape: number[]): CaseInput => ({ ...map(...shape), batched: false });
const as = (kind: Kind, input: CaseInput): CaseInput => ({ ...input, kind });
const labels = (classes: number): CaseInput => ({
  shape: [],
  batched: true,
  type: 'int32',
  kind: 'labels',
  limit: classes,
});
const step: CaseInput = { shape: [2], batched: false, type: 'int32', kind: 'step' };

type Draft = Partial<KernelCase> & { inputs: readonly CaseInput[] };
const draft = (inputs: readonly CaseInput[], attributes: Attributes = {}, more: Partial<KernelCase> = {}): Draft => ({
  inputs,
  attributes,
  ...more,
});

/** Feature maps: each remainder of channels modulo 4 and 16, single pixels, and more elements than one chunk has. */
const maps: readonly (readonly [number, number, number])[] = [
  [1, 1, 1],
  [5, 7, 1],
  [6, 5, 3],
  [3, 3, 4],
  [7, 4, 5],
  [4, 6, 16],
  [5, 5, 17],
  [2, 3, 35],
  [41, 43, 10],
];
/** Maps and features. */
const values: readonly (readonly number[])[] = [...maps, [1], [10], [5001]];

const overValues = (build: (shape: readonly number[], channels: number) => Draft[]): Draft[] =>
  values.flatMap((shape) => build(shape, shape[shape.length - 1]));
const overMaps = (build: (height: number, width: number, channels: number) => Draft[]): Draft[] =>
  maps.flatMap((shape) => build(...shape));

const unary = (attributes: Attributes = {}): Draft[] => overValues((shape) => [draft([map(...shape)], attributes)]);
const binary = (attributes: Attributes = {}): Draft[] =>
  overValues((shape) => [draft([map(...shape), map(...shape)], attributes)]);

/** Windows of poolings: whole and partial coverage, overlap, padding on some sides, ceilMode, dilation. */
const windows: readonly Attributes[] = [
  { kernelSize: [2, 2], stride: [2, 2] },
  { kernelSize: [3, 3], stride: [2, 2], padding: [1, 1, 1, 1] },
  { kernelSize: [3, 2], stride: [1, 3], padding: [0, 2, 1, 0], ceilMode: true },
  { kernelSize: [2, 2], stride: [2, 2], ceilMode: true },
  { kernelSize: [1, 3], stride: [1, 2], padding: [0, 0, 1, 1] },
];
const dilated: readonly Attributes[] = [
  { kernelSize: [2, 3], stride: [2, 1], dilation: [2, 2], padding: [1, 1, 2, 1] },
];

/** Also one with so many places that a byte does not number them. */
const maxWindows: readonly Attributes[] = [...windows, ...dilated, { kernelSize: [17, 16], stride: [8, 9] }];

/** [height, width] that a pooling gives; the reference checks it again. */
function pooled(height: number, width: number, attributes: Attributes): [number, number] | undefined {
  const [kernel, stride] = [attributes.kernelSize, attributes.stride] as (readonly number[])[];
  const padding = (attributes.padding ?? [0, 0, 0, 0]) as readonly number[];
  const dilation = (attributes.dilation ?? [1, 1]) as readonly number[];
  const sizes = [height, width].map((size, axis) => {
    const room = size + padding[2 * axis] + padding[2 * axis + 1] - dilation[axis] * (kernel[axis] - 1) - 1;
    if (room < 0) return 0;
    const count = Math.floor((room + (attributes.ceilMode ? stride[axis] - 1 : 0)) / stride[axis]) + 1;
    return attributes.ceilMode && (count - 1) * stride[axis] >= size + padding[2 * axis] ? count - 1 : count;
  });
  return sizes[0] > 0 && sizes[1] > 0 ? [sizes[0], sizes[1]] : undefined;
}

const overWindows = (
  list: readonly Attributes[],
  build: (x: readonly [number, number, number], y: readonly number[], attributes: Attributes) => Draft,
): Draft[] =>
  overMaps((height, width, channels) =>
    list.flatMap((attributes) => {
      const size = pooled(height, width, attributes);
      return size ? [build([height, width, channels], [...size, channels], attributes)] : [];
    }),
  );

const countings = windows.flatMap((window) => [window, { ...window, countIncludePad: false }]);
const affine = (channels: number): CaseInput[] => [single(channels), single(channels)];

const batchNorms = (attributes: Attributes): Draft[] =>
  overValues((shape, channels) => {
    const running = [single(channels), as('positive', single(channels))];
    // The mean's error is measured by the mean, so it must not be about 0.
    const x = as('shifted', map(...shape));
    return [
      draft([x, ...running, ...affine(channels)], attributes, { n: 7 }),
      draft([x, ...running], attributes, { n: 2 }),
      // float32 holds values about 1000 to 3e-5 of the deviation here.
      draft([as('far', x), ...running], attributes, { n: 7, tolerance: 1e-4 }),
    ];
  });

const normBackwards = (
  statistics: (shape: readonly number[], channels: number) => readonly CaseInput[],
  attributes: Attributes = {},
): Draft[] =>
  overValues((shape, channels) => {
    const inputs = [map(...shape), map(...shape), ...statistics(shape, channels)];
    return [draft(inputs, attributes, { n: 6 }), draft([...inputs, single(channels)], attributes, { n: 2 })];
  });

/** Groups that divide the channels. */
const groupings = (channels: number): number[] => [
  ...new Set([1, channels, channels % 2 === 0 ? 2 : 1, channels === 35 ? 7 : 1]),
];
const overGroups = (build: (shape: readonly number[], channels: number, groups: number) => Draft[]): Draft[] =>
  overValues((shape, channels) => groupings(channels).flatMap((groups) => build(shape, channels, groups)));

const classCounts = [1, 2, 3, 10, 17, 1030];
const reductions = ['mean', 'sum', 'none'];
const lossOf = (reduction: string): CaseInput => (reduction === 'none' ? map() : single());
const settings: readonly Attributes[] = [
  {},
  { labelSmoothing: 0.1 },
  { ignoreIndex: 0 },
  { labelSmoothing: 0.2, ignoreIndex: 1 },
];
const crossEntropies = (soft: boolean, backward: boolean): Draft[] =>
  classCounts.flatMap((classes) =>
    reductions.flatMap((reduction) =>
      settings.flatMap((setting) => {
        const logits = as('logits', map(classes));
        const target = soft ? as('probabilities', map(classes)) : labels(classes);
        const gradient = backward ? [lossOf(reduction)] : [];
        const attributes = { ...setting, reduction };
        return [
          draft([logits, target, ...gradient], attributes, { n: 9 }),
          draft([map(classes), target, as('positive', single(classes)), ...gradient], attributes, { n: 9 }),
        ];
      }),
    ),
  );

/** Parameters: one element to several chunks. */
const parameterShapes = [[1], [3], [3, 3, 1, 5], [37, 449]];
const updates = (
  attributes: Attributes,
  scalars: number,
  states: number,
  shapes: readonly (readonly number[])[] = parameterShapes,
): Draft[] =>
  shapes.map((shape) => {
    const kept = Array.from({ length: states }, () => as('positive', single(...shape)));
    return draft([single(...shape), single(...shape), as('positive', single(scalars)), ...kept], attributes);
  });

/** Tall, wide, square; below, at and beyond each tile of muon's kernels. */
const matrices = [
  ...[
    [1, 1],
    [3, 2],
    [5, 8],
    [8, 5],
    [16, 16],
    [3, 3, 2, 12],
  ],
  ...[
    [3, 3, 8, 64],
    [2, 2, 3, 37],
    [33, 9],
    [70, 41],
    [9, 150],
  ],
];
/** The iteration makes rounding up to 3.44 times as large a step, so that the cases are compared less tightly. */
const muonSettings: readonly Attributes[] = [
  { steps: 3, normalize: true, scale: 'none' },
  { steps: 5, nesterov: false, weightDecay: 0.1 },
];

interface ConvolutionCase {
  readonly x: readonly [number, number, number];
  readonly weight: readonly [number, number, number, number];
  readonly attributes?: Attributes;
}
const convolutions: readonly ConvolutionCase[] = [
  { x: [1, 1, 1], weight: [1, 1, 1, 1] },
  { x: [7, 6, 1], weight: [3, 3, 1, 5] },
  { x: [9, 8, 3], weight: [3, 3, 3, 16], attributes: { padding: [1, 1, 1, 1] } },
  { x: [8, 9, 5], weight: [3, 2, 5, 9], attributes: { stride: [2, 2], padding: [1, 0, 0, 1] } },
  { x: [6, 6, 16], weight: [1, 1, 16, 17] },
  { x: [7, 7, 8], weight: [3, 3, 8, 8], attributes: { dilation: [2, 2], padding: [2, 2, 2, 2] } },
  { x: [6, 5, 6], weight: [3, 3, 2, 9], attributes: { groups: 3, padding: [1, 1, 1, 1] } },
  { x: [6, 7, 5], weight: [3, 3, 1, 5], attributes: { groups: 5, padding: [1, 1, 1, 1] } },
  { x: [8, 8, 20], weight: [5, 5, 1, 20], attributes: { groups: 20, stride: [2, 2], padding: [2, 2, 2, 2] } },
  { x: [19, 17, 12], weight: [3, 3, 12, 20], attributes: { padding: [1, 1, 1, 1] } },
  // More bytes of pixels than are summed at a time.
  { x: [33, 32, 128], weight: [1, 1, 128, 8] },
  // Many weights and few pixels.
  { x: [7, 6, 72], weight: [3, 3, 72, 107], attributes: { stride: [2, 2], padding: [1, 1, 1, 1] } },
  ...depthwise(
    // Windows of 3x3 neighbours, whose four outputs overlap, with channels that are and are not multiples of 4 and 16.
    [[8, 8, 32], { padding: [1, 1, 1, 1] }],
    [[5, 9, 20], { padding: [1, 1, 1, 1] }],
    [[1, 4, 4], { padding: [1, 1, 1, 1] }],
    [[9, 7, 21], { padding: [1, 1, 1, 1] }],
    [[7, 11, 16], { padding: [0, 2, 0, 1] }],
    [[6, 6, 8], {}],
    [[5, 6, 12], { padding: [2, 2, 2, 2] }],
    [[5, 6, 4], { padding: [3, 3, 3, 3] }],
    [[3, 3, 35], { padding: [1, 1, 1, 1] }],
    // Strides, which need not be equal or smaller than the window, and pictures of more than one block of rows.
    [[8, 8, 32], { padding: [1, 1, 1, 1], stride: [2, 2] }],
    [[9, 7, 19], { padding: [1, 1, 1, 1], stride: [2, 2] }],
    [[9, 13, 12], { padding: [1, 1, 1, 1], stride: [2, 2] }],
    [[12, 10, 8], { padding: [0, 1, 0, 1], stride: [2, 2] }],
    [[8, 11, 4], { stride: [2, 2] }],
    [[11, 8, 5], { padding: [0, 1, 2, 0], stride: [1, 2] }],
    [[10, 9, 6], { stride: [4, 5] }],
    [[67, 37, 18], { padding: [1, 1, 1, 1], stride: [2, 1] }],
    [[9, 8, 17], { padding: [2, 2, 2, 2], dilation: [2, 2] }],
  ),
];

/** Depthwise convolutions of 3x3 windows. */
function depthwise(...list: readonly (readonly [ConvolutionCase['x'], Attributes])[]): ConvolutionCase[] {
  return list.map(([x, attributes]) => ({ x, weight: [3, 3, 1, x[2]], attributes: { ...attributes, groups: x[2] } }));
}
const convolved = ({ x, weight, attributes = {} }: ConvolutionCase): number[] => {
  const window = { stride: [1, 1], ...attributes, kernelSize: weight.slice(0, 2) };
  return [...(pooled(x[0], x[1], window) as [number, number]), weight[3]];
};

const linears = [
  [1, 1],
  [7, 3],
  [64, 10],
  [130, 33],
];

const cases: Readonly<Record<string, () => Draft[]>> = {
  add: () => [...binary(), draft([single(3), single(3)])],
  multiply: () => [
    ...binary(),
    ...overMaps((h, w, c) => [draft([map(h, w, c), map(c)]), draft([map(h, w, c), map(1, 1, c)])]),
    // One factor a channel for all pictures.
    ...overMaps((h, w, c) => [draft([map(h, w, c), single(c)]), draft([map(c), single(c)])]),
  ],
  multiplyBackwardScale: () => overMaps((h, w, c) => [draft([map(h, w, c), map(h, w, c)], { scaleShape: [1, 1, c] })]),
  concat: () => overMaps((h, w, c) => [draft([map(h, w, c), map(h, w, 3), map(h, w, 8)]), draft([map(c), map(5)])]),
  concatBackward: () => overMaps((h, w, c) => [draft([map(h, w, c + 6)], { begin: 2, channels: c })]),
  constant: () => [
    draft([], { value: 2.5, shape: [3, 5] }),
    draft([], { value: -1, shape: [90, 91, 3], batched: true }),
  ],
  conv2d: () =>
    convolutions.flatMap(({ x, weight, attributes }) => [
      draft([map(...x), single(...weight)], attributes),
      draft([map(...x), single(...weight), single(weight[3])], attributes, { n: 9 }),
    ]),
  conv2dBackwardInput: () =>
    convolutions.map((c) =>
      draft([map(...convolved(c)), single(...c.weight)], { ...c.attributes, inputShape: c.x }, { n: 5 }),
    ),
  conv2dBackwardWeight: () =>
    convolutions.map((c) =>
      draft([map(...c.x), map(...convolved(c))], { ...c.attributes, kernelSize: c.weight.slice(0, 2) }, { n: 9 }),
    ),
  biasBackward: () => overValues((shape) => [draft([map(...shape)], {}, { n: 7 })]),
  linear: () =>
    linears.flatMap(([features, units]) => [
      draft([map(features), single(features, units)], {}, { n: 9 }),
      draft([map(features), single(features, units), single(units)], {}, { n: 33 }),
    ]),
  linearBackwardInput: () =>
    linears.map(([features, units]) => draft([map(units), single(features, units)], {}, { n: 9 })),
  linearBackwardWeight: () => linears.map(([features, units]) => draft([map(features), map(units)], {}, { n: 33 })),
  batchNorm: () => batchNorms({ eps: 1e-5, momentum: 0.1 }),
  batchNormAgain: () =>
    batchNorms({ eps: 1e-5 }).map((given) => ({ ...given, inputs: given.inputs.filter((_, i) => i !== 1 && i !== 2) })),
  batchNormBackward: () => normBackwards((_shape, c) => [single(c), as('positive', single(c))]),
  batchNormEval: () => batchNorms({ eps: 1e-5 }),
  batchNormEvalBackward: () => normBackwards((_shape, c) => [single(c), as('positive', single(c))], { eps: 1e-5 }),
  groupNorm: () =>
    overGroups((shape, c, groups) => [
      draft([as('shifted', map(...shape))], { groups, eps: 1e-5 }),
      draft([as('shifted', map(...shape)), ...affine(c)], { groups, eps: 1e-5 }),
    ]),
  groupNormBackward: () =>
    overGroups((shape, c, groups) => {
      const inputs = [map(...shape), map(...shape), map(groups), as('positive', map(groups))];
      return [draft(inputs, { groups }), draft([...inputs, single(c)], { groups })];
    }),
  layerNorm: () =>
    overValues((shape, c) => [
      draft([as('shifted', map(...shape))], { eps: 1e-5 }),
      draft([as('far', map(...shape)), ...affine(c)], { eps: 1e-5 }, { tolerance: 1e-4 }),
      draft([as('shifted', map(...shape)), ...affine(c)], { eps: 1e-5 }),
    ]),
  layerNormBackward: () =>
    normBackwards((shape) => [map(...shape.slice(0, -1)), as('positive', map(...shape.slice(0, -1)))]),
  leakyRelu: () => unary({ slope: 0.1 }),
  leakyReluBackward: () => binary({ slope: 0.1 }),
  elu: () => unary({ alpha: 1.5 }),
  eluBackward: () => binary({ alpha: 1.5 }),
  ...Object.fromEntries(
    ['relu', 'relu6', 'silu', 'gelu', 'geluTanh', 'hardSwish', 'hardSigmoid', 'sigmoid', 'tanh'].flatMap((name) => [
      [name, () => [...unary(), ...overValues((shape) => [draft([as('logits', map(...shape))])])]],
      [
        `${name}Backward`,
        () => [...binary(), ...overValues((shape) => [draft([map(...shape), as('tied', map(...shape))])])],
      ],
    ]),
  ),
  maxPool2d: () => overWindows(maxWindows, (x, _y, attributes) => draft([as('tied', map(...x))], attributes)),
  maxPool2dBackward: () =>
    overWindows(maxWindows, (x, y, attributes) => {
      const [rows, columns] = attributes.kernelSize as readonly number[];
      const type = rows * columns > 256 ? 'int32' : 'uint8';
      const places: CaseInput = { shape: y, batched: true, type, kind: 'labels', limit: rows * columns };
      return draft([places, map(...y)], { ...attributes, inputShape: x });
    }),
  avgPool2d: () => overWindows(countings, (x, _y, attributes) => draft([map(...x)], attributes)),
  avgPool2dBackward: () =>
    overWindows(countings, (x, y, attributes) => draft([map(...y)], { ...attributes, inputShape: x })),
  adaptiveAvgPool2d: () =>
    overMaps((h, w, c) => [
      draft([map(h, w, c)], { outputSize: [3, 2] }),
      draft([map(h, w, c)], { outputSize: [1, 7] }),
    ]),
  adaptiveAvgPool2dBackward: () =>
    overMaps((h, w, c) => [
      draft([map(3, 2, c)], { inputShape: [h, w, c] }),
      draft([map(1, 7, c)], { inputShape: [h, w, c] }),
    ]),
  globalAvgPool2d: () => overMaps((h, w, c) => [draft([map(h, w, c)])]),
  globalAvgPool2dBackward: () => overMaps((h, w, c) => [draft([map(c)], { inputShape: [h, w, c] })]),
  flatten: () => overValues((shape) => [draft([map(...shape)])]),
  flattenBackward: () => overValues((shape) => [draft([map(sizeOf(shape))], { inputShape: shape })]),
  dropout: () =>
    overValues((shape) => [0, 0.25, 0.9].map((rate) => draft([map(...shape), step], { rate, key: 0xdeadbeef }))),
  dropoutBackward: () => overValues((shape) => [draft([map(...shape), step], { rate: 0.5, key: 7 })]),
  stochasticDepth: () =>
    overValues((shape) =>
      [0, 0.25, 0.9].map((rate) => draft([map(...shape), step], { rate, key: 0xdeadbeef }, { n: 9 })),
    ),
  stochasticDepthBackward: () => overValues((shape) => [draft([map(...shape), step], { rate: 0.5, key: 7 })]),
  zeroPad2d: () => overMaps((h, w, c) => [draft([map(h, w, c)], { padding: [1, 0, 2, 3] })]),
  zeroPad2dBackward: () =>
    overMaps((h, w, c) => [draft([map(h + 1, w + 5, c)], { padding: [1, 0, 2, 3], inputShape: [h, w, c] })]),
  resizeNearest: () => overMaps((h, w, c) => [draft([map(h, w, c)], { scale: [2, 3] })]),
  resizeNearestBackward: () =>
    overMaps((h, w, c) => [draft([map(2 * h, 3 * w, c)], { scale: [2, 3], inputShape: [h, w, c] })]),
  resizeBilinear: () =>
    overMaps((h, w, c) =>
      [true, false].flatMap((antialias) => [
        draft([map(h, w, c)], { size: [9, 3], antialias }),
        draft([map(h, w, c)], { size: [2, 11], antialias }),
      ]),
    ),
  resizeBilinearBackward: () =>
    overMaps((h, w, c) =>
      [true, false].map((antialias) => draft([map(9, 3, c)], { size: [9, 3], antialias, inputShape: [h, w, c] })),
    ),
  softmax: () => overValues((shape) => [draft([map(...shape)]), draft([as('logits', map(...shape))])]),
  softmaxBackward: () => overValues((shape) => [draft([map(...shape), as('probabilities', map(...shape))])]),
  logSoftmax: () => overValues((shape) => [draft([map(...shape)]), draft([as('logits', map(...shape))])]),
  logSoftmaxBackward: () => overValues((shape) => [draft([map(...shape), map(...shape)])]),
  softmaxCrossEntropy: () => crossEntropies(false, false),
  softmaxCrossEntropyBackward: () => crossEntropies(false, true),
  softmaxCrossEntropySoft: () => crossEntropies(true, false),
  softmaxCrossEntropySoftBackward: () => crossEntropies(true, true),
  imageToFloat: () =>
    overMaps((h, w, c) => [
      draft([{ shape: [h, w, c], batched: true, type: 'uint8', kind: 'pixels' }], {
        mean: Array.from({ length: c }, (_, k) => 0.4 + 0.01 * k),
        std: Array.from({ length: c }, (_, k) => 0.2 + 0.01 * k),
      }),
    ]),
  sgdUpdate: () => [
    ...updates({}, 2, 0),
    ...updates({ momentum: 0.9, weightDecay: 0.01 }, 2, 1),
    ...updates({ momentum: 0.9, nesterov: true }, 2, 1),
  ],
  adamUpdate: () => [...updates({ weightDecay: 0.1 }, 3, 2), ...updates({ amsgrad: true, beta1: 0.8 }, 3, 3)],
  adamwUpdate: () => [...updates({ weightDecay: 0.1 }, 3, 2), ...updates({ amsgrad: true, eps: 1e-3 }, 3, 3)],
  rmspropUpdate: () => [
    ...updates({ weightDecay: 0.1 }, 1, 1),
    ...updates({ centered: true, eps: 1 }, 1, 2),
    ...updates({ momentum: 0.9 }, 1, 2),
    ...updates({ centered: true, momentum: 0.9, eps: 1 }, 1, 3),
  ],
  lionUpdate: () => [...updates({}, 1, 1), ...updates({ weightDecay: 0.1, beta1: 0.5, beta2: 0.8 }, 1, 1)],
  muonUpdate: () =>
    matrices.flatMap((shape) =>
      muonSettings.flatMap((settings) => updates(settings, 1, 1, [shape]).map((one) => ({ ...one, tolerance: 3e-4 }))),
    ),
  gradientNorm: () => [
    ...parameterShapes.map((shape) => draft([single(...shape)])),
    draft(parameterShapes.map((shape) => single(...shape))),
  ],
  clipScale: () => [0.5, 100].map((maxNorm) => draft([as('positive', single())], { maxNorm })),
  scaleInPlace: () => parameterShapes.map((shape) => draft([single(...shape), single()])),
  accumulate: () => parameterShapes.map((shape) => draft([single(...shape), single(...shape), single()])),
  clipValue: () => parameterShapes.map((shape) => draft([single(...shape)], { limit: 1.5 })),
  emaUpdate: () => parameterShapes.map((shape) => draft([single(...shape), single(...shape), single(2)])),
};

const describeCase = ({ inputs, attributes }: KernelCase): string =>
  `${inputs.map(({ shape, kind }) => `${shape.join('x') || 'scalar'} ${kind}`).join(', ')} ${JSON.stringify(attributes)}`;

/** The cases of an op, by its name; none where the table has forgotten it. */
export function kernelCases(op: string): KernelCase[] {
  return (cases[op]?.() ?? []).map((given) => {
    const test: KernelCase = { title: '', n: 3, attributes: {}, ...given };
    return { ...test, title: describeCase(test) };
  });
}
