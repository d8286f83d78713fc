import { describe, expect, it } from 'vitest';
import type { Options } from './layer.ts';
import { completeOptions, describeOption } from './options.ts';
import { resolvePadding } from './window.ts';

const owner = {
  options: {
    channels: { type: 'integer', minimum: 1, doc: 'How many.' },
    rate: { type: 'number', default: 0.5, minimum: 0, maximum: 1, doc: 'A part.' },
    kernelSize: { type: 'size', default: 3, minimum: 1, doc: 'A window.' },
    padding: { type: 'padding', default: 'valid', minimum: 0, doc: 'Room.' },
    stride: { type: 'size', optional: true, minimum: 1, doc: 'A step.' },
    bias: { type: 'boolean', default: true, doc: 'A bias.' },
    shape: { type: 'choice', choices: ['cosine', 'linear'], default: 'cosine', doc: 'A curve.' },
    milestones: { type: 'numbers', default: [], minimum: 0, doc: 'Steps.' },
  } satisfies Options,
};
const complete = (given: Record<string, unknown>) => completeOptions(owner, given, "layer 'conv1'");

describe('completeOptions', () => {
  it('fills in defaults and leaves optional ones out', () => {
    expect(complete({ channels: 8 })).toEqual({
      channels: 8,
      rate: 0.5,
      kernelSize: 3,
      padding: 'valid',
      bias: true,
      shape: 'cosine',
      milestones: [],
    });
  });

  it('keeps what is given', () => {
    const given = {
      channels: 1,
      rate: 0,
      kernelSize: [1, 2],
      padding: [0, 1],
      stride: 2,
      bias: false,
      shape: 'linear',
      milestones: [1, 2.5],
    };
    expect(complete(given)).toEqual(given);
  });

  it.each([
    [{}, "Expected a whole number of at least 1 for layer 'conv1', option 'channels' but received nothing. How many."],
    [{ channels: 0 }, "Expected a whole number of at least 1 for layer 'conv1', option 'channels' but received 0"],
    [{ channels: 1.5 }, "option 'channels' but received 1.5"],
    [{ channels: '8' }, "option 'channels' but received '8'"],
    [{ channels: 8, rate: 2 }, "Expected a number from 0 to 1 for layer 'conv1', option 'rate' but received 2"],
    [{ channels: 8, rate: Number.NaN }, "option 'rate' but received NaN"],
    [{ channels: 8, kernelSize: [3, 3, 3] }, "option 'kernelSize' but received 3x3x3"],
    [{ channels: 8, kernelSize: 0 }, "option 'kernelSize' but received 0"],
    [{ channels: 8, kernelSize: 'same' }, "option 'kernelSize' but received 'same'"],
    [{ channels: 8, padding: 'full' }, "'same', 'valid', a whole number or [height, width] of at least 0"],
    [{ channels: 8, padding: -1 }, "option 'padding' but received -1"],
    [{ channels: 8, bias: 1 }, "Expected true or false for layer 'conv1', option 'bias' but received 1"],
    [{ channels: 8, shape: 'step' }, "Expected one of cosine, linear for layer 'conv1', option 'shape'"],
    [{ channels: 8, milestones: [1, -1] }, "option 'milestones' but received 1x-1"],
    [{ channels: 8, kernel_size: 3 }, "layer 'conv1' but received 'kernel_size'. Did you mean 'kernelSize'?"],
    [{ channels: 8, toString: 3 }, "layer 'conv1' but received 'toString'"],
  ])('refuses %j', (given, message) => {
    expect(() => complete(given)).toThrow(message);
  });

  it('describes every kind', () => {
    expect(Object.values(owner.options).map(describeOption)).toEqual([
      'a whole number of at least 1',
      'a number from 0 to 1',
      'a whole number or [height, width] of at least 1',
      "'same', 'valid', a whole number or [height, width] of at least 0",
      'a whole number or [height, width] of at least 1',
      'true or false',
      'one of cosine, linear',
      'a list of numbers, each of at least 0',
    ]);
  });
});

describe('resolvePadding', () => {
  /** [top, bottom] as TensorFlow's documentation gives it for padding SAME. */
  it.each([
    [{ kernelSize: 3, stride: 1 }, 7, [1, 1]],
    [{ kernelSize: 3, stride: 2 }, 7, [1, 1]],
    [{ kernelSize: 3, stride: 2 }, 8, [0, 1]],
    [{ kernelSize: 2, stride: 1 }, 7, [0, 1]],
    [{ kernelSize: 2, stride: 2 }, 7, [0, 1]],
    [{ kernelSize: 1, stride: 2 }, 8, [0, 0]],
    [{ kernelSize: 3, stride: 1, dilation: 2 }, 7, [2, 2]],
  ])("'same' with %j of %i", (options, size, expected) => {
    const padding = resolvePadding({ ...options, padding: 'same' }, [size, size, 3]);
    expect(padding).toEqual([...expected, ...expected]);
  });

  it('takes numbers, pairs and valid', () => {
    expect(resolvePadding({ kernelSize: 3, padding: 2 }, [9, 9, 1])).toEqual([2, 2, 2, 2]);
    expect(resolvePadding({ kernelSize: 3, padding: [1, 2] }, [9, 9, 1])).toEqual([1, 1, 2, 2]);
    expect(resolvePadding({ kernelSize: 3, padding: 'valid' }, [9, 9, 1])).toEqual([0, 0, 0, 0]);
  });
});
