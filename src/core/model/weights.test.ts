import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { buildModel } from './build.ts';
import { batchNorm2d, conv2d, flatten, linear, sequential } from './builder.ts';
import { initialValues } from './initialize.ts';
import { toFileLayout, toMemoryLayout } from './layout.ts';
import { adapt } from './spec.ts';
import { hashWeights, initializeWeights, loadWeights, saveWeights, type WeightStore } from './weights.ts';

function createStore(): WeightStore & { values: Map<string, Float32Array> } {
  const values = new Map<string, Float32Array>();
  return {
    values,
    readPersistent: (name) => values.get(name)!.slice(),
    writePersistent: (name, data) => void values.set(name, data.slice()),
  };
}

const draft = sequential([conv2d(4, { kernelSize: [2, 3] }), batchNorm2d(), flatten(), linear()]);
const spec = adapt(draft, { input: [4, 5, 3], classes: 2 });
const { parameters } = buildModel(spec, { training: true, inputType: 'float32' });

describe('layouts', () => {
  it('turn OIHW into HWIO and back', () => {
    const layout = { fileShape: [2, 3, 4, 5], permutation: [2, 3, 1, 0] };
    const file = Float32Array.from({ length: 120 }, (_, i) => i);
    const memory = toMemoryLayout(layout, file);
    const at = (h: number, w: number, i: number, o: number) => memory[((h * 5 + w) * 3 + i) * 2 + o];
    expect(at(0, 0, 0, 0)).toBe(0);
    expect(at(1, 2, 2, 1)).toBe(((1 * 3 + 2) * 4 + 1) * 5 + 2);
    expect(at(3, 4, 1, 0)).toBe(((0 * 3 + 1) * 4 + 3) * 5 + 4);
    expect(toFileLayout(layout, memory)).toEqual(file);
  });
});

describe('initialValues', () => {
  const values = (initialization: Parameters<typeof initialValues>[0]['initialization'], name = 'a.weight', seed = 1) =>
    initialValues({ name, fileShape: [100, 101], initialization }, seed);
  const mean = (v: Float32Array) => v.reduce((a, b) => a + b, 0) / v.length;
  const deviation = (v: Float32Array) => Math.sqrt(v.reduce((a, b) => a + b * b, 0) / v.length);

  it('depend on seed and name, and element i on i alone', () => {
    const normal = { kind: 'kaimingNormal', fan: 50 } as const;
    expect(values(normal)).toEqual(values(normal));
    expect(values(normal)).not.toEqual(values(normal, 'b.weight'));
    expect(values(normal)).not.toEqual(values(normal, 'a.weight', 2));
    const shorter = initialValues({ name: 'a.weight', fileShape: [7], initialization: normal }, 1);
    expect([...shorter]).toEqual([...values(normal).subarray(0, 7)]);
  });

  it('have the distribution that they say', () => {
    const normal = values({ kind: 'kaimingNormal', fan: 50 });
    expect(Math.abs(mean(normal))).toBeLessThan(0.008);
    expect(deviation(normal)).toBeCloseTo(0.2, 2);
    // Of 10,100 normal numbers about 4.55 % lie beyond two deviations.
    expect(normal.filter((v) => Math.abs(v) > 0.4).length / normal.length).toBeCloseTo(0.0455, 2);
    const uniform = values({ kind: 'kaimingUniform', slope: Math.sqrt(5), fanIn: 25 });
    expect(Math.max(...uniform)).toBeLessThanOrEqual(0.2);
    expect(Math.min(...uniform)).toBeGreaterThanOrEqual(-0.2);
    expect(Math.max(...uniform)).toBeGreaterThan(0.1999);
    expect(deviation(uniform)).toBeCloseTo(0.2 / Math.sqrt(3), 2);
    expect(values({ kind: 'zeros' }).every((v) => v === 0)).toBe(true);
    expect(values({ kind: 'ones' }).every((v) => v === 1)).toBe(true);
    expect(values({ kind: 'constant', value: 3 }).every((v) => v === 3)).toBe(true);
    expect(values({ kind: 'uniform', bound: 0.5 }).every((v) => Math.abs(v) <= 0.5)).toBe(true);
  });

  it('take the fans from the layer, groups included', () => {
    const grouped = sequential([
      conv2d(8, { kernelSize: 3, groups: 2, initialization: 'kaimingNormal' }),
      conv2d(4, { kernelSize: 3, groups: 2 }),
      flatten(),
      linear(),
    ]);
    const built = buildModel(adapt(grouped, { input: [8, 8, 6], classes: 2 }), {
      training: true,
      inputType: 'float32',
    });
    expect(built.parameters.slice(0, 4).map(({ initialization }) => initialization)).toEqual([
      { kind: 'kaimingNormal', fan: 4 * 9 },
      { kind: 'zeros' },
      { kind: 'kaimingUniform', slope: Math.sqrt(5), fanIn: 4 * 9 },
      { kind: 'uniform', bound: 1 / 6 },
    ]);
  });
});

describe('weights', () => {
  it('survive saving and loading', () => {
    const store = createStore();
    initializeWeights(store, parameters, 5);
    const saved = saveWeights(store, parameters);
    expect([...saved].map(([name, { shape }]) => [name, shape])).toEqual([
      ['conv1.weight', [4, 3, 2, 3]],
      ['conv1.bias', [4]],
      ['bn1.weight', [4]],
      ['bn1.bias', [4]],
      ['bn1.running_mean', [4]],
      ['bn1.running_var', [4]],
      ['fc1.weight', [2, 36]],
      ['fc1.bias', [2]],
    ]);
    const other = createStore();
    loadWeights(other, parameters, saved);
    expect(other.values).toEqual(store.values);
    expect(saved.get('conv1.weight')!.data).toEqual(initialValues(parameters[0], 5));
  });

  it('tell what does not fit, and write nothing then', () => {
    const store = createStore();
    initializeWeights(store, parameters, 5);
    const saved = saveWeights(store, parameters);
    const target = createStore();
    const load = (change: (tensors: Map<string, { shape: readonly number[]; data: Float32Array }>) => void) => {
      const tensors = new Map(saved);
      change(tensors);
      loadWeights(target, parameters, tensors, "file 'a.safetensors'");
    };
    expect(() => load((t) => t.delete('fc1.bias'))).toThrow(
      "Expected a tensor 'fc1.bias' for file 'a.safetensors' but received nothing. Are these the weights of another model?",
    );
    expect(() =>
      load((t) => {
        t.set('fc.bias', t.get('fc1.bias')!);
        t.delete('fc1.bias');
      }),
    ).toThrow("It has 'fc.bias': is the layer's id right?");
    expect(() => load((t) => t.set('conv9.weight', { shape: [1], data: new Float32Array(1) }))).toThrow(
      "Expected only tensors of the model for file 'a.safetensors' but received ''conv9.weight''",
    );
    expect(() => load((t) => t.set('conv1.weight', { shape: [4, 3, 3, 2], data: new Float32Array(72) }))).toThrow(
      "Expected the shape 4x3x2x3 for tensor 'conv1.weight' of file 'a.safetensors' but received 4x3x3x2",
    );
    expect(target.values.size).toBe(0);
    load((t) => t.set('bn1.num_batches_tracked', { shape: [], data: new Float32Array(1) }));
    expect(target.values.size).toBe(8);
  });

  it('hash to the bytes in the order of their names', async () => {
    const tensors = new Map([
      ['b.weight', { shape: [2], data: Float32Array.of(3, 4) }],
      ['a.weight', { shape: [2], data: Float32Array.of(1, 2) }],
      ['B.bias', { shape: [1], data: Float32Array.of(5) }],
    ]);
    const expected = createHash('sha256')
      .update(Buffer.from(Float32Array.of(5, 1, 2, 3, 4).buffer))
      .digest('hex');
    expect(await hashWeights(tensors)).toBe(`sha256:${expected}`);
  });

  it('start the same for a seed, for ever', async () => {
    const store = createStore();
    initializeWeights(store, parameters, 42);
    expect(await hashWeights(saveWeights(store, parameters))).toMatchInlineSnapshot(
      `"sha256:c1411ba630155997efe6f2b0d5f2408faccd702335637442099bc6e77f3bbc99"`,
    );
  });
});
