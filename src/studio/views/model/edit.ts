import type { LayerSpec, ModelDraft } from '../../../core/model/spec.ts';

/** Changes of a draft that a person makes by hand; whether they fit the workbench tells afterwards. */

/** The same layers, each with the layers that it reads: where a draft names none it is the one before. */
export const withReads = ({ layers }: ModelDraft): (LayerSpec & { readonly inputs: readonly string[] })[] =>
  layers.map((layer, i) => ({ ...layer, inputs: layer.inputs ?? [i === 0 ? 'input' : layers[i - 1].id] }));

export const setOption = (draft: ModelDraft, id: string, option: string, value: unknown): ModelDraft =>
  withLayer(draft, id, (layer) => {
    const { [option]: _, ...rest } = layer;
    return (value === undefined ? rest : { ...layer, [option]: value }) as LayerSpec;
  });

export const setInputs = (draft: ModelDraft, id: string, inputs: readonly string[]): ModelDraft =>
  withLayer(draft, id, (layer) => ({ ...layer, inputs }));

/** Another id, wherever it is read. */
export const renameLayer = (draft: ModelDraft, id: string, to: string): ModelDraft => ({
  ...draft,
  layers: draft.layers.map((layer) => ({
    ...layer,
    id: layer.id === id ? to : layer.id,
    ...(layer.inputs ? { inputs: layer.inputs.map((input) => (input === id ? to : input)) } : {}),
  })),
});

/** A new layer after another one (or first of all): who read that one reads the new one. */
export function addLayer(draft: ModelDraft, after: string, layer: LayerSpec): ModelDraft {
  const layers = withReads(draft);
  const at = layers.findIndex(({ id }) => id === after) + 1;
  const rest = layers.slice(at).map((one) => replaceRead(one, after, layer.id));
  return { ...draft, layers: [...layers.slice(0, at), { ...layer, inputs: [after] }, ...rest] };
}

/** Who read it reads what it read first. */
export function removeLayer(draft: ModelDraft, id: string): ModelDraft {
  const layers = withReads(draft);
  const instead = layers.find((layer) => layer.id === id)?.inputs[0] ?? 'input';
  return { ...draft, layers: layers.filter((layer) => layer.id !== id).map((one) => replaceRead(one, id, instead)) };
}

/** A layer changes its place with the one before or after it, along a chain; undefined where there is none. */
export function moveLayer(draft: ModelDraft, id: string, by: -1 | 1): ModelDraft | undefined {
  const layers = withReads(draft);
  const at = layers.findIndex((layer) => layer.id === id);
  const [upper, lower] = by < 0 ? [layers[at - 1], layers[at]] : [layers[at], layers[at + 1]];
  // Only where one simply follows the other is there a place to change.
  if (!upper || !lower || upper.inputs.length !== 1 || lower.inputs.length !== 1 || lower.inputs[0] !== upper.id)
    return undefined;
  if (layers.some((one) => one !== lower && one.inputs.includes(upper.id))) return undefined;
  const swapped = layers.map((one) => {
    if (one === upper) return { ...lower, inputs: upper.inputs };
    if (one === lower) return { ...upper, inputs: [lower.id] };
    return replaceRead(one, lower.id, upper.id);
  });
  return { ...draft, layers: swapped };
}

const replaceRead = <T extends { readonly inputs: readonly string[] }>(layer: T, from: string, to: string): T => ({
  ...layer,
  inputs: layer.inputs.map((input) => (input === from ? to : input)),
});

/** `conv4`, where conv1 to conv3 are taken. */
export function freeId(draft: ModelDraft, prefix: string): string {
  const taken = new Set(draft.layers.map(({ id }) => id));
  let n = 1;
  while (taken.has(`${prefix}${n}`)) n++;
  return `${prefix}${n}`;
}

function withLayer(draft: ModelDraft, id: string, change: (layer: LayerSpec) => LayerSpec): ModelDraft {
  return { ...draft, layers: draft.layers.map((layer) => (layer.id === id ? change(layer) : layer)) };
}
