import { invalid } from '../../errors.ts';
import { suggest } from '../../nearest.ts';
import { featureMaps } from './featureMaps.ts';
import { gradCam } from './gradCam.ts';
import { gradCamPlusPlus } from './gradCamPlusPlus.ts';
import { layerCam } from './layerCam.ts';
import type { Method } from './method.ts';

export type { ExplainOptions, Explanation, Method } from './method.ts';

/** THE LIST of methods. The command, the studio's forms and the contract tests go through it. */
export const methods: readonly Method[] = [featureMaps, gradCam, gradCamPlusPlus, layerCam];

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
