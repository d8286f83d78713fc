import type { LayerSpec, ModelDraft } from '../../../core/model/spec.ts';

/** Changes of a draft that a person makes by hand; whether they fit the workbench tells afterwards. */

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
  const at = draft.layers.findIndex(({ id }) => id === after) + 1;
  const added = { ...layer, inputs: [after] };
  const before = draft.layers.slice(0, at);
  const rest = draft.layers.slice(at).map((one) => ({
    ...one,
    ...(one.inputs ? { inputs: one.inputs.map((input) => (input === after ? layer.id : input)) } : {}),
  }));
  return { ...draft, layers: [...before, added, ...rest] };
}

/** Who read it reads what it read first. */
export function removeLayer(draft: ModelDraft, id: string): ModelDraft {
  const [instead] = draft.layers.find((layer) => layer.id === id)?.inputs ?? [];
  return {
    ...draft,
    layers: draft.layers
      .filter((layer) => layer.id !== id)
      .map((layer) => ({
        ...layer,
        ...(layer.inputs ? { inputs: layer.inputs.map((input) => (input === id ? (instead ?? input) : input)) } : {}),
      })),
  };
}

/** A layer changes its place with the one before or after it, along a chain. */
export function moveLayer(draft: ModelDraft, id: string, by: -1 | 1): ModelDraft | undefined {
  const at = draft.layers.findIndex((layer) => layer.id === id);
  const layer = draft.layers[at];
  const other = draft.layers[at + by];
  const [upper, lower] = by < 0 ? [other, layer] : [layer, other];
  // Only where one simply follows the other is there a place to change.
  if (!upper || !lower || lower.inputs?.length !== 1 || lower.inputs[0] !== upper.id || upper.inputs?.length !== 1)
    return undefined;
  if (draft.layers.some((one) => one !== lower && one.inputs?.includes(upper.id))) return undefined;
  const swapped = draft.layers.map((one): LayerSpec => {
    if (one === upper) return { ...lower, inputs: upper.inputs };
    if (one === lower) return { ...upper, inputs: [lower.id] };
    return {
      ...one,
      ...(one.inputs ? { inputs: one.inputs.map((input) => (input === lower.id ? upper.id : input)) } : {}),
    };
  });
  return { ...draft, layers: swapped };
}

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
