import { typicalOf } from '../embed/neighbours.ts';
import { given, type Method } from './method.ts';
import { featuresKept, neighbourPanel } from './nearestPictures.ts';

export const prototypes: Method = {
  name: 'prototypes',
  title: 'Prototypes and outliers',
  shows: 'Of a class the training pictures nearest to its mean in the network’s features, then those farthest from it.',
  limits: 'An outlier may be a wrong label, a rare kind or a bad picture: look before you change anything.',
  source: 'Snell, Swersky and Zemel, "Prototypical Networks", NeurIPS 2017 (class means in feature space)',
  needs: { picture: 'optional', data: true },
  takes: ['target', 'most'],
  async run(explainer, picture, options) {
    const data = given(options.data, 'data');
    const { most = 12 } = options;
    const target = options.target ?? (picture ? await explainer.predict(picture) : 0);
    const name = explainer.classifier.classNames[target];
    const label = data.classNames.indexOf(name);
    const features = await featuresKept(explainer, data, options);
    const found = typicalOf(features, data.classNames.length, label, Math.ceil(most / 2));
    const strays = found.outliers.filter(({ nearest }) => nearest !== label);
    const panels = [
      ...found.prototypes.map((one) => neighbourPanel(explainer, data, one)),
      ...found.outliers.map((one) => {
        const panel = neighbourPanel(explainer, data, one);
        const other = one.nearest === label ? '' : `, nearer to ${data.classNames[one.nearest]}`;
        return { ...panel, title: `outlier: ${panel.title}${other}` };
      }),
    ];
    return {
      panels,
      words: [
        `First the ${found.prototypes.length} pictures of ${name} nearest to their mean, then the ${found.outliers.length} farthest from it.`,
        ...(strays.length > 0
          ? [`${strays.length} of the outliers are nearer to another class: is their label right?`]
          : []),
      ],
      numbers: { searched: features.count, strays: strays.length },
      target,
    };
  },
};
