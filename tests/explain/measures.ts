/** Measures of explanations that need no opinion: ranks, pointing, deletion and insertion. */
import { softmax } from '../../src/core/classifier/classify.ts';
import type { Explainer, PreparedPicture } from '../../src/core/explain/session.ts';
import { RandomStream } from '../../src/core/random.ts';

/** Ranks with ties shared. */
function ranksOf(values: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: values.length }, (_, i) => i).sort((a, b) => values[a] - values[b]);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]] === values[order[from]]) to++;
    for (let i = from; i < to; i++) ranks[order[i]] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}

/** Spearman's rank correlation; 0 where one of them is constant. */
export function rankCorrelation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [ranksOf(a), ranksOf(b)];
  const mean = (x.length - 1) / 2;
  let [xy, xx, yy] = [0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    xy += (x[i] - mean) * (y[i] - mean);
    xx += (x[i] - mean) ** 2;
    yy += (y[i] - mean) ** 2;
  }
  return xx === 0 || yy === 0 ? 0 : xy / Math.sqrt(xx * yy);
}

export const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];
export const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const stages = 16;

/**
 * Areas under the curves of a class's probability while pixels are taken away (deletion: low is good) or put in
 * (insertion: high is good), the most important first (Petsiuk, Das and Saenko 2018). What is away has the mean colour.
 */
export async function deletionInsertion(
  explainer: Explainer,
  picture: PreparedPicture,
  target: number,
  importance: ArrayLike<number>,
): Promise<{ deletion: number; insertion: number }> {
  const pixels = importance.length;
  const channels = picture.input.length / pixels;
  const order = Array.from({ length: pixels }, (_, i) => i).sort((a, b) => importance[b] - importance[a]);
  const inputs: Float32Array[] = [];
  for (const keeps of [false, true]) {
    for (let stage = 0; stage <= stages; stage++) {
      const chosen = new Set(order.slice(0, Math.round((pixels * stage) / stages)));
      inputs.push(picture.input.map((value, i) => (chosen.has(Math.floor(i / channels)) === keeps ? value : 0)));
    }
  }
  const logits = await explainer.network.outputs(inputs);
  const classes = explainer.classifier.classNames.length;
  const curve = inputs.map((_, i) => softmax(logits.subarray(i * classes, (i + 1) * classes))[target]);
  return { deletion: mean(curve.slice(0, stages + 1)), insertion: mean(curve.slice(stages + 1)) };
}

/** An order that knows nothing. */
export function randomOrder(pixels: number, seed: number): Float64Array {
  const random = new RandomStream(seed, 'sample');
  return Float64Array.from({ length: pixels }, () => random.uniform());
}
