import { describe, expect, it } from 'vitest';
import { batchNorm2d, conv2d, dropout, flatten, linear, maxPool2d, relu, sequential } from '../model/builder.ts';
import { adapt } from '../model/spec.ts';
import { parseRecipe, type Recipe } from './recipe.ts';
import { rateFactorOf, resolveStages, stageAt } from './stages.ts';

const model = adapt(
  sequential([
    conv2d(4, { kernelSize: 3, padding: 1, id: 'layer1.conv' }),
    batchNorm2d({ id: 'layer1.bn' }),
    relu({ id: 'layer1.relu' }),
    conv2d(4, { kernelSize: 3, padding: 1, id: 'layer10.conv' }),
    maxPool2d(2, { id: 'pool' }),
    flatten({ id: 'flatten' }),
    dropout(0.5, { id: 'drop' }),
    linear(undefined, { id: 'fc' }),
  ]),
  { input: [8, 8, 3], classes: 3 },
);
const trunks = (...frozen: (string | undefined)[]) =>
  resolveStages(
    model,
    frozen.map((one, i) => ({ epoch: i + 1, frozen: one })),
  ).map(({ trunk }) => trunk);

describe('resolveStages', () => {
  it('counts frozen layers, and those behind them that compute the same in each epoch', () => {
    // Up to layer1.relu; up to flatten, since dropout works by chance.
    expect(trunks('layer1')).toEqual([3]);
    expect(trunks('layer1.conv')).toEqual([1]);
    expect(trunks('layer10.conv')).toEqual([6]);
    expect(trunks('layer10', 'layer1', undefined)).toEqual([6, 3, 0]);
    expect(resolveStages(model)).toEqual([{ epoch: 1, trunk: 0 }]);
  });

  it('refuses what freezes nothing that learnt less before, or everything, or names nothing', () => {
    expect(() => trunks('layer1', 'layer10')).toThrow(/fewer frozen layers than before/);
    expect(() => trunks('layer1', 'layer1.bn')).toThrow(/fewer/);
    expect(() => trunks(undefined, 'layer1')).toThrow(/fewer/);
    expect(() => trunks('fc')).toThrow(/Nothing would be left to learn/);
    expect(() => trunks('layer')).toThrow(/a layer of the model.*Did you mean/);
    expect(() => resolveStages(model, [{ epoch: 2 }])).toThrow(/epoch 1/);
    expect(() => resolveStages(model, [{ epoch: 1, frozen: 'layer1' }, { epoch: 1 }])).toThrow(/an epoch after 1/);
  });

  it('belong to epochs: the last that has begun', () => {
    const stages = resolveStages(model, [
      { epoch: 1, frozen: 'layer10' },
      { epoch: 3, frozen: 'layer1' },
      { epoch: 7 },
    ]);
    expect([1, 2, 3, 6, 7, 90].map((epoch) => stageAt(stages, epoch).trunk)).toEqual([6, 6, 3, 3, 0, 0]);
  });
});

describe('rateFactorOf', () => {
  it('takes the longest name, then trunk or head, then 1', () => {
    const factors = { trunk: 0.1, layer1: 0.5, 'layer1.bn': 2, head: 3 };
    const of = rateFactorOf(model, factors);
    expect(model.layers.map(({ id }) => of(id))).toEqual([0.5, 2, 0.5, 0.1, 0.1, 0.1, 0.1, 3]);
    expect(rateFactorOf(model)('fc')).toBe(1);
    expect(rateFactorOf(model, { layer10: 4 })('layer1.conv')).toBe(1);
    expect(() => rateFactorOf(model, { layer2: 4 })).toThrow(/a layer of the model/);
    expect(() => rateFactorOf(model, { constructor: 4 })).toThrow(/a layer of the model/);
  });
});

describe('a recipe', () => {
  const recipe: Recipe = {
    version: 1,
    modelName: 'small',
    model,
    optimizer: { type: 'sgd' },
    learningRate: 0.1,
    schedule: { type: 'constant' },
    epochs: 3,
    batch: 4,
    loss: { type: 'softmaxCrossEntropy' },
    augmentation: {},
    seed: 1,
    val: 0.1,
  };
  it('reads what it wrote, and checks stages and factors against its model', () => {
    const whole: Recipe = {
      ...recipe,
      weights: { source: 'hf:timm/resnet18.a1_in1k', hash: 'sha256:0', newHead: 'fc' },
      stages: [{ epoch: 1, frozen: 'layer10.conv' }, { epoch: 2 }],
      rateFactors: { trunk: 0.1 },
      augmentedCopies: 3,
    };
    expect(parseRecipe(JSON.parse(JSON.stringify(whole)))).toEqual(whole);
    expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
    expect(() => parseRecipe({ ...recipe, stages: [{ epoch: 1, frozen: 'nothing' }] })).toThrow(/a layer of the model/);
    expect(() => parseRecipe({ ...recipe, rateFactors: { nothing: 2 } })).toThrow(/a layer of the model/);
    expect(() => parseRecipe({ ...recipe, rateFactors: { fc: -1 } })).toThrow(/rateFactors/);
  });
});
