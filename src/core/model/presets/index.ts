import { invalid } from '../../errors.ts';
import { suggest } from '../../nearest.ts';
import type { Shape } from '../../shape.ts';
import { adapt, type ModelSpec } from '../spec.ts';
import { airbench94 } from './airbench94.ts';
import { convnextTiny } from './convnextTiny.ts';
import { densenetBc100 } from './densenetBc100.ts';
import { efficientnetB0 } from './efficientnetB0.ts';
import { lenet5 } from './lenet5.ts';
import { linear } from './linear.ts';
import { mlp } from './mlp.ts';
import { mnistCnn } from './mnistCnn.ts';
import { mobile } from './mobile.ts';
import { mobilenetV2 } from './mobilenetV2.ts';
import { mobilenetV3Large } from './mobilenetV3Large.ts';
import { mobilenetV3Small } from './mobilenetV3Small.ts';
import type { Preset } from './preset.ts';
import { resnet18 } from './resnet18.ts';
import { resnet20 } from './resnet20.ts';
import { resnet32 } from './resnet32.ts';
import { resnet34 } from './resnet34.ts';
import { resnet50 } from './resnet50.ts';
import { resnet56 } from './resnet56.ts';
import { squeezenet } from './squeezenet.ts';
import { tinyVgg } from './tinyVgg.ts';
import { vgg6Bn } from './vgg6Bn.ts';
import { vgg11Bn } from './vgg11Bn.ts';
import { wideResnet16 } from './wideResnet16.ts';

export type { Preset } from './preset.ts';

/** THE LIST of presets: those for small pictures and then those for photographs, each from the simplest on. */
export const presets: readonly Preset[] = [
  linear,
  mlp,
  lenet5,
  mnistCnn,
  tinyVgg,
  vgg6Bn,
  resnet20,
  resnet32,
  resnet56,
  mobile,
  airbench94,
  wideResnet16,
  densenetBc100,
  squeezenet(),
  mobilenetV3Small(),
  mobilenetV2(),
  mobilenetV3Large(),
  efficientnetB0(),
  resnet18(),
  resnet34,
  resnet50,
  vgg11Bn,
  convnextTiny(),
];

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
