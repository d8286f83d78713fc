import { describe, expect, it } from 'vitest';
import { methods } from '../../src/core/explain/methods/index.ts';
import { openExplainer } from '../../src/core/explain/session.ts';
import { layers } from '../../src/core/layers/index.ts';
import { sizeOf } from '../../src/core/shape.ts';
import { createEngine } from '../../src/node/engine.ts';
import { layerModels } from '../export/layer-models.ts';
import { sampleClassifier, samplePictures } from '../export/sample-classifier.ts';

describe('the arithmetic of a unit, forward and back, for every layer in the list', () => {
  for (const { type } of layers) {
    it(type, async () => {
      expect(layerModels(type).length).toBeGreaterThan(0);
      for (const { title, model } of layerModels(type)) {
        const own = await createEngine({ inline: true });
        const explainer = openExplainer(own, await sampleClassifier(model));
        const picture = explainer.prepare(samplePictures(model, 1)[0]);
        for (const { id, shape } of explainer.layers) {
          const count = sizeOf(shape);
          for (const value of [id, `${id}.gradient`])
            for (const element of new Set([0, count >> 1, count - 1])) {
              const told = await explainer.explainValue(picture, 1, { value, element });
              const what = `${title}: ${value}[${element}]`;
              expect(told.equal, `${what}: ${told.replayed} for ${told.result}`).toBe(true);
              // The way that classifies differs by rounding alone.
              if (told.inUse !== undefined)
                expect(Math.abs(told.inUse - told.result), what).toBeLessThan(1e-4 * (1 + Math.abs(told.result)));
            }
        }
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
