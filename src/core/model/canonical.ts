import {
  fillHead,
  inputId,
  type LayerSpec,
  type ModelDraft,
  type ModelSpec,
  type ResolvedLayer,
  resolveLayers,
} from './spec.ts';

/** The layers with one form for each model: no `inputs` that say what is so anyway, options in their declared order. */
export function canonicalLayers(resolved: readonly ResolvedLayer[], given: readonly LayerSpec[]): LayerSpec[] {
  return resolved.map(({ id, layer, inputs }, i) => {
    const previous = i === 0 ? inputId : resolved[i - 1].id;
    const isNext = inputs.length === 1 && inputs[0] === previous;
    const spec: Record<string, unknown> = { id, type: layer.type, ...(isNext ? {} : { inputs: [...inputs] }) };
    for (const name of Object.keys(layer.options)) if (given[i][name] !== undefined) spec[name] = given[i][name];
    return spec as LayerSpec;
  });
}

/** One form for each model, so that equal models have equal texts. @throws FoveaError as `parseModelDraft`. */
export function canonicalModel<Model extends ModelDraft>(model: Model): Model {
  const { format, version, name, input, classes, layers } = model;
  const complete = fillHead(layers, 2) as readonly LayerSpec[];
  const canonical = {
    format,
    version,
    ...(name === undefined ? {} : { name }),
    ...(input === undefined ? {} : { input: [...input] }),
    ...(classes === undefined ? {} : { classes }),
    layers: canonicalLayers(resolveLayers(complete), layers),
  };
  return canonical as unknown as Model;
}

/** The other way round than `adapt`: leaves to the data what was only assumed. Canonical. */
export function openModel(spec: ModelSpec, open: { readonly input: boolean; readonly classes: boolean }): ModelDraft {
  const { input, classes, ...rest } = canonicalModel(spec);
  const layers = rest.layers.map((layer, i) => {
    if (!open.classes || i < rest.layers.length - 1 || layer.type !== 'linear') return layer;
    const { features: _, ...others } = layer;
    return others as LayerSpec;
  });
  return canonicalModel({ ...rest, ...(open.input ? {} : { input }), ...(open.classes ? {} : { classes }), layers });
}
