import { describe, expect, it } from 'vitest';
import { buildModel } from './build.ts';
import { applyMend, ModelError } from './mend.ts';
import { parseShorthand } from './shorthand.ts';
import { adapt } from './spec.ts';

const build = (line: string, input = [12, 12, 3]) =>
  buildModel(adapt(parseShorthand(line), { input, classes: 4 }), { training: true, inputType: 'uint8' });

function refusal(line: string, input?: number[]): ModelError {
  try {
    build(line, input);
  } catch (error) {
    if (error instanceof ModelError) return error;
    throw error;
  }
  throw new Error(`'${line}' fits`);
}

describe('mends', () => {
  it('name the layer, what came in, and what fits', () => {
    const error = refusal('conv 8 5, pool 2, conv 8 5 id=c3, flatten, linear');
    expect(error.message).toBe(
      "Expected a feature map of at least 5x5 for conv2d 'c3' but received 4x4x8: a window of 5x5 cannot slide over 4x4. " +
        "Use padding 'same' or kernelSize 3",
    );
    expect(error).toMatchObject({ layer: 'c3', incoming: [[4, 4, 8]], mend: "Use padding 'same' or kernelSize 3" });
    expect(error.mends.map(({ changes }) => changes)).toEqual([
      [{ change: 'set', layer: 'c3', options: { padding: 'same' } }],
      [{ change: 'set', layer: 'c3', options: { kernelSize: 3 } }],
    ]);
  });

  it.each([
    ['conv 8, linear', 'Put flatten before it, or put globalAvgPool2d before it'],
    ['flatten, conv 8, linear', "Leave out 'conv1', or leave out 'flatten1'"],
    ['flatten, linear 8, bn, linear', "Use layerNorm, or leave out 'bn1'"],
    ['conv 8, flatten, linear 7', 'Use features 4, or add a linear layer with 4 features'],
    ['conv 8, relu', 'Add globalAvgPool2d and a linear layer with 4 features, or add flatten and a linear layer'],
    ['flatten, relu', 'Add a linear layer with 4 features'],
    ['conv 8 same, residual(conv 16 same), flatten, linear', "Use channels 16 in 'conv1' or channels 8 in 'conv2'"],
    ['conv 8 same, residual(conv 16 same stride=2), gap, linear', 'channels 16 and stride 2 between'],
    ['conv 8 same, concat(conv 3 | conv 5 1), gap, linear', "Use padding 'same' in 'conv2'"],
    ['conv 8, multiply( | gap, linear 4, sigmoid), gap, linear', "Use features 8 in 'fc1'"],
    ['conv 6, gn 4, gap, linear', 'Use groups 3'],
    ['conv 6, conv 9 groups=4, gap, linear', 'Use groups 3'],
    ['4*(pool 2), gap, linear', "Leave out 'maxpool4', or use kernelSize 1"],
    ['pool 2 padding=2, gap, linear', "Use padding 1x1, or leave out 'maxpool1'"],
    ['conv 4 3 dilation=9, gap, linear', "Use padding 'same' or dilation 1"],
  ])('%s: %s', (line, text) => {
    expect(refusal(line).message).toContain(text);
  });

  it('as data give a model that fits', () => {
    for (const line of [
      'conv 8, linear',
      'conv 8 same, residual(conv 16 same stride=2), gap, linear',
      'conv 8, relu',
    ]) {
      const spec = adapt(parseShorthand(line), { input: [12, 12, 3], classes: 4 });
      for (const { changes, complete } of refusal(line).mends) {
        expect(complete).toBe(true);
        const layers = applyMend(spec.layers, changes);
        expect(buildModel({ ...spec, layers }, { training: true, inputType: 'uint8' }).logits.shape).toEqual([4]);
      }
    }
  });

  it('are not told where none helps', () => {
    const error = refusal('conv 2000000000 same, gap, linear');
    expect(error.message).toBe(
      "Expected at most 1073741824 numbers for tensor 'conv1.weight' but received 2000000000x3x3x3",
    );
    expect(error.mends).toEqual([]);
  });

  it('are refused where they name a layer that is not there', () => {
    expect(() => applyMend([{ id: 'a', type: 'flatten' }], [{ change: 'remove', layer: 'b' }])).toThrow(
      "Expected a layer 'b' for the mend",
    );
  });
});
