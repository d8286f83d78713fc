import { invalid } from '../../errors.ts';
import { suggest } from '../../nearest.ts';
import { activationMaximisation } from './activationMaximisation.ts';
import { embeddingPca, embeddingUmap } from './embedding.ts';
import { featureMaps } from './featureMaps.ts';
import { filters } from './filters.ts';
import { gradCam } from './gradCam.ts';
import { gradCamPlusPlus } from './gradCamPlusPlus.ts';
import { integratedGradients } from './integratedGradients.ts';
import { layerCam } from './layerCam.ts';
import type { Method } from './method.ts';
import { nearestPictures } from './nearestPictures.ts';
import { occlusion } from './occlusion.ts';
import { prototypes } from './prototypes.ts';
import { receptiveField } from './receptiveField.ts';
import { saliency } from './saliency.ts';
import { smoothGrad } from './smoothGrad.ts';
import { topImages } from './topImages.ts';

export type { ExplainOptions, Explanation, Method } from './method.ts';

/** THE LIST of methods. The command, the studio's forms and the contract tests go through it. */
export const methods: readonly Method[] = [
  filters,
  featureMaps,
  topImages,
  activationMaximisation,
  saliency,
  smoothGrad,
  integratedGradients,
  gradCam,
  gradCamPlusPlus,
  layerCam,
  occlusion,
  receptiveField,
  nearestPictures,
  prototypes,
  embeddingPca,
  embeddingUmap,
];

/** @throws FoveaError naming the nearest method that there is. */
export function methodNamed(name: string): Method {
  const method = methods.find((one) => one.name === name);
  if (method) return method;
  throw invalid(
    'a method',
    'the method',
    name,
    suggest(
      name,
      methods.map((one) => one.name),
    ),
  );
}
