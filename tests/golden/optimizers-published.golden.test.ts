import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/core/backend/backend.ts';
import { createReferenceEngine } from '../../src/core/backend/reference.ts';
import { Graph } from '../../src/core/graph/graph.ts';
import type { OptionValues } from '../../src/core/layers/layer.ts';
import { completeOptions } from '../../src/core/layers/options.ts';
import { lion, muon, type Optimizer } from '../../src/core/optimizers/index.ts';
import { createEngine } from '../../src/node/engine.ts';
import { expectClose } from './compare.ts';
import { type GoldenCase, type GoldenFamily, permute, readFamily } from './files.ts';

/** The authors' names and settings as ours. */
function oursOf({ optimizer, settings }: GoldenCase): { optimizer: Optimizer; options: OptionValues } {
  const { betas, weight_decay: weightDecay = 0, ...same } = settings as Record<string, never>;
  if (optimizer === 'lion') {
    const [beta1, beta2] = betas as readonly number[];
    return { optimizer: lion, options: completeOptions(lion, { beta1, beta2, weightDecay }, 'lion') };
  }
  const airbench = optimizer === 'airbench' ? { normalize: true, scale: 'none' } : {};
  return { optimizer: muon, options: completeOptions(muon, { ...same, ...airbench, weightDecay }, 'muon') };
}

/** How files' layout becomes the engine's: outputs last. */
const permutations: Readonly<Record<number, readonly number[]>> = { 2: [1, 0], 4: [2, 3, 1, 0] };

async function runCase(engine: Engine, family: GoldenFamily, golden: GoldenCase, tolerance: number): Promise<void> {
  const { optimizer, options } = oursOf(golden);
  const shape = golden.shape as number[];
  const permutation = permutations[shape.length];
  const dataOf = (name: string): Float32Array => family.tensors.get(`${golden.name}.${name}`)!.data as Float32Array;
  const size = shape.reduce((product, n) => product * n, 1);
  const at = (data: Float32Array, step: number): Float32Array =>
    permute(data.subarray(step * size, (step + 1) * size), shape, permutation);
  const graph = new Graph();
  const own = permutation.map((axis) => shape[axis]);
  const parameter = graph.source('parameter', golden.name, { shape: own });
  const gradient = graph.source('input', 'gradient', { shape: own, batched: false });
  const scalars = graph.source('input', 'scalars', { shape: [1], batched: false });
  const momentum = graph.source('state', `${golden.name}.momentum`, { shape: own });
  graph.apply(optimizer.update, [parameter, gradient, scalars, momentum], options);
  const program = await engine.compile(graph, { capacity: 1, outputs: [] });
  engine.writePersistent(parameter.name, at(dataOf('initial'), 0));
  for (const [step, rate] of (golden.learning_rates as number[]).entries()) {
    program.write(gradient, at(dataOf('grads'), step));
    program.write(scalars, Float32Array.from(optimizer.scalars(options, rate, step + 1)));
    await program.run(1);
    const what = `${golden.name} after step ${step + 1}`;
    expectClose(what, engine.readPersistent(parameter.name), at(dataOf('after'), step), tolerance);
  }
  program.dispose();
}

/** Of weights of size 1, moved by up to 0.02 a step. */
const engines: Readonly<Record<string, { make(): Engine | Promise<Engine>; tolerance: number }>> = {
  // Learning rates go in as float32, and the goldens are rounded to it.
  reference: { make: createReferenceEngine, tolerance: 1e-6 },
  wasm: { make: () => createEngine({ inline: true, poison: true }), tolerance: 4e-6 },
  'wasm with two threads': {
    make: () => createEngine({ threads: 2, inlineWork: 0, poison: true }),
    tolerance: 4e-6,
  },
};

const family = readFamily('optimizers_published');

it('has all of them', () => expect(family.cases).toHaveLength(8));

for (const [name, { make, tolerance }] of Object.entries(engines)) {
  describe(`published optimizers on ${name}`, () => {
    let engine: Engine;
    beforeAll(async () => {
      engine = await make();
    });
    afterAll(() => engine.dispose());
    for (const golden of family.cases) it(golden.name, () => runCase(engine, family, golden, tolerance));
  });
}

it('agrees with torch.optim.Muon as far as its bfloat16 does', () => {
  const distances = family.cases.flatMap(({ torch_optim_muon_max_abs: distance }) => (distance as number) ?? []);
  expect(distances).toHaveLength(2);
  for (const distance of distances) expect(distance).toBeLessThan(2e-3);
});
