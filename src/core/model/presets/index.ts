import { invalid } from '../../errors.ts';
import { suggest } from '../../nearest.ts';
import type { Shape } from '../../shape.ts';
import { adapt, type ModelSpec } from '../spec.ts';
import { lenet5 } from './lenet5.ts';
import { linear } from './linear.ts';
import { mlp } from './mlp.ts';
import { mnistCnn } from './mnistCnn.ts';
import { mobile } from './mobile.ts';
import type { Preset } from './preset.ts';
import { resnet20 } from './resnet20.ts';
import { vgg6Bn } from './vgg6Bn.ts';

export type { Preset } from './preset.ts';

/** THE LIST of presets, from the simplest to the most capable. */
export const presets: readonly Preset[] = [linear, mlp, lenet5, mnistCnn, vgg6Bn, resnet20, mobile];

/** The preset of a name. @throws FoveaError with the nearest name. */
export function presetNamed(name: string): Preset {
  const preset = presets.find((known) => known.name === name);
  if (preset) return preset;
  const names = presets.map((known) => known.name);
  throw invalid('a model', "'model'", name, `${suggest(name, names)} \`fovea model list\` shows all`);
}

/**
 * The spec of a preset for pictures [height, width, channels] and a number of classes.
 *
 * @throws FoveaError when there is no such preset or the pictures are too small for it.
 */
export function buildPreset(
  preset: string | Preset,
  data: { readonly input: Shape; readonly classes: number },
): ModelSpec {
  const chosen = typeof preset === 'string' ? presetNamed(preset) : preset;
  const { name, minimumSize } = chosen;
  const [height, width] = data.input;
  if (height < minimumSize || width < minimumSize) {
    const mend = `Use pictures of size ${minimumSize} or larger, or a model that takes smaller ones: linear, mlp`;
    throw invalid(`pictures of at least ${minimumSize}x${minimumSize}`, `model '${name}'`, `${height}x${width}`, mend);
  }
  return adapt({ ...chosen.draft(data), name }, data);
}
