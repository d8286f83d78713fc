import type { Engine } from '../../src/core/backend/backend.ts';
import { Graph, type Value } from '../../src/core/graph/graph.ts';
import type { OptionValues } from '../../src/core/layers/layer.ts';
import { add, constant } from '../../src/core/ops/index.ts';
import { clipScale, emaUpdate, gradientNorm, optimizers, scaleInPlace } from '../../src/core/optimizers/index.ts';
import { expectClose, toleranceOf } from './compare.ts';
import type { GoldenCase, GoldenFamily } from './files.ts';

const STEPS = 10;
const SHAPE = [3, 4];
const SIZE = 12;

const tensor = (family: GoldenFamily, name: string): Float32Array => {
  const found = family.tensors.get(name);
  if (!found) throw new Error(`no tensor ${name}`);
  return found.data as Float32Array;
};

const step = (data: Float32Array, i: number): Float32Array => data.subarray(i * SIZE, (i + 1) * SIZE);

/** PyTorch's settings as our options. */
function optionsOf(settings: Readonly<Record<string, unknown>>): OptionValues {
  const names: Record<string, string> = { weight_decay: 'weightDecay' };
  const options: Record<string, number | boolean> = {};
  for (const [key, value] of Object.entries(settings)) {
    if (key === 'lr') continue;
    if (key === 'betas') [options.beta1, options.beta2] = value as number[];
    else options[names[key] ?? key] = value as number | boolean;
  }
  return options;
}

/** Ten steps of an optimizer; `average` adds a moving average of the weights. */
async function runSteps(
  engine: Engine,
  family: GoldenFamily,
  golden: GoldenCase,
  average?: { decay: number; expected: Float32Array },
): Promise<void> {
  const settings = golden.settings as Record<string, unknown>;
  const optimizer = optimizers.find(({ name }) => name === String(golden.optimizer).toLowerCase());
  if (!optimizer) throw new Error(`no handler for ${golden.optimizer}`);
  const options = optionsOf(settings);
  const unknown = Object.keys(options).filter((name) => !(name in optimizer.options));
  if (unknown.length > 0) throw new Error(`${optimizer.name} has no option ${unknown}`);

  const prefix = `${golden.name}${average ? '.average' : ''}`;
  const graph = new Graph();
  const parameter = graph.source('parameter', `${prefix}.parameter`, { shape: SHAPE });
  const gradient = graph.source('input', 'gradient', { shape: SHAPE, batched: false });
  const count = optimizer.scalars(options, 0.1, 1).length;
  const scalars = graph.source('input', 'scalars', { shape: [count], batched: false });
  const states = optimizer.states(options).map((name) => graph.source('state', `${prefix}.${name}`, { shape: SHAPE }));
  graph.apply(optimizer.update, [parameter, gradient, scalars, ...states], options);
  const averaged = average ? graph.source('state', `${prefix}.averaged`, { shape: SHAPE }) : undefined;
  const shares = average && graph.source('input', 'shares', { shape: [2], batched: false });
  if (averaged && shares) graph.apply(emaUpdate, [averaged, parameter, shares]);

  const program = await engine.compile(graph, { capacity: 1, outputs: [] });
  const initial = tensor(family, 'param_initial');
  engine.writePersistent(parameter.name, initial);
  if (averaged) engine.writePersistent(averaged.name, initial);
  const grads = tensor(family, 'grads');
  const expected = average?.expected ?? tensor(family, `${golden.name}.params_after`);
  const recorded = Number(golden.torch_f32_vs_f64_max_abs ?? 0);
  for (let i = 0; i < STEPS; i++) {
    const learningRate = typeof settings.lr === 'number' ? settings.lr : 0.1 / 2 ** i;
    program.write(gradient, step(grads, i));
    program.write(scalars, Float32Array.from(optimizer.scalars(options, learningRate, i + 1)));
    if (shares && average) program.write(shares, Float32Array.of(average.decay, 1 - average.decay));
    await program.run(1);
    const actual = engine.readPersistent((averaged ?? parameter).name);
    const wanted = step(expected, i);
    expectClose(`${prefix} after step ${i + 1}`, actual, wanted, toleranceOf(wanted, recorded));
  }
  program.dispose();
}

/** Two gradients scaled down to a common norm. They are intermediate values, as in training. */
async function runClip(engine: Engine, family: GoldenFamily, golden: GoldenCase): Promise<void> {
  const graph = new Graph();
  const inputs: [Value, Float32Array][] = [];
  const gradient = (name: string, shape: number[]): Value => {
    const input = graph.source('input', name, { shape, batched: false });
    inputs.push([input, tensor(family, `clip_norm.${name}`)]);
    const [zero] = graph.apply(constant, [], { value: 0, shape });
    return graph.apply(add, [input, zero])[0];
  };
  const a = gradient('grad_a', [3, 4]);
  const b = gradient('grad_b', [2]);
  const [norm] = graph.apply(gradientNorm, [a, b]);
  const [scale] = graph.apply(clipScale, [norm], { maxNorm: Number(golden.max_norm) });
  graph.apply(scaleInPlace, [a, scale]);
  graph.apply(scaleInPlace, [b, scale]);
  const program = await engine.compile(graph, { capacity: 1, outputs: [a, b, norm] });
  for (const [input, data] of inputs) program.write(input, data);
  await program.run(1);
  for (const [name, value] of Object.entries({ clipped_a: a, clipped_b: b, total_norm: norm })) {
    const expected = tensor(family, `clip_norm.${name}`);
    expectClose(`clip_norm.${name}`, program.read(value), expected, toleranceOf(expected, 0));
  }
  program.dispose();
}

/** Runs one case of the optimizer manifest. @throws Error when it differs or no handler knows it. */
export async function runOptimizerCase(engine: Engine, family: GoldenFamily, golden: GoldenCase): Promise<void> {
  if (golden.optimizer) return runSteps(engine, family, golden);
  if (golden.name === 'clip_norm') return runClip(engine, family, golden);
  if (golden.name === 'ema_0_9') {
    const base = family.cases.find(({ name }) => name === 'sgd_momentum');
    if (!base) throw new Error('no case sgd_momentum');
    return runSteps(engine, family, base, { decay: 0.9, expected: tensor(family, 'ema_0_9.after') });
  }
  throw new Error(`no handler for ${golden.name}`);
}
