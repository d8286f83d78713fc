import { describe, expect, it } from 'vitest';
import { flatten, linear, relu, sequential } from '../../model/builder.ts';
import { adapt } from '../../model/spec.ts';
import type { EpochRecord } from '../history.ts';
import { overrideRecipe } from '../override-recipe.ts';
import type { Recipe } from '../recipe.ts';
import type { LayerTelemetry, PredictionTelemetry, TelemetryRecord } from '../telemetry.ts';
import { findingSchema, severities } from './finding.ts';
import { checks, diagnose } from './index.ts';
import { halfWidth, type Symptoms } from './signs.ts';

const recipe: Recipe = {
  version: 1,
  modelName: 'tiny',
  model: adapt(sequential([flatten(), linear(8), relu(), linear()]), { input: [8, 8, 1], classes: 10 }),
  ...{ optimizer: { type: 'adamw', weightDecay: 0.01 }, learningRate: 0.01, schedule: { type: 'constant' } },
  ...{ epochs: 8, batch: 8, loss: { type: 'softmaxCrossEntropy' }, augmentation: {}, seed: 1, val: 0.1 },
};

const facts: Symptoms['facts'] = {
  classNames: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i', 'j'],
  train: new Array<number>(10).fill(100),
  val: new Array<number>(10).fill(50),
  input: { mean: 0, deviation: 1 },
  ...{ neighbours: 0.8, leaked: 0 },
};

/** A line an epoch: running loss, train loss, val loss, train accuracy, val accuracy. */
const history = (...rows: readonly (readonly number[])[]): EpochRecord[] =>
  rows.map(([loss, trainLoss, valLoss, trainAccuracy, valAccuracy], i) => ({
    ...{ epoch: i + 1, loss, trainLoss, valLoss, accuracy: trainAccuracy, trainAccuracy, valAccuracy },
    ...{ learningRate: 0.01, seconds: 1 },
  }));

const layer = (changes: Partial<LayerTelemetry> = {}): LayerTelemetry => ({
  ...{
    layer: 'fc1',
    type: 'linear',
    mean: 0,
    deviation: 1,
    zeros: 0,
    dead: 0,
    gradient: 0.5,
    weights: 5,
    update: 0.003,
  },
  ...changes,
});

const look = (epoch: number, step: number, ...layers: LayerTelemetry[]): TelemetryRecord => ({
  ...{ epoch, step, sampleLoss: 2.3 },
  // Before the first step nothing has been changed yet.
  layers: (layers.length > 0 ? layers : [layer(), layer({ layer: 'fc2' })]).map((one) =>
    step === 0 ? { ...one, update: undefined } : one,
  ),
});

const predicted = (changes: Partial<PredictionTelemetry> = {}): PredictionTelemetry => ({
  ...{ predicted: new Array<number>(10).fill(50), images: 500, mistakes: 50, labelRank: 0.08 },
  ...changes,
});

const healthy = history(
  [1.5, 1, 1.05, 0.7, 0.68],
  [0.9, 0.7, 0.8, 0.8, 0.76],
  [0.7, 0.5, 0.62, 0.86, 0.82],
  [0.5, 0.4, 0.55, 0.89, 0.85],
);

const kinds = (symptoms: Partial<Symptoms>): string[] =>
  diagnose({ history: healthy, telemetry: [look(1, 0), look(4, 10)], recipe, facts, over: true, ...symptoms }).map(
    ({ kind }) => kind,
  );

describe('diagnose', () => {
  it('finds nothing in a healthy training, and nothing in one that has not begun', () => {
    expect(kinds({})).toEqual([]);
    expect(kinds({ history: [], telemetry: [] })).toEqual([]);
    expect(kinds({ telemetry: [], facts: undefined })).toEqual([]);
  });

  const turned = history(
    [1.5, 1, 1.05, 0.7, 0.68],
    [0.7, 0.4, 0.7, 0.9, 0.8],
    [0.3, 0.1, 0.9, 0.98, 0.8],
    [0.1, 0.02, 1.2, 1, 0.8],
  );
  const stuck = history(...[1, 2, 3, 4].map(() => [2.3, 2.3, 2.31, 0.1, 0.1]));
  const flat = history(...[1.2, 1, 1, 1, 1.01, 1, 1.01, 1].map((l) => [l, l, l + 0.05, 0.6, 0.58]));
  const named: readonly (readonly [kind: string, symptoms: Partial<Symptoms>])[] = [
    ['overfitting', { history: turned }],
    ['plateau', { history: flat }],
    ['underfitting', { history: history(...[1.8, 1.76, 1.75, 1.75].map((l) => [l, l, l + 0.02, 0.3, 0.3])) }],
    ['divergence', { failure: { epoch: 3, step: 7, layer: 'fc1' } }],
    [
      'divergence',
      { history: history([1, 0.5, 0.6, 0.8, 0.8], [0.8, 0.6, 0.7, 0.8, 0.8], [3, 5, 6, 0.2, 0.2]), telemetry: [] },
    ],
    [
      'learning-rate-high',
      { history: stuck, telemetry: [look(1, 0), look(1, 5, layer({ update: 0.3 }), layer({ update: 0.2 }))] },
    ],
    [
      'learning-rate-high',
      {
        history: stuck,
        telemetry: [look(1, 0), look(1, 9, layer({ layer: 'fc1', dead: 1, zeros: 1 }), layer({ layer: 'fc2' }))],
      },
    ],
    [
      'learning-rate-low',
      {
        history: history([2.4, 2.39, 2.4, 0.1, 0.1], [2.38, 2.37, 2.38, 0.1, 0.1], [2.36, 2.35, 2.36, 0.1, 0.1]),
        telemetry: [look(1, 0), look(3, 9, layer({ update: 0.00001 }))],
      },
    ],
    [
      'dead-units',
      {
        telemetry: [1, 2].map((epoch) =>
          look(epoch, epoch - 1, layer({ layer: 'relu1', type: 'relu', dead: 0.9, zeros: 0.93 })),
        ),
      },
    ],
    [
      'vanishing-gradients',
      {
        history: stuck,
        telemetry: [0, 5].map((step) => look(1, step, layer({ gradient: 1e-6 }), layer({ layer: 'fc2' }))),
      },
    ],
    ['exploding-gradients', { telemetry: [look(1, 0, layer({ gradient: 5000 }), layer({ layer: 'fc2' }))] }],
    [
      'batch-norm-off',
      {
        history: history([0.9, 2, 2.2, 0.4, 0.4], [0.6, 1.9, 2, 0.4, 0.4], [0.5, 1.8, 2, 0.4, 0.4]),
        telemetry: [look(1, 0), look(3, 9, layer({ layer: 'bn1', type: 'batchNorm2d', drift: 3 }))],
      },
    ],
    [
      'label-noise',
      { telemetry: [{ epoch: 4, step: 9, val: predicted({ mistakes: 150, labelRank: 0.42 }), train: predicted() }] },
    ],
    [
      'val-easier',
      {
        history: history([1, 0.9, 0.4, 0.7, 0.9], [0.9, 0.8, 0.3, 0.72, 0.92], [0.8, 0.8, 0.3, 0.72, 0.92]),
        telemetry: [1, 2, 3].map((epoch) => ({ epoch, step: 9, val: predicted(), train: predicted() })),
      },
    ],
    ['val-too-small', { facts: { ...facts, val: new Array<number>(10).fill(2) } }],
    [
      'never-predicted',
      {
        telemetry: [3, 4].map((epoch) => ({
          ...{ epoch, step: 9, train: predicted() },
          val: predicted({ predicted: [0, 100, 50, 50, 50, 50, 50, 50, 50, 50] }),
        })),
      },
    ],
    ['unnormalised-input', { facts: { ...facts, input: { mean: 33, deviation: 79 } } }],
    ['leaked-val', { facts: { ...facts, leaked: 40 } }],
    ['class-missing', { facts: { ...facts, train: [0, ...new Array<number>(9).fill(100)] } }],
    ['single-class', { facts: { ...facts, train: [100, ...new Array<number>(9).fill(0)] } }],
  ];
  it.each(named)('names %s, and nothing else', (kind, symptoms) => {
    expect(kinds(symptoms)).toEqual([kind]);
  });

  it('has a case for each check that needs no picture', () => {
    const covered = new Set(named.map(([kind]) => kind));
    expect(checks.map(({ kind }) => kind).filter((kind) => !covered.has(kind))).toEqual(['no-spatial-structure']);
  });

  it('takes neither rare classes nor a net that has learnt little for label noise', () => {
    const of = (val: Partial<PredictionTelemetry>, train = facts.train): string[] =>
      kinds({
        telemetry: [{ epoch: 4, step: 9, val: predicted({ images: 200, ...val }), train: predicted() }],
        facts: { ...facts, train },
      });
    // Patients B, I and F of lesson 13, as they were measured.
    expect(of({ mistakes: 119, labelRank: 0.378 })).toContain('label-noise');
    const rare = [40, 40, 40, 40, 40, 2, 2, 2, 2, 2];
    expect(of({ mistakes: 116, labelRank: 0.579 }, rare)).not.toContain('label-noise');
    expect(of({ mistakes: 125, labelRank: 0.283 })).not.toContain('label-noise');
    // Wrong labels among uneven classes show in the training pictures.
    const noisy = { epoch: 4, step: 9, val: predicted(), train: predicted({ mistakes: 200, labelRank: 0.4 }) };
    expect(kinds({ telemetry: [noisy], facts: { ...facts, train: rare } })).toContain('label-noise');
  });

  it('waits with the learning rate until enough steps were made', () => {
    const one = {
      history: history([2.4, 2.29, 2.3, 0.1, 0.1]),
      telemetry: [look(1, 0), look(1, 4, layer({ update: 0.023 }))],
      over: false,
    };
    // 1,000 pictures in batches of 8 are 125 steps, 40 of them 5.
    expect(kinds(one)).toContain('learning-rate-high');
    expect(kinds({ ...one, facts: { ...facts, train: new Array<number>(10).fill(4) } })).not.toContain(
      'learning-rate-high',
    );
  });

  it('asks for another split where the data say which pictures validate, since --val would say nothing', () => {
    const few = { ...facts, val: new Array<number>(10).fill(2) };
    const mend = (val: number): readonly string[] | undefined =>
      diagnose({
        history: healthy,
        telemetry: [look(1, 0), look(4, 10)],
        recipe: { ...recipe, val },
        facts: few,
        over: true,
      }).find(({ kind }) => kind === 'val-too-small')?.next.command;
    expect(mend(0.1)).toEqual(['train', 'DATA', '--val', '0.2']);
    expect(mend(0.2)).toEqual(['train', 'DATA', '--val', '0.3']);
    expect(mend(0)?.slice(0, 5)).toEqual(['data', 'split', 'DATA', '--val', '0.25']);
  });

  it('tells evidence as numbers, words with them, and an experiment that is a recipe', () => {
    for (const [kind, symptoms] of named) {
      const all = { history: healthy, telemetry: [look(1, 0), look(4, 10)], recipe, facts, over: true, ...symptoms };
      const [finding] = diagnose({ ...all, names: { run: 'runs/a b', data: 'photos' } });
      expect(findingSchema.parse(JSON.parse(JSON.stringify(finding)))).toEqual(JSON.parse(JSON.stringify(finding)));
      expect(finding.kind).toBe(kind);
      expect(finding.words, kind).toMatch(/^[A-Z0-9].*[a-z0-9 %)]\.$/s);
      expect(finding.words.length).toBeLessThan(420);
      expect(Object.keys(finding.evidence).length).toBeGreaterThan(0);
      expect(finding.next.command).toEqual(
        finding.next.overrides
          ? ['train', '--like', 'runs/a b', '--set', expect.any(String)]
          : expect.arrayContaining(['photos']),
      );
      if (finding.next.overrides) expect(overrideRecipe(recipe, finding.next.overrides)).not.toEqual(recipe);
    }
  });

  it('puts the graver first', () => {
    const found = diagnose({
      ...{ history: turned, telemetry: [look(1, 0)], recipe, over: true },
      facts: { ...facts, val: new Array<number>(10).fill(2), train: [0, ...new Array<number>(9).fill(100)] },
    });
    const order = found.map(({ severity }) => severities.indexOf(severity));
    expect(found.length).toBeGreaterThan(1);
    expect(order).toEqual([...order].sort((a, b) => a - b));
  });

  it('tells some only when training is over', () => {
    const history = flat.slice(0, 4).map((record) => ({ ...record, trainLoss: 2, loss: 2, valLoss: 2.02 }));
    expect(kinds({ history })).toEqual(['underfitting']);
    expect(kinds({ history, over: false })).toEqual([]);
  });
});

it('knows how uncertain a share is (Wilson 1927)', () => {
  // 20 of 20: from 0.839 to 1; 81 of 100: 0.722 to 0.875.
  expect(halfWidth(1, 20)).toBeCloseTo(0.0805, 3);
  expect(halfWidth(0.81, 100)).toBeCloseTo((0.8748 - 0.7222) / 2, 3);
});
