import { describe, expect, it } from 'vitest';
import { createDataset, type Dataset } from '../../dataset/dataset.ts';
import {
  type Augmentation,
  completeAugmentation,
  listSteps,
  parseAugmentation,
} from '../../image/augmentation-spec.ts';
import { summarize } from '../../model/summary.ts';
import { chooseRecipe } from '../choose-recipe.ts';
import { prepareTraining } from '../prepare.ts';
import { parseRecipe } from '../recipe.ts';
import { dataKinds, kindOf, namedRecipes, recipeNamed } from './index.ts';

function pictures(
  count: number,
  [height, width, channels]: readonly [number, number, 1 | 3],
  classNames = ['cat', 'dog'],
): Dataset {
  const pixels = new Uint8Array(count * height * width * channels);
  const labels = Int32Array.from({ length: count }, (_, i) => i % classNames.length);
  return createDataset({ name: 'p', classNames, height, width, channels, pixels, labels });
}

const shapes = { grey: [28, 28, 1], colour: [32, 32, 3], photos: [96, 80, 3] } as const;
const normalisation = (channels: number) => ({
  mean: new Array(channels).fill(0.5),
  std: new Array(channels).fill(0.2),
});

describe('named recipes', () => {
  for (const { name, settings } of namedRecipes)
    for (const kind of dataKinds)
      it(`${name} is complete and can be trained on ${kind}`, () => {
        const data = pictures(50, shapes[kind]);
        expect(kindOf(data)).toBe(kind);
        const { recipe, why } = chooseRecipe(data, 0.1, { recipe: name });
        expect(parseRecipe(JSON.parse(JSON.stringify(recipe)))).toEqual(recipe);
        expect(recipe.name).toBe(name);
        const { channels } = data;
        const prepared = prepareTraining(recipe, normalisation(channels), { train: 50, val: 5 });
        expect(prepared.training.stateNames.length).toBeGreaterThan(0);
        // Told, with reasons.
        const text = why.join(' ');
        expect(text).toContain(`Recipe ${name}`);
        for (const sentence of settings[kind].why) expect(text).toContain(sentence);
        expect(settings[kind].why.length).toBeGreaterThan(0);
        const { augmentation } = settings[kind];
        if (augmentation !== 'none') completeAugmentation(parseAugmentation(augmentation), data);
      });

  it('learns for as many epochs as there are views, within limits', () => {
    const { settings } = recipeNamed('quick');
    const { epochs } = settings.colour;
    const of = (count: number) => chooseRecipe(pictures(count, shapes.colour), 0, { recipe: 'quick' }).recipe.epochs;
    expect(of(45_000)).toBe(7);
    expect(of(100)).toBe(epochs.most);
    expect(of(200_000)).toBe(epochs.fewest);
  });

  it('takes smaller batches of few pictures', () => {
    const of = (count: number) => chooseRecipe(pictures(count, shapes.colour), 0, { recipe: 'quick' }).recipe;
    expect(of(5000)).toMatchObject({ batch: 250, learningRate: 0.15 });
    expect(of(500)).toMatchObject({ batch: 63, learningRate: 0.075 });
  });

  it('does not mirror what a mirror image would make false', () => {
    const steps = (names: string[], recipe = 'standard') =>
      listSteps(chooseRecipe(pictures(60, shapes.grey, names), 0, { recipe }).recipe.augmentation).map(
        ({ type }) => type,
      );
    expect(steps(['shirt', 'boot'])).toEqual(['flip', 'crop']);
    expect(steps(['6', '9'])).toEqual(['crop']);
    expect(steps(['shirt', 'boot'], 'best')).toEqual(['flip', 'crop', 'erase']);
    expect(steps(['6', '9'], 'best')).toEqual(['affine']);
    const smoothed = (augmentation?: Augmentation) =>
      chooseRecipe(pictures(60, shapes.grey, ['6', '9']), 0, { recipe: 'best', augmentation }).recipe.loss;
    expect(smoothed().labelSmoothing).toBeUndefined();
    // Clothes whose classes have numbers for names.
    expect(smoothed({ version: 2, steps: [{ type: 'flip' }] }).labelSmoothing).toBe(0.1);
    const answeredBy = (names: string[], augmentation?: Augmentation) =>
      chooseRecipe(pictures(60, shapes.grey, names), 0, { recipe: 'standard', augmentation }).recipe
        .testTimeAugmentation;
    expect(answeredBy(['shirt', 'boot'])).toBe('mirror');
    expect(answeredBy(['shirt', 'boot'], {})).toBeUndefined();
    expect(answeredBy(['6', '9'])).toBeUndefined();
  });

  it('lets what a person says go before it, and says so', () => {
    const data = pictures(60, shapes.colour);
    const { recipe, why } = chooseRecipe(data, 0, {
      recipe: 'standard',
      epochs: 3,
      model: 'resnet20',
      optimizer: 'lion',
      average: 'none',
      labelSmoothing: 0.05,
      augmentation: {},
    });
    expect(recipe).toMatchObject({ epochs: 3, modelName: 'resnet20', learningRate: 0.0002, augmentation: {} });
    expect(recipe.average).toBeUndefined();
    expect(recipe.optimizer.type).toBe('lion');
    expect(recipe.loss.labelSmoothing).toBe(0.05);
    expect(why.join(' ')).toContain('Otherwise than the recipe says, as you asked: ');
  });

  it('stays below 100,000 parameters for small grey pictures in standard', () => {
    const { recipe } = chooseRecipe(
      pictures(
        60,
        shapes.grey,
        [...'abcdefghij'].map((c) => `class ${c}`),
      ),
      0,
      {
        recipe: 'standard',
      },
    );
    expect(summarize(recipe.model).parameters).toBeLessThan(100_000);
  });

  it('leaves a network that pictures are too small for to the usual choice', () => {
    expect(chooseRecipe(pictures(60, [6, 6, 3]), 0, { recipe: 'quick' }).recipe.modelName).toBe('mlp');
  });

  it('is no other recipe where none is asked for', () => {
    const { recipe } = chooseRecipe(pictures(60, shapes.grey), 0);
    for (const field of ['name', 'clip', 'average'] as const) expect(field in recipe).toBe(false);
  });

  it('names the nearest for a name that is none', () => {
    expect(() => chooseRecipe(pictures(60, shapes.grey), 0, { recipe: 'quik' })).toThrow("Did you mean 'quick'");
  });
});

describe('what a recipe can say', () => {
  const data = pictures(60, shapes.grey);
  const of = (given: Parameters<typeof chooseRecipe>[2]) =>
    chooseRecipe(data, 0, { epochs: 4, batch: 10, ...given }).recipe;

  it('clips, averages, smooths, warms up, drops out', () => {
    const recipe = of({
      clip: { norm: 1, value: 0.5 },
      average: 'ema',
      labelSmoothing: 0.1,
      warmup: 0.25,
      dropout: 0.4,
    });
    expect(recipe).toMatchObject({
      clip: { norm: 1, value: 0.5 },
      average: { type: 'ema', decay: 0.999, schedule: 'warmup', every: 1 },
      loss: { type: 'softmaxCrossEntropy', labelSmoothing: 0.1 },
      schedule: { type: 'cosine', warmupSteps: 6 },
    });
    expect(recipe.model.layers.filter(({ type }) => type === 'dropout').map(({ rate }) => rate)).toContain(0.4);
    const { why } = chooseRecipe(data, 0, { epochs: 4, average: 'swa', clip: { norm: 2 } });
    expect(why.join(' ')).toContain('Weights are averaged (swa) from epoch 4 on');
    expect(why.join(' ')).toContain('their norm to 2');
    expect(of({ average: { type: 'swa' } }).average).toMatchObject({ type: 'swa', from: 4 });
  });

  it('warms up into any schedule, by share or by steps, and counts epochs where asked', () => {
    expect(of({ schedule: { type: 'constant' } }).schedule).toEqual({ type: 'constant' });
    expect(of({ schedule: { type: 'step', size: { epochs: 2 } }, warmup: 5 }).schedule).toEqual({
      type: 'step',
      size: 12,
      warmupSteps: 5,
    });
  });

  it.each([
    [{ clip: { norm: 0 } }, "option 'clip-norm'"],
    [{ clip: { value: -1 } }, "option 'clip-value'"],
    [{ labelSmoothing: 2 }, "option 'labelSmoothing'"],
    [{ average: 'ewma' }, 'a way to average weights'],
    [{ average: { type: 'swa', from: 9 } }, 'an epoch from 1 to 4'],
    [{ schedule: { type: 'cosin' } }, "Did you mean 'cosine'"],
    [{ warmup: -1 }, "option 'warmup'"],
    [{ dropout: 1 }, "option 'dropout'"],
  ])('refuses %j', (given, message) => expect(() => of(given as never)).toThrow(message));
});
