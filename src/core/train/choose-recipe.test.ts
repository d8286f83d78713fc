import { describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from '../dataset/dataset.ts';
import { conv2d, flatten, linear, relu, sequential } from '../model/builder.ts';
import { chooseRecipe } from './choose-recipe.ts';
import { defaultAugmentation } from './defaults.ts';
import { parseRecipe } from './recipe.ts';

const pictures = (count: number, side: number, channels: 1 | 3, classNames = ['cat', 'dog', 'horse']): Dataset =>
  createDataset({
    name: 'pictures',
    classNames,
    height: side,
    width: side,
    channels,
    pixels: new Uint8Array(count * side * side * channels),
    labels: Int32Array.from({ length: count }, (_, i) => i % classNames.length),
  });

describe('a recipe chosen from the pictures', () => {
  it('takes a small network for small grey pictures, and says why', () => {
    const { recipe, why } = chooseRecipe(pictures(600, 28, 1), 0.1);
    expect(recipe).toMatchObject({ modelName: 'mnist-cnn', augmentation: {}, seed: 1, val: 0.1, epochs: 30 });
    expect(recipe.model.input).toEqual([28, 28, 1]);
    expect(recipe.model.classes).toBe(3);
    expect(why.join(' ')).toMatch(/Model mnist-cnn: .* 30 epochs: .* No augmentation/);
  });

  it('takes batch norm and augmentation for colour pictures, and fewer epochs for more of them', () => {
    const few = chooseRecipe(pictures(300, 64, 3), 0).recipe;
    const many = chooseRecipe(pictures(15000, 8, 3), 0).recipe;
    expect(few).toMatchObject({ modelName: 'vgg6-bn', augmentation: { flip: true, crop: 8 }, batch: 32 });
    expect(many.epochs).toBe(10);
    expect(many.batch).toBe(64);
  });

  it('keeps micro-batches and says what they change', () => {
    const whyOf = (model: string): string => {
      const { recipe, why } = chooseRecipe(pictures(300, 32, 3), 0.1, { model, batch: 32, microBatch: 12 });
      expect(recipe.microBatch).toBe(12);
      expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
      return why.join(' ');
    };
    expect(whyOf('lenet5')).toMatch(
      /Micro-batches of up to 12: each batch of 32 pictures is computed in 3 parts, .* result is that of whole batches but for rounding\./,
    );
    expect(whyOf('vgg6-bn')).toMatch(
      /batch norm takes its statistics from each part.*running statistics.*differs from/,
    );
    expect(chooseRecipe(pictures(300, 32, 3), 0.1).recipe).not.toHaveProperty('microBatch');
  });

  it.each([
    [0, /Expected a whole number of at least 1 for option 'micro-batch' but received 0/],
    [32, /Expected fewer pictures than the batch of 32 for option 'micro-batch' but received 32/],
  ])('refuses micro-batches of %i', (microBatch, message) => {
    expect(() => chooseRecipe(pictures(300, 32, 3), 0.1, { batch: 32, microBatch })).toThrow(message);
  });

  it('is complete: nothing is left to defaults that may change', () => {
    const { recipe } = chooseRecipe(pictures(100, 28, 1), 0.1);
    expect(recipe.optimizer).toEqual({
      type: 'adamw',
      beta1: 0.9,
      beta2: 0.999,
      eps: 1e-8,
      amsgrad: false,
      weightDecay: 0.01,
    });
    expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
  });

  it('takes what the person gives', () => {
    const draft = sequential([conv2d(4, { kernelSize: 3 }), relu(), flatten(), linear()]);
    const given = { model: draft, epochs: 2, batch: 7, learningRate: 0.5, optimizer: 'sgd', weightDecay: 0.1, seed: 9 };
    const { recipe } = chooseRecipe(pictures(100, 12, 3), 0.2, given);
    expect(recipe).toMatchObject({ epochs: 2, batch: 7, learningRate: 0.5, seed: 9, modelName: 'model' });
    expect(recipe.optimizer).toMatchObject({ type: 'sgd', weightDecay: 0.1 });
  });

  it('weighs and samples classes as asked, and says so', () => {
    const uneven = { ...pictures(90, 12, 3), labels: Int32Array.from({ length: 90 }, (_, i) => (i < 60 ? 0 : 1)) };
    const plain = chooseRecipe(uneven, 0.1).recipe;
    expect(plain.loss).toEqual({ type: 'softmaxCrossEntropy' });
    expect('sampling' in plain).toBe(false);
    const { recipe, why } = chooseRecipe(uneven, 0.1, { classWeights: 'balanced', sampling: 'balanced' });
    // The class without pictures has 1; the others weigh alike in all.
    expect(recipe.loss.classWeights).toEqual([0.75, 1.5, 1]);
    expect(recipe.sampling).toBe('balanced');
    expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
    expect(why.join(' ')).toMatch(/cat 0\.75, dog 1\.50, horse 1\.00\. .*about 45 pictures .* 30 to 60\. .*Both/);
    expect(chooseRecipe(uneven, 0.1, { classWeights: [1, 2, 3] }).recipe.loss.classWeights).toEqual([1, 2, 3]);
  });

  it.each([
    [{ classWeights: [1, 2] }, /3 numbers, one a class, for option 'class-weights' but received 2/],
    [{ classWeights: [1, -2, 1] }, /option 'class-weights'/],
    [{ sampling: 'even' as 'none' }, /one of none, balanced for option 'sampling'/],
    [{ epochs: 0 }, /Expected a whole number of at least 1 for option 'epochs' but received 0/],
    [{ batch: 1.5 }, /option 'batch'/],
    [{ learningRate: -1 }, /option 'lr'/],
    [{ optimizer: 'sdg' }, /Did you mean 'sgd'/],
    [{ optimizer: { type: 'sgd', momentun: 0.9 } }, /Did you mean 'momentum'/],
    [{ model: 'resnet-20' }, /Did you mean 'resnet20'/],
  ])('refuses %j', (given, message) => {
    expect(() => chooseRecipe(pictures(100, 28, 1), 0.1, given)).toThrow(message);
  });
});

describe('augmentation by default', () => {
  const shape = { height: 32, width: 32, channels: 3 };

  it.each([[['0', '1', '2']], [['a', 'b']], [['turn left', 'turn right']], [['Seven', 'Eight']]])(
    'never mirrors %j',
    (classNames) => {
      expect(defaultAugmentation({ ...shape, classNames }).augmentation).toEqual({ crop: 4 });
    },
  );

  it('mirrors things', () => {
    expect(defaultAugmentation({ ...shape, classNames: ['cat', 'leftovers'] }).augmentation).toEqual({
      flip: true,
      crop: 4,
    });
  });
});
