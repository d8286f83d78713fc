import { describe, expect, it } from 'vitest';
import { nearest, suggest } from './nearest.ts';

const names = ['conv2d', 'maxPool2d', 'batchNorm2d', 'relu', 'relu6'];

describe('nearest', () => {
  it.each([
    ['Conv2D', 'conv2d'],
    ['max_pool2d', 'maxPool2d'],
    ['batchnorm', 'batchNorm2d'],
    ['rleu', 'relu'],
    ['relu', 'relu'],
  ])('takes %s for %s', (word, expected) => {
    expect(nearest(word, names)).toBe(expected);
  });

  it('does not guess wildly', () => {
    expect(nearest('transformer', names)).toBeUndefined();
    expect(nearest('x', [])).toBeUndefined();
  });

  it('suggests the one meant, or lists all', () => {
    expect(suggest('Conv2D', names)).toBe("Did you mean 'conv2d'?");
    expect(suggest('transformer', names)).toBe('There are: conv2d, maxPool2d, batchNorm2d, relu, relu6');
    expect(suggest('x', [])).toBe('There are none');
  });
});
