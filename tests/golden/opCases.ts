import { differentiate } from '../../src/core/autodiff/differentiate.ts';
import type { Engine } from '../../src/core/backend/backend.ts';
import { Graph, type Value } from '../../src/core/graph/graph.ts';
import type { Attributes, Op } from '../../src/core/graph/op.ts';
import * as op from '../../src/core/ops/index.ts';
import { expectClose, toleranceOf } from './compare.ts';
import { type GoldenCase, type GoldenFamily, permute } from './files.ts';

/** PyTorch's layouts and ours: axis i of ours is axis layout[i] of PyTorch's. */
const layouts = { image: [0, 2, 3, 1], weight: [2, 3, 1, 0], linear: [1, 0], same: undefined } as const;
type Layout = keyof typeof layouts;

const inverse = (permutation: readonly number[]): number[] => permutation.map((_, axis) => permutation.indexOf(axis));

/** Builds one case as a graph, runs it and compares. Tensors are named as in the case (without its name and dot). */
export class OpCase {
  readonly graph = new Graph();
  readonly params: Readonly<Record<string, unknown>>;
  private readonly inputs: { value: Value; data: Float32Array | Int32Array }[] = [];
  private readonly persistent: { name: string; data: Float32Array }[] = [];
  private readonly checks: { name: string; layout: Layout; value: Value | string }[] = [];
  private readonly golden: GoldenCase;
  private readonly family: GoldenFamily;
  private n = 0;

  constructor(family: GoldenFamily, golden: GoldenCase) {
    this.family = family;
    this.golden = golden;
    this.params = golden.params ?? {};
  }

  has(name: string): boolean {
    return this.family.tensors.has(`${this.golden.name}.${name}`);
  }

  /** A batched input: [n, c, h, w] becomes a feature map, [n, c] features, [n] a number an image. */
  batch(name: string): Value {
    const { shape, data } = this.tensor(name);
    const layout = shape.length === 4 ? 'image' : 'same';
    const own = layouts[layout] ? layouts[layout].map((axis) => shape[axis]) : shape;
    this.n = shape[0];
    const type = data instanceof Int32Array ? 'int32' : 'float32';
    const value = this.graph.source('input', name, { shape: own.slice(1), batched: true, type });
    this.inputs.push({ value, data: type === 'int32' ? (data as Int32Array) : this.toOwn(name, layout) });
    return value;
  }

  /** An input without a batch dimension. */
  single(name: string): Value {
    const value = this.graph.source('input', name, { shape: this.tensor(name).shape, batched: false });
    this.inputs.push({ value, data: this.toOwn(name, 'same') });
    return value;
  }

  /** A value that lives in the engine, under a name of this case. */
  stored(role: 'parameter' | 'buffer', name: string, layout: Layout = 'same'): Value {
    const { shape } = this.tensor(name);
    const own = layouts[layout]?.map((axis) => shape[axis]) ?? shape;
    const full = `${this.golden.name}.${name}`;
    this.persistent.push({ name: full, data: this.toOwn(name, layout) });
    return this.graph.source(role, full, { shape: own });
  }

  apply(of: Op, inputs: readonly Value[], attributes: Attributes = {}): Value {
    return this.graph.apply(of, inputs, attributes)[0];
  }

  /** Expects `output` and, with grad_output as seed, the gradient of each wanted value as the tensor of that name. */
  expect(output: Value, wanted: Readonly<Record<string, readonly [Value, Layout?]>>): void {
    this.check('output', output);
    const seed = output.batched ? this.batch('grad_output') : this.single('grad_output');
    const values = Object.values(wanted).map(([value]) => value);
    const gradients = differentiate(this.graph, { of: output, seed, wanted: values });
    for (const [name, [value, layout]] of Object.entries(wanted)) {
      const gradient = gradients.get(value);
      if (!gradient) throw new Error(`no gradient reached ${name}`);
      this.check(name, gradient, layout);
    }
  }

  /** Expects a stored value, after the run, as the tensor `name`. */
  expectStored(name: string, stored: Value): void {
    this.checks.push({ name, layout: 'same', value: stored.name });
  }

  async run(engine: Engine, looseness: (tensor: string) => number): Promise<void> {
    const read = this.checks.flatMap(({ value }) => (typeof value === 'string' ? [] : [value]));
    const program = await engine.compile(this.graph, { capacity: this.n, outputs: read });
    for (const { name, data } of this.persistent) engine.writePersistent(name, data);
    for (const { value, data } of this.inputs) program.write(value, data);
    await program.run(this.n);
    for (const { name, layout, value } of this.checks) {
      const expected = this.tensor(name);
      const own = typeof value === 'string' ? engine.readPersistent(value) : program.read(value);
      const permutation = layouts[layout];
      const theirs = permutation
        ? permute(
            own,
            permutation.map((axis) => expected.shape[axis]),
            inverse(permutation),
          )
        : own;
      const recorded = (this.golden.torch_f32_vs_f64_max_abs as Record<string, number>)[name];
      if (typeof recorded !== 'number') throw new Error(`the manifest has no error for ${name}`);
      const data = expected.data as Float32Array;
      expectClose(`${this.golden.name}.${name}`, theirs, data, toleranceOf(data, recorded, looseness(name)));
    }
    program.dispose();
  }

  /** Tensors of the case that no one looked at: a harness that forgets a gradient fails. */
  unused(): string[] {
    const used = new Set([...this.inputs.map(({ value }) => value.name), ...this.checks.map(({ name }) => name)]);
    for (const { name } of this.persistent) used.add(name.slice(this.golden.name.length + 1));
    const prefix = `${this.golden.name}.`;
    const own = [...this.family.tensors.keys()].filter((name) => name.startsWith(prefix));
    return own.map((name) => name.slice(prefix.length)).filter((name) => !used.has(name));
  }

  private check(name: string, value: Value, layout?: Layout): void {
    this.checks.push({ name, value, layout: layout ?? (this.tensor(name).shape.length === 4 ? 'image' : 'same') });
  }

  private tensor(name: string) {
    const tensor = this.family.tensors.get(`${this.golden.name}.${name}`);
    if (!tensor) throw new Error(`no tensor ${name}`);
    return tensor;
  }

  private toOwn(name: string, layout: Layout): Float32Array {
    const { shape, data } = this.tensor(name);
    const permutation = layouts[layout];
    return permutation ? permute(data as Float32Array, shape, permutation) : (data as Float32Array);
  }
}

const pair = (value: unknown): number[] => (Array.isArray(value) ? value.map(Number) : [Number(value), Number(value)]);
const sides = (value: unknown): number[] => pair(value).flatMap((size) => [size, size]);

/** PyTorch's names of activations and ours. */
const activations: Readonly<Record<string, readonly [Op, Attributes?]>> = {
  relu: [op.relu],
  relu6: [op.relu6],
  silu: [op.silu],
  gelu: [op.gelu],
  gelu_tanh: [op.geluTanh],
  hardswish: [op.hardSwish],
  hardsigmoid: [op.hardSigmoid],
  sigmoid: [op.sigmoid],
  tanh: [op.tanh],
  leaky_relu_0_01: [op.leakyRelu, { slope: 0.01 }],
  elu: [op.elu],
};

/** How a case of each family becomes a graph. @throws Error for a case that no handler knows. */
export const families: Readonly<Record<string, (c: OpCase) => void>> = {
  conv2d(c) {
    const { kernel, stride, padding, dilation, groups, bias } = c.params;
    const x = c.batch('input');
    const weight = c.stored('parameter', 'weight', 'weight');
    const offset = bias ? c.stored('parameter', 'bias') : undefined;
    const attributes = {
      stride: pair(stride),
      padding: sides(padding),
      dilation: pair(dilation),
      groups: Number(groups),
    };
    if (String(kernel) !== String(weight.shape.slice(0, 2))) throw new Error(`kernel ${kernel} is not the weight's`);
    const y = c.apply(op.conv2d, offset ? [x, weight, offset] : [x, weight], attributes);
    c.expect(y, {
      grad_input: [x],
      grad_weight: [weight, 'weight'],
      ...(offset ? { grad_bias: [offset] as const } : {}),
    });
  },
  linear(c) {
    const x = c.batch('input');
    const weight = c.stored('parameter', 'weight', 'linear');
    const bias = c.params.bias ? c.stored('parameter', 'bias') : undefined;
    const y = c.apply(op.linear, bias ? [x, weight, bias] : [x, weight]);
    c.expect(y, { grad_input: [x], grad_weight: [weight, 'linear'], ...(bias ? { grad_bias: [bias] as const } : {}) });
  },
  batch_norm(c) {
    const { training, eps, momentum, affine } = c.params;
    const x = c.batch('input');
    const mean = c.stored('buffer', 'running_mean');
    const variance = c.stored('buffer', 'running_var');
    const scales = affine ? [c.stored('parameter', 'weight'), c.stored('parameter', 'bias')] : [];
    const inputs = [x, mean, variance, ...scales];
    const y = training
      ? c.apply(op.batchNorm, inputs, { eps: Number(eps), momentum: Number(momentum) })
      : c.apply(op.batchNormEval, inputs, { eps: Number(eps) });
    const [weight, bias] = scales;
    c.expect(y, { grad_input: [x], ...(affine ? { grad_weight: [weight] as const, grad_bias: [bias] as const } : {}) });
    c.expectStored('running_mean_after', mean);
    c.expectStored('running_var_after', variance);
  },
  norm_other(c) {
    const x = c.batch('input');
    const scales = c.has('weight') ? [c.stored('parameter', 'weight'), c.stored('parameter', 'bias')] : [];
    const eps = Number(c.params.eps);
    const name = String(c.params.op);
    let y: Value;
    if (name.startsWith('layer_norm')) y = c.apply(op.layerNorm, [x, ...scales], { eps });
    else if (name === 'group_norm') y = c.apply(op.groupNorm, [x, ...scales], { eps, groups: Number(c.params.groups) });
    else if (name === 'instance_norm') y = c.apply(op.groupNorm, [x, ...scales], { eps, groups: x.shape[2] });
    else throw new Error(`no handler for ${name}`);
    const [weight, bias] = scales;
    c.expect(y, { grad_input: [x], ...(weight ? { grad_weight: [weight] as const, grad_bias: [bias] as const } : {}) });
  },
  activations(c) {
    const known = activations[String(c.params.op)];
    if (!known) throw new Error(`no handler for ${c.params.op}`);
    const x = c.batch('input');
    c.expect(c.apply(known[0], [x], known[1]), { grad_input: [x] });
  },
  pooling(c) {
    const { op: name, kernel, stride, padding, ceil_mode, count_include_pad, output_size } = c.params;
    const x = c.batch('input');
    const window = {
      kernelSize: pair(kernel),
      stride: pair(stride),
      padding: sides(padding),
      ceilMode: ceil_mode === true,
    };
    let y: Value;
    if (name === 'max_pool2d') y = c.apply(op.maxPool2d, [x], window);
    else if (name === 'avg_pool2d')
      y = c.apply(op.avgPool2d, [x], { ...window, countIncludePad: count_include_pad === true });
    else if (name === 'adaptive_avg_pool2d') y = c.apply(op.adaptiveAvgPool2d, [x], { outputSize: pair(output_size) });
    else throw new Error(`no handler for ${name}`);
    c.expect(y, { grad_input: [x] });
  },
  cross_entropy(c) {
    const { op: name, reduction, label_smoothing, ignore_index, weighted, soft_targets } = c.params;
    if (name === 'softmax' || name === 'log_softmax') {
      const x = c.batch('input');
      c.expect(c.apply(name === 'softmax' ? op.softmax : op.logSoftmax, [x]), { grad_input: [x] });
      return;
    }
    if (name !== undefined) throw new Error(`no handler for ${name}`);
    const logits = c.batch('logits');
    const attributes = { reduction: String(reduction), labelSmoothing: Number(label_smoothing) };
    const weights = weighted ? [c.single('class_weight')] : [];
    const y = soft_targets
      ? c.apply(op.softmaxCrossEntropySoft, [logits, c.batch('target_probs'), ...weights], attributes)
      : c.apply(op.softmaxCrossEntropy, [logits, c.batch('target'), ...weights], {
          ...attributes,
          ...(typeof ignore_index === 'number' ? { ignoreIndex: ignore_index } : {}),
        });
    c.expect(y, { grad_logits: [logits] });
  },
  structure(c) {
    const a = c.batch('a');
    const { op: name, left, right, top, bottom, size, antialias } = c.params;
    if (name === 'add') {
      const b = c.batch('b');
      c.expect(c.apply(op.add, [a, b]), { grad_a: [a], grad_b: [b] });
    } else if (name === 'add(x,x)') {
      c.expect(c.apply(op.add, [a, a]), { grad_a: [a] });
    } else if (name === 'mul') {
      const b = c.batch('b');
      c.expect(c.apply(op.multiply, [a, b]), { grad_a: [a], grad_b: [b] });
    } else if (name === 'mul broadcast [N,C,1,1]') {
      const scale = c.batch('scale');
      c.expect(c.apply(op.multiply, [a, scale]), { grad_a: [a], grad_scale: [scale] });
    } else if (name === 'concat') {
      const b = c.batch('b');
      const third = c.batch('c');
      c.expect(c.apply(op.concat, [a, b, third]), { grad_a: [a], grad_b: [b], grad_c: [third] });
    } else if (name === 'relu(x)+x') {
      c.expect(c.apply(op.add, [c.apply(op.relu, [a]), a]), { grad_a: [a] });
    } else if (name === 'flatten from dim 1') {
      c.expect(c.apply(op.flatten, [a]), { grad_a: [a] });
    } else if (name === 'zero pad') {
      const padding = [top, bottom, left, right].map(Number);
      c.expect(c.apply(op.zeroPad2d, [a], { padding }), { grad_a: [a] });
    } else if (name === 'nearest x2') {
      c.expect(c.apply(op.resizeNearest, [a], { scale: [2, 2] }), { grad_a: [a] });
    } else if (name === 'bilinear') {
      c.expect(c.apply(op.resizeBilinear, [a], { size: pair(size), antialias: antialias === true }), { grad_a: [a] });
    } else {
      throw new Error(`no handler for ${name}`);
    }
  },
};
