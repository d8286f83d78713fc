import { describe, expect, it } from 'vitest';
import { methods } from '../../src/core/explain/methods/index.ts';
import { type Explainer, openExplainer, type PreparedPicture } from '../../src/core/explain/session.ts';
import { layers } from '../../src/core/layers/index.ts';
import { type Shape, sizeOf } from '../../src/core/shape.ts';
import { createEngine } from '../../src/node/engine.ts';
import { layerModels } from '../export/layer-models.ts';
import { sampleClassifier, samplePictures } from '../export/sample-classifier.ts';

/** The loss, and its gradient by the logits and every weight. */
function ofTraining({ arithmetic, network, layers }: Explainer): { value: string; shape: Shape }[] {
  const weights = network.model.parameters.filter(({ trainable }) => trainable).map(({ name }) => name);
  const names = ['loss', ...[layers[layers.length - 1].id, ...weights].map((name) => `${name}.lossGradient`)];
  return names.map((value) => ({ value, shape: arithmetic.shapeOf(value) }));
}

async function follow(explainer: Explainer, picture: PreparedPicture, value: string, element: number) {
  const told = await explainer.explainValue(picture, 1, { value, element });
  expect(told.equal, `${value}[${element}]: ${told.replayed} for ${told.result}`).toBe(true);
  return { told, what: `${value}[${element}]` };
}

describe('the arithmetic of a unit, of the loss and of weights, forward and back, for every layer in the list', () => {
  for (const { type } of layers) {
    it(type, async () => {
      expect(layerModels(type).length).toBeGreaterThan(0);
      for (const { model } of layerModels(type)) {
        const own = await createEngine({ inline: true });
        const explainer = openExplainer(own, await sampleClassifier(model));
        const picture = explainer.prepare(samplePictures(model, 1)[0]);
        for (const { id, shape } of explainer.layers) {
          const count = sizeOf(shape);
          for (const value of [id, `${id}.gradient`])
            for (const element of new Set([0, count >> 1, count - 1])) {
              const { told, what } = await follow(explainer, picture, value, element);
              // The way that classifies differs by rounding alone.
              if (told.inUse !== undefined)
                expect(Math.abs(told.inUse - told.result), what).toBeLessThan(1e-4 * (1 + Math.abs(told.result)));
            }
        }
        for (const { value, shape } of ofTraining(explainer))
          for (const element of new Set([0, sizeOf(shape) >> 1, sizeOf(shape) - 1]))
            await follow(explainer, picture, value, element);
        await own.dispose();
      }
    });
  }
});

describe('the list of methods', () => {
  it('each says what it shows, what not, and whose it is', () => {
    expect(new Set(methods.map(({ name }) => name)).size).toBe(methods.length);
    for (const { name, title, shows, limits, source } of methods) {
      expect(name).toMatch(/^[a-z+-]+$/);
      for (const text of [title, shows, limits, source]) expect(text.length, name).toBeGreaterThan(3);
      expect(shows.endsWith('.') && limits.endsWith('.'), name).toBe(true);
    }
  });
});
