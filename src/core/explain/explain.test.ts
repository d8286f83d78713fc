import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createEngine } from '../../node/engine.ts';
import type { Engine } from '../backend/backend.ts';
import { type Classifier, createClassifier } from '../classifier/classifier.ts';
import { classify } from '../classifier/classify.ts';
import type { Picture } from '../image/picture.ts';
import { buildModel } from '../model/build.ts';
import { initialValues } from '../model/initialize.ts';
import { parseShorthand } from '../model/shorthand.ts';
import { adapt } from '../model/spec.ts';
import { RandomStream } from '../random.ts';
import { methods } from './methods/index.ts';
import { type Explainer, openExplainer } from './session.ts';

let engine: Engine;
let explainer: Explainer;
let classifier: Classifier;
const random = new RandomStream(3, 'sample');
const picture: Picture = {
  width: 12,
  height: 12,
  channels: 3,
  data: Uint8Array.from({ length: 432 }, () => random.below(256)),
};

beforeAll(async () => {
  engine = await createEngine({ inline: true });
  classifier = sample(
    'conv 8 3x3 same, bn, relu, pool 2, depthwise 3x3 same, silu, conv 12 3x3, relu6, globalpool, linear',
  );
  explainer = openExplainer(engine, classifier);
});
afterAll(() => engine.dispose());

function sample(shorthand: string): Classifier {
  const model = adapt(parseShorthand(shorthand), { input: [12, 12, 3], classes: 4 });
  const { parameters } = buildModel(model, { training: false, inputType: 'float32' });
  const weights = new Map(
    parameters.map((info) => [info.name, { shape: info.fileShape, data: initialValues(info, 5) }]),
  );
  const classNames = ['a', 'b', 'c', 'd'];
  const preprocessing = { fit: 'stretch' as const, mean: [0.4, 0.5, 0.6], std: [0.2, 0.25, 0.3] };
  return createClassifier({ model, weights, classNames, preprocessing });
}

describe('a session', () => {
  it('sees the network that classifies', async () => {
    const other = await createEngine({ inline: true });
    const [told] = await classify(other, classifier, [picture]);
    await other.dispose();
    const prepared = explainer.prepare(picture);
    const probabilities = await explainer.probabilitiesOf(prepared);
    for (const { class: name, probability } of told)
      expect(probabilities[classifier.classNames.indexOf(name)]).toBeCloseTo(probability, 5);
  });

  it('answers many questions at once', async () => {
    const prepared = [0, 1, 2].map(() => explainer.prepare({ ...picture, data: picture.data.slice() }));
    const logits = await Promise.all(
      prepared.flatMap((one) => [explainer.activationsOf(one), explainer.gradientsOf(one, 1)]),
    );
    for (const one of logits) expect(one.layers.size).toBe(explainer.layers.length);
  });
});

describe('arithmetic', () => {
  it('every unit of every layer, forward and back, to the bit', async () => {
    const prepared = explainer.prepare(picture);
    for (const { id, shape } of explainer.layers) {
      const count = shape.reduce((product, size) => product * size, 1);
      for (const value of [id, `${id}.gradient`]) {
        for (const element of [0, count >> 1, count - 1]) {
          const told = await explainer.explainValue(prepared, 2, { value, element });
          expect(told.equal, `${value}[${element}]: ${told.replayed} for ${told.result}`).toBe(true);
          if (told.steps.length > 0) expect(told.steps[told.steps.length - 1].result).toBe(told.replayed);
        }
      }
    }
  });
});

describe('methods', () => {
  for (const method of methods.filter(({ needs }) => !needs.data)) {
    it(`${method.name} gives panels with finite numbers`, async () => {
      const prepared = explainer.prepare(picture);
      const { panels, words } = await method.run(explainer, prepared, {
        unit: { layer: 'conv1', channel: 2, y: 5, x: 5 },
        steps: 8,
      });
      expect(panels.length).toBeGreaterThan(0);
      expect(words.length).toBeGreaterThan(0);
      for (const panel of panels) {
        if (panel.kind === 'values') {
          expect(panel.values.length).toBe(panel.height * panel.width);
          expect(panel.values.every(Number.isFinite)).toBe(true);
        }
      }
    });
  }
});
