import { describe, expect, it } from 'vitest';
import { buildModel } from './build.ts';
import { batchNorm2d, conv2d, flatten, globalAvgPool2d, linear, relu, sequential } from './builder.ts';
import { findHead, forOtherData, presetOf } from './head.ts';
import { matchWeights } from './match-weights.ts';
import { buildPreset } from './presets/index.ts';
import { adapt } from './spec.ts';
import type { LoadedTensor } from './weights.ts';

const draft = sequential([conv2d(4, { kernelSize: 3, id: 'conv' }), batchNorm2d({ id: 'bn' }), flatten(), linear()]);
const spec = adapt(draft, { input: [4, 4, 3], classes: 2 });
const { parameters } = buildModel(spec, { training: false, inputType: 'uint8' });

function tensors(changes: Record<string, LoadedTensor | undefined> = {}): Map<string, LoadedTensor> {
  const all = new Map<string, LoadedTensor>(
    parameters.map(({ name, fileShape }) => {
      const length = fileShape.reduce((a, b) => a * b, 1);
      return [name, { shape: fileShape, data: Float32Array.from({ length }, (_, i) => i / 7) }];
    }),
  );
  for (const [name, tensor] of Object.entries(changes)) {
    if (tensor) all.set(name, tensor);
    else all.delete(name);
  }
  return all;
}

describe('matchWeights', () => {
  it('takes what fits and reports everything else by name', () => {
    const odd = { shape: [2], data: new Float32Array(2) };
    const given = tensors({ 'conv.bias': undefined, 'bn.weight': odd, 'fc.other': odd, 'bn.num_batches_tracked': odd });
    const { report, weights } = matchWeights(parameters, given, { newHead: 'fc1', source: "'f'" });
    expect(report).toEqual({
      matched: ['conv.weight', 'bn.bias', 'bn.running_mean', 'bn.running_var'],
      missing: ['conv.bias'],
      otherShape: [{ name: 'bn.weight', expected: [4], received: [2] }],
      newHead: ['fc1.weight', 'fc1.bias'],
      unused: ['fc.other'],
      rounded: [],
    });
    expect([...weights.keys()]).toEqual(report.matched);
  });

  it('reads float64 as float32, says where that rounds, and refuses what float32 cannot hold', () => {
    const of = (...data: number[]): LoadedTensor => ({ shape: [4], data: Float64Array.from(data) });
    const { report, weights } = matchWeights(
      parameters,
      tensors({ 'bn.weight': of(1, 2, 3, 0.1), 'bn.bias': of(1, 0.5, 0.25, 0) }),
      { source: "'f'" },
    );
    expect(report.rounded).toEqual(['bn.weight']);
    expect(weights.get('bn.weight')?.data).toEqual(Float32Array.of(1, 2, 3, 0.1));
    const refused = (tensor: LoadedTensor) => () =>
      matchWeights(parameters, tensors({ 'bn.weight': tensor }), { source: "'f'" });
    expect(refused(of(1, 2, 3, 1e39))).toThrow(/finite float32 numbers for tensor 'bn.weight' of 'f'/);
    expect(refused(of(1, 2, 3, Number.NaN))).toThrow(/finite/);
    expect(refused({ shape: [4], data: Int32Array.of(1, 2, 3, 4) })).toThrow(/float16, bfloat16/);
    expect(refused({ shape: [4], data: new Float32Array(3) })).toThrow(/bn.weight/);
  });

  it('refuses a file of which nothing fits, naming what it has', () => {
    const foreign = new Map([['conv1.weight', { shape: [1], data: new Float32Array(1) }]]);
    expect(() => matchWeights(parameters, foreign, { source: "'f'" })).toThrow(
      /Expected tensors such as 'conv.weight' for 'f' but received 'conv1.weight'.*--model/,
    );
    expect(() => matchWeights(parameters, new Map(), { source: "'f'" })).toThrow(/received none/);
  });
});

describe('the head', () => {
  it('is the last layer with weights, if it has one output a class', () => {
    expect(findHead(spec)).toBe('fc1');
    const asConvolution = sequential([
      conv2d(8, { kernelSize: 3, id: 'features' }),
      conv2d(5, { kernelSize: 1, id: 'classifier' }),
      relu(),
      globalAvgPool2d(),
    ]);
    const squeezed = adapt(asConvolution, { input: [8, 8, 3], classes: 5 });
    expect(findHead(squeezed)).toBe('classifier');
    const other = forOtherData(squeezed, { input: [9, 9, 3], classes: 7 });
    expect(other.layers[1]).toMatchObject({ id: 'classifier', channels: 7 });
    expect(buildModel(other, { training: false, inputType: 'uint8' }).logits.shape).toEqual([7]);
  });

  it('gets as many outputs as there are classes; without one the model is refused', () => {
    const changed = forOtherData(spec, { input: [6, 6, 3], classes: 9 });
    expect(changed).toMatchObject({ classes: 9, input: [6, 6, 3] });
    expect(changed.layers.at(-1)).toMatchObject({ features: 9 });
    expect(forOtherData(spec, spec)).toEqual(spec);
    const headless = adapt(sequential([conv2d(2, { kernelSize: 3 }), batchNorm2d(), globalAvgPool2d()]), {
      input: [4, 4, 1],
      classes: 2,
    });
    expect(() => forOtherData(headless, { input: [4, 4, 1], classes: 3 })).toThrow(/the head.*'bn1' \(batchNorm2d\)/);
  });

  it('of a preset is that of the preset for the other pictures', () => {
    const small = buildPreset('vgg6-bn', { input: [32, 32, 3], classes: 10 });
    const data = { input: [96, 64, 3], classes: 4 };
    expect(presetOf(small)).toBe('vgg6-bn');
    expect(forOtherData(small, data)).toEqual(buildPreset('vgg6-bn', data));
    // One with another layer is no longer the preset, and keeps its layers.
    const own = { ...small, layers: small.layers.map((one) => (one.type === 'relu' ? { ...one, type: 'silu' } : one)) };
    expect(presetOf(own)).toBeUndefined();
    expect(forOtherData(own, data).layers.map(({ type }) => type)).toEqual(own.layers.map(({ type }) => type));
  });
});
