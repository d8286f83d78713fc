import type { Engine } from '../backend/backend.ts';
import type { Classifier } from '../classifier/classifier.ts';
import { type Dataset, pictureAt, pictureSize, subset } from '../dataset/dataset.ts';
import { memoryPixels } from '../dataset/pixels.ts';
import { RandomStream } from '../random.ts';
import type { Interval } from './bootstrap.ts';
import { type Disturbance, type DisturbanceDraw, disturbances } from './disturbances.ts';
import { wilsonInterval } from './interval.ts';
import { readLogits } from './logits.ts';
import { predictionsOf, rightOf } from './predictions.ts';

export interface RobustnessPoint {
  readonly level: number;
  readonly accuracy: number;
  readonly interval: Interval;
  /** Share of the answers that are those for the undisturbed pictures, right or wrong. */
  readonly agreement: number;
  readonly agreementInterval: Interval;
}

/** How answers change as pictures do. */
export interface RobustnessCurve extends Pick<Disturbance, 'name' | 'unit' | 'doc' | 'neutral'> {
  readonly images: number;
  readonly points: readonly RobustnessPoint[];
}

export interface RobustnessOptions {
  /** Pictures that are disturbed, drawn from all by a fixed seed; default 1000: an interval of ± 3 points or less. */
  readonly images?: number;
  readonly recompress?: DisturbanceDraw['recompress'];
  /** Names of the disturbances that are tested; default: all. */
  readonly only?: readonly string[];
  readonly signal?: AbortSignal;
  /** Pictures computed, of all levels together. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Accuracy and agreement under each disturbance and level. Pictures are disturbed at the model's input size, the same for
 * every model of that size. @throws FoveaError as `readLogits`; the signal's reason when aborted.
 */
export async function testRobustness(
  engine: Engine,
  classifier: Classifier,
  dataset: Dataset,
  { images = 1000, recompress, only, signal, onProgress }: RobustnessOptions = {},
): Promise<RobustnessCurve[]> {
  const sample = drawPictures(dataset, images);
  const wanted = disturbances.filter(({ name }) => !only || only.includes(name));
  const tested = wanted.filter(({ needsCodec }) => !needsCodec || recompress);
  const total = tested.reduce((sum, { levels }) => sum + levels.length, 1) * sample.count;
  let done = 0;
  const predict = async (pictures: Dataset): Promise<{ predictions: Int32Array; right: Uint8Array }> => {
    const { logits, labels } = await readLogits(engine, classifier, pictures, { signal });
    const predictions = predictionsOf(logits, classifier.classNames.length);
    done += pictures.count;
    onProgress?.(done, total);
    return { predictions, right: rightOf(predictions, labels) };
  };
  const base = await predict(sample);
  const curves: RobustnessCurve[] = [];
  for (const { name, unit, doc, neutral, levels, change } of tested) {
    const points: RobustnessPoint[] = [];
    for (const level of levels) {
      signal?.throwIfAborted();
      const disturbed =
        level === neutral
          ? sample
          : await disturb(sample, (picture, index) => change(picture, level, { index, recompress }));
      const { predictions, right } = await predict(disturbed);
      const hits = right.reduce((sum, one) => sum + one, 0);
      const same = predictions.filter((prediction, i) => prediction === base.predictions[i]).length;
      points.push({
        level,
        accuracy: hits / sample.count,
        interval: wilsonInterval(hits, sample.count),
        agreement: same / sample.count,
        agreementInterval: wilsonInterval(same, sample.count),
      });
    }
    curves.push({ name, unit, doc, ...(neutral === undefined ? {} : { neutral }), images: sample.count, points });
  }
  return curves;
}

/** Up to `images` pictures, the same for a data set of this length, in its order. */
function drawPictures(dataset: Dataset, images: number): Dataset {
  if (dataset.count <= images) return dataset;
  const all = Uint32Array.from({ length: dataset.count }, (_, i) => i);
  const drawn = new RandomStream(1, 'sample', dataset.count, 0x40b5).shuffle(all).slice(0, images);
  return subset(dataset, drawn.sort());
}

async function disturb(
  dataset: Dataset,
  change: (picture: ReturnType<typeof pictureAt>, index: number) => ReturnType<Disturbance['change']>,
): Promise<Dataset> {
  const size = pictureSize(dataset);
  const pixels = new Uint8Array(dataset.count * size);
  for (let i = 0; i < dataset.count; i++) pixels.set((await change(pictureAt(dataset, i), i)).data, i * size);
  return { ...dataset, pixels: memoryPixels(pixels, size) };
}
