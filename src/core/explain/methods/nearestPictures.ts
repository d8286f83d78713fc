import { type Dataset, pictureAt } from '../../dataset/dataset.ts';
import { embedDataset, type Features, featuresOf } from '../embed/features.ts';
import { type Neighbour, nearestTo } from '../embed/neighbours.ts';
import type { Panel } from '../panel.ts';
import type { Explainer } from '../session.ts';
import { type ExplainOptions, given, type Method } from './method.ts';

const known = new WeakMap<Explainer, WeakMap<Dataset, Promise<Features>>>();

/** Features of a data set, computed once for an open explainer. */
export function featuresKept(explainer: Explainer, data: Dataset, options: ExplainOptions): Promise<Features> {
  const own = known.get(explainer) ?? new WeakMap<Dataset, Promise<Features>>();
  known.set(explainer, own);
  let features = own.get(data);
  if (!features) {
    features = embedDataset(explainer, data, { signal: options.signal, onProgress: options.onProgress });
    own.set(data, features);
    features.catch(() => own.delete(data));
  }
  return features;
}

/** A picture of the data with its class and distance. */
export const neighbourPanel = (explainer: Explainer, data: Dataset, { index, distance }: Neighbour): Panel => ({
  kind: 'picture',
  title: `${data.classNames[data.labels[index]]} ${index}: ${distance.toFixed(3)}`,
  picture: explainer.prepare(pictureAt(data, index)).picture,
});

export const nearestPictures: Method = {
  name: 'nearest',
  title: 'Nearest training pictures',
  shows: 'The training pictures that the last layer before the classes takes for most alike.',
  limits: 'Alike to the network is not alike to an eye; distances of different networks cannot be compared.',
  source: 'Krizhevsky, Sutskever and Hinton, 2012; distance: 1 - cosine of the features',
  needs: { picture: true, data: true },
  takes: ['most'],
  async run(explainer, prepared, options) {
    const picture = given(prepared, 'a picture');
    const data = given(options.data, 'data');
    const features = await featuresKept(explainer, data, options);
    const { rows } = await featuresOf(explainer, [picture]);
    const found = nearestTo(features, rows, options.most ?? 12);
    const predicted = await explainer.predict(picture);
    const name = explainer.classifier.classNames[predicted];
    const alike = found.filter(({ label }) => data.classNames[label] === name).length;
    return {
      panels: [
        { kind: 'picture', title: 'The picture', picture: picture.picture },
        ...found.map((one) => neighbourPanel(explainer, data, one)),
      ],
      words: [
        `${alike} of the ${found.length} nearest of ${features.count} training pictures are ${name}, as the prediction says.`,
      ],
      numbers: { searched: features.count, alike, nearest: found[0].distance },
      target: predicted,
    };
  },
};
