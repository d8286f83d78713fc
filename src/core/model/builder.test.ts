import { describe, expect, it } from 'vitest';
import {
  batchNorm2d,
  branches,
  concat,
  conv2d,
  flatten,
  globalAvgPool2d,
  linear,
  multiply,
  relu,
  residual,
  sequential,
  sigmoid,
} from './builder.ts';

const conv = (channels: number) => conv2d(channels, { kernelSize: 1 });
const idsOf = (parts: Parameters<typeof sequential>[0]) =>
  sequential(parts).layers.map(({ id, inputs }) => (inputs ? `${id}(${inputs.join(',')})` : id));

describe('sequential', () => {
  it('numbers layers by kind and leaves given names', () => {
    expect(
      idsOf([conv(8), batchNorm2d(), relu(), conv2d(8, { kernelSize: 3, id: 'conv2' }), conv(8), linear(3)]),
    ).toEqual(['conv1', 'bn1', 'relu1', 'conv2', 'conv3', 'fc1']);
  });

  it('writes options beside id and type', () => {
    expect(sequential([conv2d(8, { kernelSize: [3, 1], padding: 'same' })]).layers).toEqual([
      { id: 'conv1', type: 'conv2d', channels: 8, kernelSize: [3, 1], padding: 'same' },
    ]);
  });

  it('leaves input and classes open, or takes them', () => {
    expect(sequential([flatten()])).toEqual({
      format: 'fovea-model',
      version: 1,
      layers: [{ id: 'flatten1', type: 'flatten' }],
    });
    expect(sequential([flatten()], { input: [2, 2, 1], classes: 4, name: 'n' })).toMatchObject({
      input: [2, 2, 1],
      classes: 4,
      name: 'n',
    });
  });

  it('joins a body with its input', () => {
    expect(idsOf([conv(8), residual([conv(8), relu()]), relu()])).toEqual([
      'conv1',
      'conv2',
      'relu1',
      'add1(relu1,conv1)',
      'relu2',
    ]);
  });

  it('joins a body with a shortcut, which reads the block input', () => {
    expect(idsOf([relu(), residual([conv(8)], [conv2d(8, { kernelSize: 1, id: 'short' })])])).toEqual([
      'relu1',
      'conv1',
      'short(relu1)',
      'add1(conv1,short)',
    ]);
  });

  it('works as the first part and inside itself', () => {
    expect(idsOf([residual([residual([conv(1)])])])).toEqual(['conv1', 'add1(conv1,input)', 'add2(add1,input)']);
  });

  it('makes branches that meet in any layer', () => {
    const gate = [globalAvgPool2d(), linear(8), sigmoid()];
    expect(idsOf([conv(8), branches(multiply(), [], gate)])).toEqual([
      'conv1',
      'globalpool1',
      'fc1',
      'sigmoid1',
      'multiply1(conv1,sigmoid1)',
    ]);
    expect(idsOf([relu(), branches(concat(), [conv(1)], [conv(2)], [])])).toEqual([
      'relu1',
      'conv1',
      'conv2(relu1)',
      'concat1(conv1,conv2,relu1)',
    ]);
  });
});
