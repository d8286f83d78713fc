/**
 * What explanations must hold on a network that was trained: they depend on its weights, move with the picture, add up,
 * find what the decision rests on, and point at the object. FOVEA_EXPLAIN_RUN names a run on `shapes` to use.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../src/core/backend/backend.ts';
import { type Classifier, createClassifier } from '../../src/core/classifier/classifier.ts';
import { readClassifier } from '../../src/core/classifier/file.ts';
import { drawShape } from '../../src/core/dataset/builtin/index.ts';
import { enlarge } from '../../src/core/explain/enlarge.ts';
import { sumOfPixels } from '../../src/core/explain/methods/gradientPictures.ts';
import { methodNamed } from '../../src/core/explain/methods/index.ts';
import { type Explainer, openExplainer, type PreparedPicture } from '../../src/core/explain/session.ts';
import type { Picture } from '../../src/core/image/picture.ts';
import { buildModel } from '../../src/core/model/build.ts';
import { initialValues } from '../../src/core/model/initialize.ts';
import { createEngine } from '../../src/node/engine.ts';
import { deletionInsertion, mean, median, randomOrder, rankCorrelation } from '../explain/measures.ts';
import { temporaryFolder } from '../test-data.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const side = 32;
/** Maps of 16x16 before a global mean: with a flatten instead, Grad-CAM's mean of gradients forgets places. */
const block = (channels: number): string => `conv ${channels} 3x3 same, bn, relu`;
const network = `${block(32)}, ${block(32)}, pool 2, ${block(48)}, ${block(48)}, ${block(48)}, ${block(48)}, gap, linear`;
/** The pointing game's tolerance: 15 pixels of 224 (Zhang et al. 2016). */
const tolerance = (15 * side) / 224;
const figures: Record<string, unknown> = {};

interface Sample {
  readonly picture: Picture;
  readonly mask: Uint8Array;
  readonly label: number;
}

let engine: Engine;
let classifier: Classifier;
let explainer: Explainer;
/** Pictures that no training saw: another seed's. Of those, what the network gets right. */
const right: { sample: Sample; prepared: PreparedPicture }[] = [];

function sampleAt(index: number): Sample {
  const { pixels, mask, label } = drawShape(77, 'val', index);
  return { picture: { height: side, width: side, channels: 3, data: pixels }, mask, label };
}

beforeAll(async () => {
  let run = process.env.FOVEA_EXPLAIN_RUN;
  if (run === undefined) {
    run = join(temporaryFolder(), 'shapes');
    const args = ['train', 'shapes', '--model', network, '--epochs', '6', '--out', run];
    execFileSync(process.execPath, [join(root, 'dist/cli/main.js'), ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  }
  const file = join(run, 'best.safetensors');
  classifier = readClassifier(readFileSync(file), file);
  engine = await createEngine({ threads: 2 });
  explainer = openExplainer(engine, classifier);
  for (let i = 0; i < 300; i++) {
    const sample = sampleAt(i);
    const prepared = explainer.prepare(sample.picture);
    if ((await explainer.predict(prepared)) === sample.label) right.push({ sample, prepared });
  }
  figures.right = right.length / 300;
});
afterAll(async () => {
  await engine?.dispose();
  console.log(JSON.stringify(figures, undefined, 1));
});

/** A method's map at the picture's size. */
async function mapOf(of: Explainer, name: string, prepared: PreparedPicture, target: number): Promise<Float32Array> {
  const { panels } = await methodNamed(name).run(of, prepared, { target });
  const [panel] = panels;
  if (panel.kind !== 'values') throw new Error('no map');
  return enlarge(panel, side, side);
}

/** 1 where a pixel is on the object, within the tolerance of it, or within its bounding box. */
function regionsOf(mask: Uint8Array): { mask: Uint8Array; near: Uint8Array; box: Uint8Array } {
  const on = [...mask.keys()].filter((i) => mask[i] > 127).map((i) => [Math.floor(i / side), i % side]);
  const rows = on.map(([y]) => y);
  const columns = on.map(([, x]) => x);
  const [top, bottom, left, end] = [Math.min(...rows), Math.max(...rows), Math.min(...columns), Math.max(...columns)];
  const region = (holds: (y: number, x: number) => boolean): Uint8Array =>
    Uint8Array.from(mask, (_, i) => (holds(Math.floor(i / side), i % side) ? 1 : 0));
  return {
    mask: region((y, x) => mask[y * side + x] > 127),
    near: region((y, x) => on.some(([oy, ox]) => (oy - y) ** 2 + (ox - x) ** 2 <= tolerance ** 2)),
    box: region((y, x) => y >= top && y <= bottom && x >= left && x <= end),
  };
}

const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

const largest = (values: Float32Array): number =>
  values.reduce((best, value, i) => (value > values[best] ? i : best), 0);

/** The same network with the weights of these layers drawn anew. */
function randomised(layers: readonly string[], seed: number): Classifier {
  const { model } = classifier;
  const { parameters } = buildModel(model, { training: false, inputType: 'float32' });
  const weights = new Map(classifier.weights);
  for (const info of parameters) {
    const layer = info.name.slice(0, info.name.lastIndexOf('.'));
    if (layers.includes(layer)) weights.set(info.name, { shape: info.fileShape, data: initialValues(info, seed) });
  }
  return createClassifier({ ...classifier, weights });
}

/** Saliency with its sign, summed over the channels: what Adebayo et al. compare beside the sizes. */
async function signedSaliency(of: Explainer, prepared: PreparedPicture, target: number): Promise<Float32Array> {
  const { input } = await of.gradientsOf(prepared, target);
  return sumOfPixels(input, 3);
}

describe('explanations of a network trained on shapes', () => {
  /**
   * The largest place lies on the object or at most 15/224 beside it, as the game's rule is. Strictly on its mask it is
   * rarer: of a ring or a crescent the hollow itself is evidence.
   */
  it('Grad-CAM points at the object', async () => {
    for (const name of ['grad-cam', 'grad-cam++', 'layer-cam', 'occlusion']) {
      const shown = name === 'occlusion' ? right.slice(0, 20) : right;
      const hits = { mask: 0, near: 0, box: 0 };
      const shares = { mask: 0, near: 0, box: 0 };
      for (const { sample, prepared } of shown) {
        const best = largest(await mapOf(explainer, name, prepared, sample.label));
        for (const [rule, region] of Object.entries(regionsOf(sample.mask)) as [keyof typeof hits, Uint8Array][]) {
          hits[rule] += region[best] / shown.length;
          shares[rule] += mean([...region]) / shown.length;
        }
      }
      figures[`pointing ${name}`] = { hits, shares, pictures: shown.length };
      if (name !== 'grad-cam') continue;
      expect(hits.near).toBeGreaterThanOrEqual(0.9);
      expect(hits.near).toBeGreaterThanOrEqual(2 * shares.near);
      expect(hits.mask).toBeGreaterThanOrEqual(2 * shares.mask);
      expect(hits.box).toBeGreaterThanOrEqual(0.9);
    }
  });

  /**
   * Cascading randomisation (Adebayo et al. 2018): the head, then ever more layers below it. A map of one random head
   * tells of that head: where it happens to weigh all channels alike, Grad-CAM shows where anything is, as before (rank
   * correlations of twenty heads lay between -0.1 and 0.95, the same head's with the layer below drawn anew between -0.1
   * and 0.9). So it is the mean over several draws that must be low, at every depth.
   * The size of a gradient follows edges whatever the head says; its sign is what the head decides.
   */
  it('maps change when weights are randomised, from the top down', async () => {
    const layers = explainer.network.model.layers.filter(({ parameters }) => parameters.length > 0).map(({ id }) => id);
    const shown = right.slice(0, 20);
    type MapOf = (of: Explainer, prepared: PreparedPicture, target: number) => Promise<Float32Array>;
    const named =
      (name: string): MapOf =>
      (of, prepared, target) =>
        mapOf(of, name, prepared, target);
    const ways: Record<string, MapOf> = {
      'grad-cam': named('grad-cam'),
      'saliency with its sign': signedSaliency,
      'saliency by size': named('saliency'),
    };
    for (const [way, draw] of Object.entries(ways)) {
      const before: Float32Array[] = [];
      for (const { sample, prepared } of shown) before.push(await draw(explainer, prepared, sample.label));
      // A map that is empty would be unlike everything.
      expect(before.filter((map) => map.some((value) => value > 0)).length).toBe(shown.length);
      const curve: number[] = [];
      for (let top = 1; top <= layers.length; top++) {
        const correlations: number[] = [];
        for (const seed of range(top <= 4 ? 10 : 3)) {
          const other = await createEngine({ threads: 2 });
          const changed = openExplainer(other, randomised(layers.slice(-top), seed));
          for (const [i, { sample }] of shown.entries()) {
            const map = await draw(changed, changed.prepare(sample.picture), sample.label);
            correlations.push(rankCorrelation(before[i], map));
          }
          await other.dispose();
        }
        curve.push(mean(correlations));
      }
      figures[`randomised ${way}`] = curve.map((value) => Number(value.toFixed(3)));
      expect(curve[curve.length - 1]).toBeLessThan(0.3);
      if (way !== 'saliency by size') expect(Math.max(...curve)).toBeLessThan(0.3);
    }
  });

  it('maps move with the picture', async () => {
    for (const name of ['grad-cam', 'saliency']) {
      const kept: number[] = [];
      for (const { sample, prepared } of right.slice(0, 40)) {
        const by = 4;
        const moved = new Uint8Array(sample.picture.data.length);
        for (let y = 0; y < side; y++)
          for (let x = 0; x < side; x++)
            for (let c = 0; c < 3; c++)
              moved[(y * side + x) * 3 + c] = sample.picture.data[(y * side + Math.max(0, x - by)) * 3 + c];
        const before = await mapOf(explainer, name, prepared, sample.label);
        const picture = explainer.prepare({ ...sample.picture, data: moved });
        const after = await mapOf(explainer, name, picture, sample.label);
        const common = (map: Float32Array, from: number): number[] =>
          Array.from({ length: side * (side - 2 * by) }, (_, i) => {
            const [y, x] = [Math.floor(i / (side - 2 * by)), i % (side - 2 * by)];
            return map[y * side + x + from];
          });
        kept.push(rankCorrelation(common(before, 0), common(after, by)));
      }
      figures[`shifted ${name}`] = median(kept);
      expect(median(kept)).toBeGreaterThan(0.7);
    }
  });

  it('integrated gradients add up', async () => {
    const gaps: number[] = [];
    const steps: number[] = [];
    for (const { sample, prepared } of right.slice(0, 30)) {
      const { numbers } = await methodNamed('integrated-gradients').run(explainer, prepared, { target: sample.label });
      gaps.push(numbers.gap / Math.max(1, Math.abs(numbers.difference)));
      steps.push(numbers.steps);
    }
    figures['completeness of integrated gradients'] = {
      largest: Math.max(...gaps),
      median: median(gaps),
      steps: median(steps),
    };
    expect(Math.max(...gaps)).toBeLessThanOrEqual(1e-3);
  });

  it('deletion and insertion beat chance', async () => {
    const shown = right.slice(0, 24);
    const chance = { deletion: [] as number[], insertion: [] as number[] };
    for (const [i, { sample, prepared }] of shown.entries()) {
      const one = await deletionInsertion(explainer, prepared, sample.label, randomOrder(side * side, i));
      chance.deletion.push(one.deletion);
      chance.insertion.push(one.insertion);
    }
    figures.chance = { deletion: mean(chance.deletion), insertion: mean(chance.insertion) };
    for (const name of [
      'grad-cam',
      'grad-cam++',
      'layer-cam',
      'saliency',
      'smoothgrad',
      'integrated-gradients',
      'occlusion',
    ]) {
      const own = { deletion: [] as number[], insertion: [] as number[] };
      for (const { sample, prepared } of shown) {
        const one = await deletionInsertion(
          explainer,
          prepared,
          sample.label,
          await mapOf(explainer, name, prepared, sample.label),
        );
        own.deletion.push(one.deletion);
        own.insertion.push(one.insertion);
      }
      figures[name] = { deletion: mean(own.deletion), insertion: mean(own.insertion) };
      expect(mean(own.insertion), name).toBeGreaterThan(mean(chance.insertion) + 0.05);
      expect(mean(own.deletion), name).toBeLessThan(mean(chance.deletion) - 0.05);
    }
  });
});
