import type { RunDescription } from './run-folder.ts';

/** A field in which runs differ; a value for each run in turn, undefined where a run has none. */
export interface RecipeDifference {
  /** With dots: `optimizer.weightDecay`. */
  readonly field: string;
  readonly values: readonly (string | number | boolean | undefined)[];
}

type Leaf = string | number | boolean;

/** Where recipes and data of runs differ. Models of different names are told by name alone. */
export function recipeDifferences(descriptions: readonly RunDescription[]): RecipeDifference[] {
  const sameModel = new Set(descriptions.map(({ recipe }) => recipe.modelName)).size === 1;
  const leaves = descriptions.map(({ recipe, data, preprocessing, bits }) => {
    const { model, modelName, version: _, ...rest } = recipe;
    return new Map([
      ...flatten({ model: modelName }),
      ...flatten(rest),
      ...(sameModel ? flatten({ layers: layersById(model.layers), input: model.input.join('x') }) : []),
      ...flatten({
        data: data.source,
        'data.train': `${data.images.train} pictures, ${data.train.slice(7, 15)}`,
        'data.val': `${data.images.val} pictures, ${data.val.slice(7, 15)}`,
        'data.fit': preprocessing.fit,
        bits: bits ?? 'not recorded',
      }),
    ]);
  });
  const fields = [...new Set(leaves.flatMap((one) => [...one.keys()]))];
  return fields
    .map((field) => ({ field, values: leaves.map((one) => one.get(field)) }))
    .filter(({ values }) => values.some((value) => value !== values[0]));
}

/** Layers by their ids, so that one more in the middle does not make all that follow differ. */
const layersById = (layers: readonly { readonly id?: string }[]): Record<string, unknown> =>
  Object.fromEntries(layers.map(({ id, ...layer }, i) => [id ?? String(i), layer]));

/** Leaves of nested objects by dotted names; short lists are written out. */
function flatten(value: unknown, name = ''): [string, Leaf][] {
  if (value === undefined) return [];
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'string') return [[name, value]];
  if (value === null || typeof value !== 'object') return [[name, String(value)]];
  if (Array.isArray(value)) return [[name, JSON.stringify(value)]];
  return Object.entries(value).flatMap(([key, one]) => flatten(one, name === '' ? key : `${name}.${key}`));
}

/** Equal for runs that differ by their seeds alone. */
export const seedlessKey = ({ recipe, data }: RunDescription): string =>
  JSON.stringify([{ ...recipe, seed: 0 }, data.source, data.split?.hash ?? '', data.leaks?.kept ?? false]);
