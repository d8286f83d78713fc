import { featuresOf, thinned } from '../embed/features.ts';
import { principalComponents } from '../embed/pca.ts';
import { mostUmapRows, umap } from '../embed/umap.ts';
import type { Panel } from '../panel.ts';
import { given, type Method } from './method.ts';
import { featuresKept } from './nearestPictures.ts';

/** A picture that was asked about is marked on the map. */
export const embeddingPca: Method = {
  needs: { picture: 'optional', data: true },
  source: 'Pearson 1901, Hotelling 1933; orthogonal iteration after Golub and Van Loan',
  name: 'pca',
  title: 'Embedding map (PCA)',
  shows: 'Training pictures as points: the plane in which their features differ most.',
  limits:
    'Two directions hold only a part of all differences (the words say how much); far apart here is far apart, near may not be near.',
  takes: [],
  async run(explainer, picture, options) {
    const data = given(options.data, 'data');
    const features = await featuresKept(explainer, data, options);
    const { coordinates, shares, directions } = principalComponents(features.rows, features.size);
    let marked: [number, number] | undefined;
    if (picture) {
      const { rows } = await featuresOf(explainer, [picture]);
      const mean = new Float64Array(features.size);
      features.rows.forEach((value, i) => {
        mean[i % features.size] += value / features.count;
      });
      const along = directions.map((direction) =>
        direction.reduce((sum, value, i) => sum + value * (rows[i] - mean[i]), 0),
      );
      marked = [along[0] ?? 0, along[1] ?? 0];
    }
    const panel: Panel = {
      kind: 'points',
      title: `${features.count} training pictures`,
      points: coordinates,
      labels: features.labels,
      names: data.classNames,
      marked,
    };
    const percent = (share = 0): string => `${(100 * share).toFixed(0)} %`;
    return {
      panels: [panel],
      words: [
        `Across: the direction of ${percent(shares[0])} of all variance of the ${features.size} features; up: ${percent(shares[1])}.`,
        ...(marked ? ['The ring marks the picture.'] : []),
      ],
      numbers: { pictures: features.count, across: shares[0] ?? 0, up: shares[1] ?? 0 },
    };
  },
};

export const embeddingUmap: Method = {
  needs: { data: true },
  name: 'umap',
  title: 'Embedding map (UMAP)',
  shows: 'Training pictures as points: those that the network takes for alike lie together.',
  limits: 'Distances between groups and their sizes mean nothing; another seed gives another map.',
  source: 'McInnes, Healy and Melville, "UMAP", 2018; by umap-js',
  takes: ['seed'],
  async run(explainer, _picture, options) {
    const data = given(options.data, 'data');
    const all = await featuresKept(explainer, data, options);
    const { seed = 1, signal, onProgress } = options;
    const some = thinned(all, mostUmapRows);
    const { count, labels } = some;
    const points = await umap(some, seed, { signal, onProgress });
    return {
      panels: [{ kind: 'points', title: `${count} training pictures`, points, labels, names: data.classNames }],
      words: [`${count} of ${data.count} training pictures; those with like features lie together.`],
      numbers: { pictures: count },
    };
  },
};
