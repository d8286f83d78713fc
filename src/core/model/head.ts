import { invalid } from '../errors.ts';
import { numberOption } from '../layers/options.ts';
import { type BuiltModel, buildModel } from './build.ts';
import { buildPreset, presets } from './presets/index.ts';
import type { ModelSpec } from './spec.ts';

/** The layers that give a logit to each class, by the option that holds their number. */
const classOption: Readonly<Record<string, string>> = { linear: 'features', conv2d: 'channels' };

/**
 * A model is a trunk, which sees, and a head, which names what is seen. The head is the last layer with weights, if that
 * is a `linear` or a `conv2d` with one output a class; whatever stands behind it (pooling, flatten) has no weights.
 * @returns its id. @throws FoveaError when the last layer with weights is another one.
 */
export function findHead(spec: ModelSpec, model: BuiltModel = buildForShape(spec)): string {
  const last = [...model.layers].reverse().find(({ parameters }) => parameters.length > 0);
  const option = last && classOption[last.layer.type];
  if (last && option !== undefined && numberOption(last.options, option) === spec.classes) return last.id;
  throw invalid(
    `a linear or conv2d layer with ${spec.classes} outputs, one a class, as the last layer with weights (the head)`,
    spec.name === undefined ? 'the model' : `model '${spec.name}'`,
    last ? `'${last.id}' (${last.layer.type})` : 'a model without weights',
  );
}

/** The preset that a model is, layer by layer; undefined where it is none. */
export function presetOf({ name, input, classes, layers }: ModelSpec): string | undefined {
  const preset = presets.find((one) => one.name === name);
  if (!preset || Math.min(input[0], input[1]) < preset.minimumSize) return undefined;
  const same = JSON.stringify(buildPreset(preset, { input, classes }).layers) === JSON.stringify(layers);
  return same ? preset.name : undefined;
}

/**
 * The same model for other pictures and classes: a preset as it is for those, of another model the head with as many
 * outputs as there are classes.
 * @throws FoveaError when it has no head, or does not take pictures of that size.
 */
export function forOtherData(
  spec: ModelSpec,
  data: { readonly input: readonly number[]; readonly classes: number },
): ModelSpec {
  const preset = presetOf(spec);
  if (preset !== undefined) return buildPreset(preset, { input: data.input, classes: data.classes });
  const resized = { ...spec, input: [...data.input] };
  if (data.classes === spec.classes) {
    buildForShape(resized);
    return resized;
  }
  const head = findHead(spec);
  const layers = spec.layers.map((layer) =>
    layer.id === head ? { ...layer, [classOption[layer.type]]: data.classes } : layer,
  );
  const changed = { ...resized, classes: data.classes, layers };
  buildForShape(changed);
  return changed;
}

const buildForShape = (spec: ModelSpec): BuiltModel => buildModel(spec, { training: false, inputType: 'float32' });
