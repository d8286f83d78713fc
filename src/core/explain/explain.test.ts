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
import { elementAt, parsePlace } from './arithmetic.ts';
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

describe('gradients', () => {
  it('by the picture are those of finite differences, whichever program computes them', async () => {
    const { input } = explainer.prepare(picture);
    const seed = explainer.seedFor(3);
    const { network } = explainer;
    const alone = (await network.gradients(input, seed)).input;
    const [batch, layer] = [
      await network.inputGradients([input], [seed]),
      explainer.layers[explainer.layers.length - 1].id,
    ];
    const byLayer = (await network.layerGradient(layer, input, seed)).gradient;
    for (let i = 0; i < input.length; i++) {
      expect(batch.gradients[i]).toBeCloseTo(alone[i], 5);
      expect(byLayer[i]).toBeCloseTo(alone[i], 5);
    }
    const largest = Math.max(...alone.map(Math.abs));
    expect(largest).toBeGreaterThan(1e-3);
    const places = [5, 100, 200, 301, 431];
    const step = 1e-2;
    const moved = places.flatMap((at) => [step, -step].map((by) => input.map((x, i) => (i === at ? x + by : x))));
    const logits = await network.outputs(moved);
    places.forEach((at, i) => {
      const slope = (logits[8 * i + 3] - logits[8 * i + 4 + 3]) / (2 * step);
      expect(Math.abs(slope - alone[at])).toBeLessThan(0.05 * largest);
    });
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

describe('arithmetic of the loss', () => {
  const smoothing = 0.1;
  const label = 2;
  let labelled: Explainer;
  beforeAll(() => {
    const origin = { recipe: { loss: { type: 'softmaxCrossEntropy', labelSmoothing: smoothing } } };
    labelled = openExplainer(engine, { ...classifier, origin });
  });
  const told = async (of: Explainer, value: string, index: readonly number[] = []) =>
    of.explainValue(of.prepare(picture), label, {
      value,
      element: elementAt(value, of.arithmetic.shapeOf(value), index),
    });

  it('is that of the recipe, and its gradient that of the textbook: p - target', async () => {
    for (const [of, smooth] of [
      [explainer, 0],
      [labelled, smoothing],
    ] as const) {
      const p = await of.probabilitiesOf(of.prepare(picture));
      const target = Array.from(p, (_, c) => (c === label ? 1 - smooth : 0) + smooth / p.length);
      const loss = await told(of, 'loss');
      expect(loss).toMatchObject({ equal: true, of: { what: 'loss', class: 'c' }, index: [] });
      expect(loss.result).toBeCloseTo(-target.reduce((sum, share, c) => sum + share * Math.log(p[c]), 0), 5);
      const bias = `${of.layers[of.layers.length - 1].id}.bias.lossGradient`;
      for (let c = 0; c < p.length; c++) expect((await told(of, bias, [c])).result).toBeCloseTo(p[c] - target[c], 5);
    }
  });

  it('leads from a weight to its gradient, whose terms are what the layer saw and what came back', async () => {
    const [{ id }] = explainer.layers;
    const weight = await told(explainer, `${id}.weight`, [1, 1, 2, 5]);
    expect([weight.op, weight.of]).toEqual(['parameter', undefined]);
    expect(weight.gradients).toEqual([{ value: `${id}.weight.lossGradient`, element: weight.element }]);
    const gradient = await told(explainer, `${id}.weight.lossGradient`, [1, 1, 2, 5]);
    const [{ rows }] = gradient.steps;
    // The middle of a 3x3 window meets each of the 12x12 pixels.
    expect(rows.map(({ operands: [x, back] }) => [x.from?.index, back.from?.index])).toEqual(
      Array.from({ length: 144 }, (_, i) => [
        [Math.floor(i / 12), i % 12, 2],
        [Math.floor(i / 12), i % 12, 5],
      ]),
    );
    expect(rows[0].operands.map(({ from }) => from?.value)).toEqual(['pictures', `${id}.lossGradient`]);
  });

  it('a file that tells of another loss than Fovea has is looked into all the same', async () => {
    for (const loss of [{ type: 'hinge' }, { type: 'softmaxCrossEntropy', labelSmoothing: 7, classWeights: [1] }, 5]) {
      const odd = openExplainer(engine, { ...classifier, origin: { recipe: { loss } } });
      expect((await told(odd, 'loss')).result).toBe((await told(explainer, 'loss')).result);
    }
  });

  it('says what a place must be', () => {
    expect(parsePlace('conv1.weight[0, 1,2,3]')).toEqual({ value: 'conv1.weight', index: [0, 1, 2, 3] });
    expect(parsePlace('loss')).toEqual({ value: 'loss', index: [] });
    for (const text of ['', 'a b', 'w[', 'w[-1]', 'w[1,]', `w[${'9'.repeat(40)}]`])
      expect(() => parsePlace(text)).toThrow(/Expected a name/);
    expect(elementAt('w', [2, 3], [1, 2])).toBe(5);
    expect(() => elementAt('w', [2, 3], [1, 3])).toThrow('Expected 2 numbers below 2, 3');
    expect(() => elementAt('w', [2, 3], [])).toThrow('w[1,2]');
    expect(() => elementAt('loss', [], [0])).toThrow('Name it alone');
    expect(() => explainer.arithmetic.shapeOf('los')).toThrow("Did you mean 'loss'");
    expect(() => explainer.arithmetic.gradientOf('loss')).toThrow('a value with a gradient');
  });
});

describe('methods', () => {
  it('integrated gradients add up to 1e-3 of the difference', async () => {
    const run = methods.find(({ name }) => name === 'integrated-gradients')!.run;
    const { numbers, panels } = await run(explainer, explainer.prepare(picture), { steps: 256 });
    expect(numbers.gap).toBeLessThanOrEqual(1e-3 * Math.abs(numbers.difference));
    const [panel] = panels;
    const total = panel.kind === 'values' ? panel.values.reduce((sum, value) => sum + value, 0) : 0;
    expect(Math.abs(total - numbers.difference)).toBeLessThan(2e-3 * Math.abs(numbers.difference) + 1e-4);
  });

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
          // An empty map would be finite, too.
          if (panels.length < 4) expect(panel.values.some((value) => value !== 0)).toBe(true);
        }
      }
    });
  }
});
