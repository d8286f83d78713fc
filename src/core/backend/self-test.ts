import { differentiate } from '../autodiff/differentiate.ts';
import { elementCount, Graph, isPersistent, type Value, type ValueType } from '../graph/graph.ts';
import type { Attributes, Op } from '../graph/op.ts';
import { completeOptions } from '../layers/options.ts';
import { appendLoss } from '../losses/index.ts';
import { buildModel } from '../model/build.ts';
import * as layer from '../model/builder.ts';
import { buildPreset } from '../model/presets/index.ts';
import { adapt, type ModelSpec } from '../model/spec.ts';
import * as op from '../ops/index.ts';
import { multiplyAddPeak } from '../ops/peak.ts';
import { winogradProducts } from '../ops/winogradProducts.ts';
import * as optimizer from '../optimizers/index.ts';
import { updateAttributes } from '../optimizers/index.ts';
import { RandomStream } from '../random.ts';
import type { Engine } from './backend.ts';

/** A program that some kernels are proved with: where it runs, on which data, is decided here and by nothing else. */
export interface SelfTestCase {
  readonly title: string;
  /** Runs it from its beginning on an engine that has run nothing else. */
  run(engine: Engine): Promise<void>;
}

/**
 * Programs that together call every kernel of the engine, in well under a second: one training step and one evaluation
 * of models with layers of each kind, and the ops that no model reaches. Two engines that have done the same of them
 * hold the same memory, byte for byte, when their kernels compute the same.
 */
export function selfTestCases(): SelfTestCase[] {
  return [
    ...Object.entries(models()).flatMap(([name, spec]) => [training(name, spec), evaluation(name, spec)]),
    ...looseOps().map(([title, make]) => single(title, make)),
  ];
}

/** Small inputs, but large enough for each way to compute a layer that the plan knows. */
function models(): Readonly<Record<string, ModelSpec>> {
  const data = { input: [20, 18, 3], classes: 10 };
  const same = { kernelSize: 3, padding: 'same' } as const;
  return {
    'layers of each kind': adapt(
      layer.sequential([
        layer.conv2d(16, same),
        layer.batchNorm2d(),
        layer.relu(),
        layer.residual([layer.conv2d(16, { ...same, bias: false }), layer.batchNorm2d()]),
        layer.relu(),
        layer.residual([layer.conv2d(16, { kernelSize: 1 }), layer.tanh()]),
        layer.relu6(),
        layer.depthwiseConv2d({ kernelSize: 3, padding: 1 }),
        layer.silu(),
        layer.depthwiseConv2d({ kernelSize: 5, padding: 2, stride: 2 }),
        layer.groupNorm(4),
        layer.leakyRelu(),
        layer.branches(layer.multiply(), [], [layer.globalAvgPool2d(), layer.linear(16), layer.hardSigmoid()]),
        layer.branches(layer.multiply(), [layer.sigmoid()], [layer.hardSwish()]),
        layer.branches(layer.concat(), [layer.gelu()], [layer.gelu({ approximate: true }), layer.elu()]),
        layer.layerNorm(),
        layer.pixelLinear(24),
        layer.maxPool2d(3, { stride: 1 }),
        layer.zeroPad2d({ top: 1, left: 2 }),
        layer.conv2d(40, { kernelSize: 3, stride: 2, padding: 1 }),
        layer.relu6(),
        layer.conv2d(20, { kernelSize: [3, 2], groups: 4, padding: 1 }),
        layer.avgPool2d(2, { stride: 1 }),
        layer.adaptiveAvgPool2d(3),
        layer.softmax(),
        layer.flatten(),
        layer.dropout(0.3),
        layer.stochasticDepth(0.4),
        layer.layerScale({ initial: 0.7 }),
        layer.scale(3),
        layer.linear(),
      ]),
      data,
    ),
    'thin pictures': adapt(
      layer.sequential([
        layer.conv2d(17, { kernelSize: 3 }),
        layer.relu(),
        layer.maxPool2d(2),
        layer.conv2d(33, { kernelSize: 3 }),
        layer.relu(),
        layer.flatten(),
        layer.linear(),
      ]),
      { input: [15, 14, 1], classes: 3 },
    ),
    'mnist-cnn': buildPreset('mnist-cnn', { input: [20, 20, 1], classes: 10 }),
    resnet20: buildPreset('resnet20', { input: [12, 12, 3], classes: 10 }),
    mobile: buildPreset('mobile', { input: [16, 16, 3], classes: 10 }),
    'many channels': adapt(
      layer.sequential([
        layer.conv2d(72, same),
        layer.relu(),
        layer.conv2d(72, same),
        layer.relu(),
        layer.maxPool2d(2),
        layer.globalAvgPool2d(),
        layer.linear(),
      ]),
      { input: [8, 8, 3], classes: 3 },
    ),
  };
}

const n = 9;

/** Those that take a parameter of any shape. */
const updating = optimizer.optimizers.filter(({ route }) => route === undefined);

/** Forward, loss, backward and each optimizer's update of a part of the parameters. */
function training(name: string, spec: ModelSpec): SelfTestCase {
  return {
    title: `a training step of ${name}`,
    async run(engine) {
      const model = buildModel(spec, { training: true, inputType: 'float32' });
      const { graph } = model;
      const { loss } = appendLoss(graph, model.logits, undefined, 'mean');
      const trained = model.parameters.filter(({ trainable }) => trainable);
      const gradients = differentiate(graph, { of: loss, wanted: trained.map(({ value }) => value) });
      trained.forEach(({ name: parameter, value, decay }, i) => {
        const kind = updating[i % updating.length];
        // With momentum and without, where there is one, so that each way to update is met.
        const given = 'momentum' in kind.options ? { momentum: i % 8 < 4 ? 0.9 : 0 } : {};
        const settings = completeOptions(kind, given, kind.name);
        const scalars = graph.source('state', `${parameter}.scalars`, {
          shape: [kind.scalars(settings, 0.01, 2).length],
          batched: false,
        });
        const states = kind
          .states(settings)
          .map((state) => graph.source('state', `${parameter}.${state}`, { shape: value.shape, batched: false }));
        const inputs = [value, gradients.get(value) as Value, scalars, ...states];
        graph.apply(kind.update, inputs, updateAttributes(settings, decay), `${parameter}.update`);
      });
      await runFilled(engine, graph, [loss]);
    },
  };
}

/** The forward pass from 8-bit pictures, with running statistics. */
function evaluation(name: string, spec: ModelSpec): SelfTestCase {
  return {
    title: `an evaluation of ${name}`,
    async run(engine) {
      const channels = spec.input[2];
      const preprocessing = { mean: Array(channels).fill(0.4), std: Array(channels).fill(0.3) };
      const { graph, logits } = buildModel(spec, { training: false, inputType: 'uint8', preprocessing });
      await runFilled(engine, graph, [logits]);
    },
  };
}

type LooseOp = (graph: Graph) => Value[];

function single(title: string, make: LooseOp): SelfTestCase {
  return {
    title,
    async run(engine) {
      const graph = new Graph();
      await runFilled(engine, graph, make(graph));
    },
  };
}

const sumInto = (activation: Op): readonly [string, LooseOp] => [
  `add and ${activation.name}`,
  (graph) => {
    const [a, b] = ['a', 'b'].map((name) => graph.source('input', name, { shape: [5, 7, 13] }));
    return graph.apply(activation, graph.apply(op.add, [a, b]));
  },
];

/** Ops that no model above reaches, or not for sure: title, and how to put them into a graph. */
function looseOps(): (readonly [string, LooseOp])[] {
  const state = (...shape: number[]): ValueType => ({ shape, batched: false, type: 'float32' });
  const map = (...shape: number[]): ValueType => ({ shape, batched: true, type: 'float32' });
  const apply = (which: Op, inputs: readonly ValueType[], attributes: Attributes = {}): readonly [string, LooseOp] => [
    which.name,
    (graph) =>
      graph.apply(
        which,
        inputs.map((type, i) => graph.source(which.mutates?.includes(i) ? 'state' : 'input', `x${i}`, type)),
        attributes,
      ),
  ];
  return [
    // In models many of these are done by the kernel before them, today or tomorrow.
    ...op.activationOps.map((which) =>
      apply(which, which.name.endsWith('Backward') ? [map(5, 7, 13), map(5, 7, 13)] : [map(5, 7, 13)], {
        slope: 0.1,
        alpha: 1.5,
      }),
    ),
    ...[op.relu, op.relu6].map(sumInto),
    apply(op.add, [map(5, 7, 13), map(5, 7, 13)]),
    apply(op.multiply, [map(5, 7, 13), map(5, 7, 13)]),
    apply(op.multiply, [map(5, 7, 13), map(13)]),
    apply(op.dropout, [map(5, 7, 13), { shape: [2], batched: false, type: 'int32' }], { rate: 0.25, key: 7 }),
    apply(op.softmax, [map(17)]),
    apply(op.flatten, [map(13)]),
    apply(op.batchNormEval, [map(5, 7, 13), state(13), state(13), state(13), state(13)], { eps: 1e-5 }),
    apply(op.batchNormEvalBackward, [map(5, 7, 13), map(5, 7, 13), state(13), state(13)], { eps: 1e-5 }),
    apply(op.logSoftmax, [map(17)]),
    apply(op.logSoftmaxBackward, [map(17), map(17)]),
    apply(op.softmaxCrossEntropySoft, [map(17), map(17)], { reduction: 'mean' }),
    apply(op.softmaxCrossEntropySoftBackward, [map(17), map(17), state()], { reduction: 'mean' }),
    apply(op.maxPool2d, [map(9, 7, 19)], { kernelSize: [2, 2], stride: [2, 2] }),
    apply(op.maxPool2d, [map(9, 7, 19)], { kernelSize: [3, 3], stride: [2, 2] }),
    apply(op.maxPool2dBackward, [{ ...map(4, 3, 19), type: 'uint8' }, map(4, 3, 19)], {
      ...{ kernelSize: [2, 2], stride: [2, 2] },
      inputShape: [9, 7, 19],
    }),
    apply(op.resizeBilinear, [map(5, 7, 13)], { size: [9, 3], antialias: true }),
    apply(op.resizeBilinearBackward, [map(9, 3, 13)], { size: [9, 3], antialias: true, inputShape: [5, 7, 13] }),
    apply(op.constant, [], { value: 2.5, shape: [9, 9, 3] }),
    apply(optimizer.gradientNorm, [state(37, 45), state(3)]),
    apply(optimizer.clipScale, [state()], { maxNorm: 0.5 }),
    apply(optimizer.scaleInPlace, [state(37, 45), state()]),
    apply(optimizer.clipValue, [state(37, 45)], { limit: 0.05 }),
    apply(optimizer.emaUpdate, [state(37, 45), state(37, 45), state(2)]),
    apply(optimizer.muon.update, [state(3, 3, 5, 20), state(3, 3, 5, 20), state(1), state(3, 3, 5, 20)]),
    apply(optimizer.muon.update, [state(7, 33), state(7, 33), state(1), state(7, 33)], { normalize: true }),
    apply(optimizer.accumulate, [state(37, 45), state(37, 45), state()]),
    apply(winogradProducts, [map(36, 7, 16), state(36, 3, 16, 8)], { repeats: 2 }),
    apply(multiplyAddPeak, [state(4, 64), state(64, 8)], { repeats: 3 }),
  ];
}

/** Compiles a graph, fills all that it reads with numbers above 0 and below 1, and runs a whole and a partial batch. */
async function runFilled(engine: Engine, graph: Graph, outputs: readonly Value[]): Promise<void> {
  const program = await engine.compile(graph, { capacity: n, outputs });
  const random = new RandomStream(3, 'sample');
  const sources = graph.values.filter(({ role }) => role !== 'intermediate');
  for (const source of sources) {
    if (!isPersistent(source)) continue;
    // Above 0, as variances and Adam's second moments are; about 0 on the average would lose its digits.
    const data = Float32Array.from({ length: elementCount(source, 1) }, () => 0.02 + 0.1 * random.uniform());
    engine.writePersistent(source.name, data);
  }
  for (const batch of [n, n - 4]) {
    for (const source of sources) {
      if (source.role !== 'input') continue;
      const count = elementCount(source, batch);
      if (source.type === 'float32')
        program.write(
          source,
          Float32Array.from({ length: count }, () => random.uniform()),
        );
      else if (source.type === 'uint8')
        program.write(
          source,
          Uint8Array.from({ length: count }, () => random.below(256)),
        );
      else
        program.write(
          source,
          Int32Array.from({ length: count }, () => random.below(3)),
        );
    }
    await program.run(batch);
  }
}
