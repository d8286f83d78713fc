import { describe, expect, it } from 'vitest';
import { differentiate } from '../../src/core/autodiff/differentiate.ts';
import type { Program } from '../../src/core/backend/backend.ts';
import { createReferenceEngine } from '../../src/core/backend/reference.ts';
import { FoveaError } from '../../src/core/errors.ts';
import { elementCount, type Value } from '../../src/core/graph/graph.ts';
import { layers } from '../../src/core/layers/index.ts';
import type { Layer, Options } from '../../src/core/layers/layer.ts';
import { completeOptions, describeOption } from '../../src/core/layers/options.ts';
import { appendLoss } from '../../src/core/losses/index.ts';
import { type BuiltModel, buildModel } from '../../src/core/model/build.ts';
import * as builder from '../../src/core/model/builder.ts';
import { type LayerSpec, type ModelSpec, parseModelSpec } from '../../src/core/model/spec.ts';
import { initializeWeights } from '../../src/core/model/weights.ts';
import { RandomStream } from '../../src/core/random.ts';
import type { Shape } from '../../src/core/shape.ts';

/** One use of a layer. What holds for every layer is tested on all of these: a layer is tested because it is listed. */
interface Case {
  readonly title?: string;
  readonly options?: Readonly<Record<string, unknown>>;
  /** The picture; default 6x5x4. */
  readonly input?: Shape;
  /** Layers before it, and which of them it reads. */
  readonly before?: readonly LayerSpec[];
  readonly inputs?: readonly string[];
  readonly output: Shape;
  /** Gradient reaches every position of the window, so that its size is proved and not only bounded. */
  readonly fills?: boolean;
  /** Windows do not stand at position x stride (adaptive pooling): only their size is compared. */
  readonly floating?: boolean;
}

const same: Case = { output: [6, 5, 4] };
const twice = {
  inputs: ['input', 'side'],
  before: [{ id: 'side', type: 'conv2d', channels: 4, kernelSize: 1 }],
  output: [6, 5, 4],
} as const satisfies Case;

const cases: Readonly<Record<string, readonly Case[]>> = {
  conv2d: [
    { title: 'valid', options: { channels: 3, kernelSize: 3 }, output: [4, 3, 3], fills: true },
    { title: 'same', options: { channels: 3, kernelSize: 3, padding: 'same' }, output: [6, 5, 3], fills: true },
    {
      title: 'same with stride and an even window',
      options: { channels: 2, kernelSize: [2, 3], stride: 2, padding: 'same', bias: false },
      output: [3, 3, 2],
      fills: true,
    },
    {
      title: 'dilation, groups, padding',
      options: {
        channels: 4,
        kernelSize: [2, 3],
        dilation: [3, 1],
        padding: [1, 1],
        groups: 2,
        initialization: 'kaimingNormal',
      },
      output: [5, 5, 4],
      fills: true,
    },
    ...['kaimingNormalIn', 'kaimingUniform', 'normal', 'whitening'].map((initialization) => ({
      title: `that starts by ${initialization}`,
      options: { channels: 3, kernelSize: 2, initialization, deviation: 0.5 },
      output: [5, 4, 3],
      fills: true,
    })),
    {
      title: 'that starts as the identity',
      options: { channels: 6, kernelSize: 3, padding: 1, initialization: 'dirac', groups: 2 },
      output: [6, 5, 6],
    },
  ],
  depthwiseConv2d: [
    { options: { kernelSize: 3, padding: 1 }, output: [6, 5, 4], fills: true },
    {
      title: 'that starts as the identity',
      options: { kernelSize: 3, padding: 1, initialization: 'dirac' },
      output: [6, 5, 4],
    },
    { title: 'multiplier', options: { kernelSize: 2, stride: 2, multiplier: 2 }, output: [3, 2, 8], fills: true },
  ],
  linear: [
    {
      input: [1, 1, 6],
      before: [{ id: 'flat', type: 'flatten' }],
      inputs: ['flat'],
      options: { features: 5 },
      output: [5],
    },
    {
      title: 'without bias',
      before: [{ id: 'flat', type: 'flatten' }],
      options: { features: 3, bias: false },
      output: [3],
    },
    ...['zeroBias', 'normal', 'uniformFanOut'].map((initialization) => ({
      title: `that starts by ${initialization}`,
      before: [{ id: 'flat', type: 'flatten' }],
      options: { features: 3, initialization, deviation: 0.5 },
      output: [3],
    })),
  ],
  pixelLinear: [
    { options: { features: 5 }, output: [6, 5, 5] },
    { title: 'without bias', options: { features: 3, bias: false, initialization: 'normal' }, output: [6, 5, 3] },
  ],
  batchNorm2d: [
    same,
    { ...same, title: 'whose scale is not trained', options: { trainScale: false, initialScale: 1.5 } },
    { ...same, title: 'not affine', options: { affine: false, eps: 0.01, momentum: 0.5 } },
  ],
  groupNorm: [
    { ...same, options: { groups: 2 } },
    { ...same, title: 'not affine', options: { groups: 4, affine: false } },
  ],
  layerNorm: [
    same,
    { title: 'on features', before: [{ id: 'pool', type: 'globalAvgPool2d' }], output: [4] },
    { ...same, title: 'not affine', options: { affine: false } },
  ],
  relu: [same],
  relu6: [same],
  leakyRelu: [same],
  elu: [same],
  silu: [same],
  gelu: [same, { ...same, title: 'approximate', options: { approximate: true } }],
  hardSwish: [same],
  hardSigmoid: [same],
  sigmoid: [same],
  tanh: [same],
  softmax: [same],
  maxPool2d: [
    { title: 'by default', output: [3, 2, 4] },
    { title: 'overlapping, padded', options: { kernelSize: 3, stride: 2, padding: 1 }, output: [3, 3, 4] },
    { title: 'ceil', options: { kernelSize: 2, ceilMode: true }, output: [3, 3, 4] },
    { title: 'same', options: { kernelSize: 3, stride: 2, padding: 'same' }, output: [3, 3, 4] },
  ],
  avgPool2d: [
    { options: { kernelSize: 2 }, output: [3, 2, 4], fills: true },
    {
      title: 'padded, not counted',
      options: { kernelSize: 3, stride: 1, padding: 1, countIncludePad: false },
      output: [6, 5, 4],
      fills: true,
    },
  ],
  blurPool2d: [
    { output: [3, 3, 4], fills: true },
    { title: 'of five, all positions', options: { kernelSize: 5, stride: 1 }, output: [6, 5, 4], fills: true },
    { title: 'of two by three', options: { kernelSize: 2, stride: 3 }, output: [2, 2, 4], fills: true },
  ],
  globalAvgPool2d: [{ output: [4] }],
  adaptiveAvgPool2d: [
    { options: { outputSize: [4, 2] }, output: [4, 2, 4], floating: true },
    { title: 'to one pixel', options: { outputSize: 1 }, output: [1, 1, 4] },
  ],
  flatten: [{ output: [120] }],
  dropout: [
    { ...same, options: { rate: 0.4 } },
    { ...same, title: 'of nothing', options: { rate: 0 } },
  ],
  stochasticDepth: [
    { ...same, options: { rate: 0.3 } },
    { ...same, title: 'of nothing', options: { rate: 0 } },
  ],
  layerScale: [
    { ...same, options: { initial: 0.5 } },
    { title: 'on features', before: [{ id: 'pool', type: 'globalAvgPool2d' }], options: { initial: -2 }, output: [4] },
  ],
  scale: [
    { ...same, options: { factor: 0.3 } },
    { title: 'on features', before: [{ id: 'pool', type: 'globalAvgPool2d' }], options: { factor: -3 }, output: [4] },
  ],
  zeroPad2d: [{ options: { top: 1, right: 2 }, output: [7, 7, 4], fills: true }],
  add: [twice, { ...twice, title: 'three', inputs: ['input', 'side', 'input'] }],
  multiply: [
    twice,
    {
      title: 'by channel',
      before: [...twice.before, { id: 'pool', type: 'globalAvgPool2d', inputs: ['input'] }],
      inputs: ['side', 'pool'],
      output: [6, 5, 4],
    },
  ],
  concat: [{ ...twice, output: [6, 5, 8] }],
};

const BATCH = 2;
const id = 'layer';

/** The layer between the picture and a classifier of two classes. */
function specOf(layer: Layer, { options = {}, input = [6, 5, 4], before = [], inputs }: Case): ModelSpec {
  const own: LayerSpec = { id, type: layer.type, ...(inputs ? { inputs } : {}), ...options };
  const head: LayerSpec[] = [
    { id: 'flattened', type: 'flatten' },
    { id: 'classifier', type: 'linear', features: 2 },
  ];
  return { format: 'fovea-model', version: 1, input, classes: 2, layers: [...before, own, ...head] };
}

function noise(count: number, purpose: number): Float32Array {
  const stream = new RandomStream(7, 'sample', purpose);
  return Float32Array.from({ length: count }, () => 4 * stream.uniform() - 2);
}

const ownLayer = (model: BuiltModel) => model.layers.find((layer) => layer.id === id)!;

/** Writes all inputs with fixed noise; labels 0, 1. */
function writeInputs(program: Program, model: BuiltModel, labels?: Value): Float32Array {
  const pictures = noise(elementCount(model.input, BATCH), 1);
  program.write(model.input, pictures);
  if (model.step) program.write(model.step, Int32Array.from([3, 5]));
  if (labels) program.write(labels, Int32Array.from([0, 1]));
  return pictures;
}

const dot = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, v, i) => sum + v * b[i], 0);

describe('every layer', () => {
  it('has a case here', () => {
    expect(Object.keys(cases).sort()).toEqual(layers.map(({ type }) => type).sort());
  });

  it('has a type of its own, and says what it is', () => {
    expect(new Set(layers.map(({ type }) => type)).size).toBe(layers.length);
    for (const { type, idPrefix, doc } of layers) {
      expect(type).toMatch(/^[a-z][A-Za-z0-9]*$/);
      expect(idPrefix).toMatch(/^[a-z]+$/);
      expect(doc, type).toMatch(/^.{20,140}[.]$/);
    }
  });

  it('has a function of its name in the builder', () => {
    for (const { type } of layers) expect(builder).toHaveProperty(type, expect.any(Function));
  });

  for (const layer of layers) {
    describe(layer.type, () => {
      checkOptions(layer);
      for (const given of cases[layer.type] ?? []) {
        describe(given.title ?? 'as it is used', () => checkCase(layer, given));
      }
    });
  }
});

function checkOptions(layer: Layer): void {
  const options: Options = layer.options;
  it('declares its options soundly', () => {
    for (const [name, option] of Object.entries(options)) {
      expect(option.doc, name).toMatch(/\.$/);
      expect(describeOption(option), name).not.toBe('');
      const { default: value } = option;
      // A default must pass the declaration's own check.
      if (value !== undefined) completeOptions({ options: { [name]: option } }, { [name]: value }, 'the default');
    }
  });

  it('refuses what it does not know', () => {
    expect(() => completeOptions(layer, { nonsense: 1 }, `layer 'x'`)).toThrow(FoveaError);
    for (const [name, option] of Object.entries(options)) {
      const wrong = { [name]: option.type === 'boolean' ? 'yes' : true };
      expect(() => completeOptions({ options: { [name]: option } }, wrong, `layer 'x'`)).toThrow(`option '${name}'`);
    }
  });
}

function checkCase(layer: Layer, given: Case): void {
  const spec = specOf(layer, given);

  it('is the same after JSON', () => {
    const text = JSON.stringify(spec);
    expect(JSON.stringify(parseModelSpec(JSON.parse(text)))).toBe(text);
  });

  it.each([true, false])('computes the shape that it says (training: %s)', async (training) => {
    const model = buildModel(spec, { training, inputType: 'float32' });
    const own = ownLayer(model);
    expect(own.output.shape).toEqual(given.output);
    const engine = createReferenceEngine();
    const program = await engine.compile(model.graph, { capacity: BATCH, outputs: [own.output, model.logits] });
    initializeWeights(engine, model.parameters, 1);
    writeInputs(program, model);
    await program.run(BATCH);
    const output = program.read(own.output);
    expect(output).toHaveLength(elementCount(own.output, BATCH));
    expect(output.every(Number.isFinite)).toBe(true);
    expect(program.read(model.logits).every(Number.isFinite)).toBe(true);
  });

  it('has the same parameters in training and in evaluation', () => {
    const names = [true, false].map((training) => {
      const { parameters } = buildModel(spec, { training, inputType: 'float32' });
      return parameters.map(({ name, fileShape, trainable }) => ({ name, fileShape, trainable }));
    });
    expect(names[0]).toEqual(names[1]);
  });

  it('has gradients that equal finite differences', () => checkGradients(spec));

  it('sees the window that it says', () => checkWindow(spec, given));
}

/** Slopes of the loss along one direction in the pictures and in each parameter, by gradient and by differences. */
async function checkGradients(spec: ModelSpec): Promise<void> {
  const model = buildModel(spec, { training: true, inputType: 'float32' });
  const { loss, labels } = appendLoss(model.graph, model.logits);
  const trainable = ownLayer(model).parameters.filter((info) => info.trainable);
  const wanted = [model.input, ...trainable.map(({ value }) => value)];
  const gradients = differentiate(model.graph, { of: loss, wanted });
  expect([...gradients.keys()]).toEqual(expect.arrayContaining(wanted));
  const engine = createReferenceEngine();
  const program = await engine.compile(model.graph, { capacity: BATCH, outputs: [loss, ...gradients.values()] });
  initializeWeights(engine, model.parameters, 1);
  const pictures = writeInputs(program, model, labels);
  const lossAt = async () => {
    await program.run(BATCH);
    return program.read(loss)[0];
  };
  await lossAt();
  const analytic = wanted.map((value) => program.read(gradients.get(value)!));
  const step = 1e-3;
  for (const [i, value] of wanted.entries()) {
    const start = i === 0 ? pictures : engine.readPersistent(value.name);
    const direction = noise(start.length, 10 + i);
    const move = async (distance: number) => {
      const moved = start.map((v, e) => v + distance * direction[e]);
      if (i === 0) program.write(value, moved);
      else engine.writePersistent(value.name, moved);
      return lossAt();
    };
    const slope = ((await move(step)) - (await move(-step))) / (2 * step);
    await move(0);
    const expected = dot(analytic[i], direction);
    expect(analytic[i].some((v) => v !== 0)).toBe(true);
    // Losses are read as float32: 1e-7 / step of noise in a difference.
    expect(Math.abs(slope - expected), `${value.name}: ${slope}, gradient says ${expected}`).toBeLessThan(
      5e-4 + 0.01 * Math.abs(expected),
    );
  }
}

interface Box {
  readonly first: readonly [number, number];
  readonly last: readonly [number, number];
}

/** Rows and columns where a gradient [height, width, channels] of the first picture is not zero. */
function support(gradient: Float32Array, [height, width, channels]: Shape): Box | undefined {
  let box: Box | undefined;
  for (let i = 0; i < height * width * channels; i++) {
    if (gradient[i] === 0) continue;
    const at = [Math.floor(i / (width * channels)), Math.floor(i / channels) % width] as const;
    box = box
      ? {
          first: [Math.min(box.first[0], at[0]), Math.min(box.first[1], at[1])],
          last: [Math.max(box.last[0], at[0]), Math.max(box.last[1], at[1])],
        }
      : { first: at, last: at };
  }
  return box;
}

/** Each output position's gradient lies in the window that the layer declares, and fills it where the case says so. */
async function checkWindow(spec: ModelSpec, { fills, floating }: Case): Promise<void> {
  const model = buildModel(spec, { training: false, inputType: 'float32' });
  const { layer, options, values, output } = ownLayer(model);
  const [input] = values;
  const window = layer.window?.(options, input.shape);
  const seed = model.graph.source('input', 'seed', { shape: output.shape });
  const gradient = differentiate(model.graph, { of: output, seed, wanted: [input] }).get(input)!;
  const engine = createReferenceEngine();
  const program = await engine.compile(model.graph, { capacity: 1, outputs: [gradient] });
  initializeWeights(engine, model.parameters, 1);
  program.write(model.input, noise(elementCount(model.input, 1), 1));
  const [rows, columns, channels] = output.shape.length === 3 ? output.shape : [1, 1, output.shape[0]];
  let seen = 0;
  for (let row = 0; row < rows; row++) {
    for (let column = 0; column < columns; column++) {
      const seedData = new Float32Array(rows * columns * channels);
      // Random weights: a plain sum over channels has no gradient through a normalisation.
      seedData.set(noise(channels, 99), (row * columns + column) * channels);
      program.write(seed, seedData);
      await program.run(1);
      if (input.shape.length !== 3) continue;
      const box = support(program.read(gradient), input.shape);
      if (box) seen++;
      if (output.shape.length !== 3 || window === 'all') {
        expect(box).toEqual({ first: [0, 0], last: [input.shape[0] - 1, input.shape[1] - 1] });
        continue;
      }
      const slides = window ?? { kernelSize: [1, 1], stride: [1, 1], padding: [0, 0], dilation: [1, 1] };
      const bounds = [0, 1].map((axis) => {
        const begin = [row, column][axis] * slides.stride[axis] - slides.padding[axis];
        const reach = slides.dilation[axis] * (slides.kernelSize[axis] - 1);
        return { begin, end: begin + reach, reach };
      });
      for (const [axis, { begin, end, reach }] of bounds.entries()) {
        if (!box) continue;
        expect(box.last[axis] - box.first[axis]).toBeLessThanOrEqual(reach);
        if (floating) continue;
        expect(box.first[axis]).toBeGreaterThanOrEqual(begin);
        expect(box.last[axis]).toBeLessThanOrEqual(end);
        if (!fills || slides.dilation[axis] > 1) continue;
        expect(box.first[axis]).toBe(Math.max(0, begin));
        expect(box.last[axis]).toBe(Math.min(input.shape[axis] - 1, end));
      }
    }
  }
  if (input.shape.length === 3) expect(seen).toBeGreaterThan(0);
}
