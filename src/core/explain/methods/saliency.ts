import { attribution } from './gradientPictures.ts';
import { given, type Method, targetOf } from './method.ts';

export const saliency: Method = {
  name: 'saliency',
  title: 'Saliency',
  shows: "How strongly the class's logit would react to a small change of each pixel.",
  limits: 'A gradient tells of small changes only: what is saturated counts nothing, and the map is noisy.',
  source: 'Simonyan, Vedaldi and Zisserman, "Deep Inside Convolutional Networks", 2014',
  needs: { picture: true },
  takes: ['target'],
  async run(explainer, prepared, options) {
    const picture = given(prepared, 'a picture');
    const target = await targetOf(explainer, picture, options);
    const { input } = await explainer.gradientsOf(picture, target);
    const { panels, name } = attribution(explainer, picture, target, input, { title: 'Saliency', signed: false });
    const probability = (await explainer.probabilitiesOf(picture))[target];
    const words = [`Bright pixels change the logit of ${name} most when they change a little, in whatever direction.`];
    return { panels, words, numbers: { probability }, target };
  },
};
