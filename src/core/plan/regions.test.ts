import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEngine } from '../../node/engine.ts';
import type { Engine } from '../backend/backend.ts';
import { buildModel } from '../model/build.ts';
import { buildPreset } from '../model/presets/index.ts';
import { initializeWeights } from '../model/weights.ts';
import { RandomStream } from '../random.ts';
import { compilePlan } from './compile.ts';

const presets = {
  'mnist-cnn': [28, 28, 1],
  resnet20: [32, 32, 3],
  mobile: [32, 32, 3],
  'vgg6-bn': [20, 28, 3],
} as const;

describe('regions', () => {
  let engine: Engine;
  beforeEach(async () => {
    engine = await createEngine({ threads: 3, inlineWork: 0, poison: true });
  });
  afterEach(() => engine.dispose());

  it.each(Object.entries(presets))('of %s change no bit of the logits, for any batch', async (name, input) => {
    const model = buildModel(buildPreset(name, { input, classes: 10 }), { training: false, inputType: 'float32' });
    const capacity = 45;
    const options = { capacity, outputs: [model.logits] };
    const whole = await engine.compile(model.graph, { ...options, regions: false });
    const blocks = await engine.compile(model.graph, options);
    expect(compilePlan(model.graph, options).stages.some(({ region }) => region)).toBe(true);
    for (const seed of [1, 2]) {
      // Other weights in the same engine: what was prepared from the first must be prepared again.
      initializeWeights(engine, model.parameters, seed);
      const random = new RandomStream(seed, 'sample');
      for (const n of [capacity, 1, 2, 33, 7]) {
        const pixels = Float32Array.from({ length: n * input[0] * input[1] * input[2] }, () => random.uniform() - 0.5);
        const results: Float32Array[] = [];
        for (const program of [whole, blocks]) {
          program.write(model.input, pixels);
          await program.run(n);
          results.push(program.read(model.logits));
        }
        expect(results[0].some((value) => value !== 0)).toBe(true);
        expect(results[1]).toEqual(results[0]);
      }
    }
  });

  it('keep what lies between their steps out of the workspace', () => {
    const model = buildModel(buildPreset('resnet20', { input: [32, 32, 3], classes: 10 }), {
      training: false,
      inputType: 'float32',
    });
    const options = { capacity: 128, outputs: [model.logits] };
    const whole = compilePlan(model.graph, { ...options, regions: false });
    const blocks = compilePlan(model.graph, options);
    expect(blocks.workspaceBytes).toBeLessThan(0.8 * whole.workspaceBytes);
    expect(blocks.stages.length).toBeLessThan(whole.stages.length / 2);
  });
});
