import type { Explainer } from '../session.ts';
import { attribution } from './gradientPictures.ts';
import { given, type Method, targetOf } from './method.ts';

/**
 * Attribution of a logit's difference between a baseline and the picture to each number: (x - baseline) times the mean
 * gradient on the straight way between them. By Gauss's rule of two points in each of `steps` equal pieces: the mean is
 * exact for a gradient that is a cubic in each.
 * @returns the attribution and by how much its sum misses the difference.
 */
export async function integrateGradients(
  explainer: Explainer,
  input: Float32Array,
  baseline: Float32Array,
  target: number,
  {
    steps,
    signal,
    onProgress,
  }: { steps: number; signal?: AbortSignal; onProgress?: (done: number, total: number) => void },
): Promise<{ attribution: Float32Array; difference: number; gap: number }> {
  const { network } = explainer;
  const classes = explainer.classifier.classNames.length;
  const mean = new Float64Array(input.length);
  const offset = 0.5 / Math.sqrt(3);
  const places = Array.from({ length: steps }, (_, i) => [
    (i + 0.5 - offset) / steps,
    (i + 0.5 + offset) / steps,
  ]).flat();
  const { capacity } = network;
  for (let from = 0; from < places.length; from += capacity) {
    signal?.throwIfAborted();
    const points = places
      .slice(from, from + capacity)
      .map((t) => input.map((x, i) => baseline[i] + t * (x - baseline[i])));
    const { gradients } = await network.inputGradients(
      points,
      points.map(() => explainer.seedFor(target)),
    );
    gradients.forEach((value, i) => {
      mean[i % mean.length] += value / places.length;
    });
    onProgress?.(Math.min(places.length, from + capacity), places.length);
  }
  const attributed = Float64Array.from(input, (x, i) => (x - baseline[i]) * mean[i]);
  const ends = await network.outputs([baseline, input]);
  const difference = ends[classes + target] - ends[target];
  const total = attributed.reduce((sum, value) => sum + value, 0);
  return { attribution: Float32Array.from(attributed), difference, gap: Math.abs(total - difference) };
}

/** Pieces of the way at first and at most, and the share of the difference by which the parts may miss it. */
const firstSteps = 32;
const mostSteps = 2048;
const tolerance = 1e-3;

export const integratedGradients: Method = {
  name: 'integrated-gradients',
  title: 'Integrated gradients',
  shows: "How much each pixel adds to or takes from the class's logit, compared with a grey picture; the parts sum up.",
  limits: 'It depends on the picture it is compared with: pixels that are like that one count nothing.',
  source: 'Sundararajan, Taly and Yan, "Axiomatic Attribution for Deep Networks", ICML 2017',
  needs: { picture: true },
  takes: ['target', 'steps'],
  async run(explainer, prepared, options) {
    const picture = given(prepared, 'a picture');
    const target = await targetOf(explainer, picture, options);
    // Normalised 0 is the mean colour of the training pictures.
    const baseline = new Float32Array(picture.input.length);
    let steps = options.steps ?? firstSteps;
    let result = await integrateGradients(explainer, picture.input, baseline, target, { ...options, steps });
    // Finer and finer until the parts make up the whole, unless someone chose how fine.
    while (options.steps === undefined && steps < mostSteps && result.gap > tolerance * Math.abs(result.difference)) {
      steps *= 2;
      result = await integrateGradients(explainer, picture.input, baseline, target, { ...options, steps });
    }
    const about = { title: 'Integrated gradients', signed: true };
    const { panels, name } = attribution(explainer, picture, target, result.attribution, about);
    const { difference, gap } = result;
    const words = [
      `Orange pixels add to the logit of ${name}, blue ones take from it, compared with the mean colour of the training pictures.`,
      `Together they make up ${difference.toPrecision(4)}, the difference of the logits, but for ${gap.toPrecision(2)}.`,
    ];
    return { panels, words, numbers: { difference, gap, steps }, target };
  },
};
