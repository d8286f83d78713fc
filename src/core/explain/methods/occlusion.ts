import { softmax } from '../../classifier/classify.ts';
import { type Panel, positivePanel, signedPanel } from '../panel.ts';
import { given, type Method, targetOf } from './method.ts';

/** Places along an axis at which a patch is put: evenly, at most `most`, reaching from edge to edge. */
function placesAlong(size: number, patch: number, most: number): number[] {
  const room = size - patch;
  const count = Math.min(room + 1, most);
  return Array.from({ length: count }, (_, i) => (count === 1 ? 0 : Math.round((i * room) / (count - 1))));
}

const mostPlaces = 24;

export const occlusion: Method = {
  name: 'occlusion',
  title: 'Occlusion',
  shows: 'How much the probability of a class falls when a grey patch hides each place: a measurement, no gradient.',
  limits:
    'A patch is no natural change, and its size decides what is found; two places that say the same hide each other.',
  source: 'Zeiler and Fergus, "Visualizing and Understanding Convolutional Networks", ECCV 2014',
  needs: { picture: true },
  takes: ['target', 'patch'],
  async run(explainer, prepared, options) {
    const picture = given(prepared, 'a picture');
    const { patch: share = 0.25, signal, onProgress } = options;
    const target = await targetOf(explainer, picture, options);
    const { height, width, channels } = picture.picture;
    const patch = Math.max(1, Math.round(share * Math.min(height, width)));
    const rows = placesAlong(height, patch, mostPlaces);
    const columns = placesAlong(width, patch, mostPlaces);
    const places = rows.flatMap((y) => columns.map((x) => [y, x]));
    const before = (await explainer.probabilitiesOf(picture))[target];
    const classes = explainer.classifier.classNames.length;
    const sums = new Float64Array(height * width);
    const counts = new Float64Array(height * width);
    let [most, at] = [-Infinity, places[0]];
    const { capacity } = explainer.network;
    for (let from = 0; from < places.length; from += capacity) {
      signal?.throwIfAborted();
      const batch = places.slice(from, from + capacity);
      const hidden = batch.map(([y, x]) => {
        const copy = picture.input.slice();
        // Normalised 0: the mean colour.
        for (let r = y; r < y + patch; r++)
          copy.fill(0, (r * width + x) * channels, (r * width + x + patch) * channels);
        return copy;
      });
      const logits = await explainer.network.outputs(hidden);
      batch.forEach(([y, x], i) => {
        const fall = before - softmax(logits.subarray(i * classes, (i + 1) * classes))[target];
        if (fall > most) [most, at] = [fall, [y, x]];
        for (let r = y; r < y + patch; r++)
          for (let c = x; c < x + patch; c++) {
            sums[r * width + c] += fall;
            counts[r * width + c]++;
          }
      });
      onProgress?.(Math.min(places.length, from + capacity), places.length);
    }
    const name = explainer.classifier.classNames[target];
    const values = Float32Array.from(sums, (sum, i) => (counts[i] > 0 ? sum / counts[i] : 0));
    const map = { title: `Fall of the probability of ${name}`, height, width, values };
    const box = { top: at[0], left: at[1], bottom: at[0] + patch - 1, right: at[1] + patch - 1 };
    const panels: Panel[] = [
      signedPanel(map, { box }),
      positivePanel({ ...map, title: 'On the picture' }, { over: picture.picture }),
    ];
    const words = [
      `Hiding ${patch}x${patch} pixels changes the probability of ${name} (${before.toFixed(3)}) most at row ${at[0]}, column ${at[1]}: to ${(before - most).toFixed(3)}.`,
    ];
    return { panels, words, numbers: { before, most, patch, places: places.length }, target };
  },
};
