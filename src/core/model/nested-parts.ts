import { layerNamed } from '../layers/index.ts';
import { type Part, sequential } from './builder.ts';
import { canonicalModel } from './canonical.ts';
import { inputId, type LayerSpec, type ModelDraft } from './spec.ts';

type LayerPart = Part & { readonly kind: 'layer' };

/**
 * The parts of which `sequential` makes these layers again, the same in every id and order; undefined where layers read
 * each other in a way that branches cannot say. Ids are left out where numbering gives them anyway.
 */
export function partsOf(model: ModelDraft): Part[] | undefined {
  const { layers } = canonicalModel(model);
  const named = nest(layers, (layer) => asPart(layer, true));
  // Branches emit their layers in an order of their own; where that is another, the text would not be exact.
  if (!named || !sameLayers(sequential(named).layers, layers)) return undefined;
  const explicit = explicitIds(layers);
  return nest(layers, (layer) => asPart(layer, explicit.has(layer.id)));
}

/** Ids that numbering does not give: those that have to be written. */
export function explicitIds(layers: readonly LayerSpec[]): ReadonlySet<string> {
  const isNumber = (layer: LayerSpec): boolean => {
    const { idPrefix } = layerNamed(layer.type, 'the model');
    return layer.id.startsWith(idPrefix) && /^[1-9]\d*$/.test(layer.id.slice(idPrefix.length));
  };
  const explicit = new Set(layers.filter((layer) => !isNumber(layer)).map(({ id }) => id));
  for (;;) {
    // The order of names alone decides, so reading each other is left out here.
    const numbered = sequential(layers.map((layer) => asPart(layer, explicit.has(layer.id)))).layers;
    const wrong = layers.filter(({ id }, i) => numbered[i].id !== id);
    if (wrong.length === 0) return explicit;
    for (const { id } of wrong) explicit.add(id);
  }
}

/** A layer as a part: its options, with its id or without. */
export function asPart({ id, type, inputs: _, ...options }: LayerSpec, withId: boolean): LayerPart {
  return { kind: 'layer', type, options: withId ? { ...options, id } : options };
}

const sameLayers = (a: readonly LayerSpec[], b: readonly LayerSpec[]): boolean =>
  a.length === b.length &&
  a.every(({ id, inputs = [] }, i) => id === b[i].id && inputs.join() === (b[i].inputs ?? []).join());

/** Parts within each other; undefined where a layer would have to stand twice. */
function nest(layers: readonly LayerSpec[], make: (layer: LayerSpec) => LayerPart): Part[] | undefined {
  const byId = new Map(layers.map((layer, i) => [layer.id, { layer, inputs: readsOf(layers, i) }]));
  const forkOf = dominators(layers);
  const used = new Set<string>();
  const pathTo = (last: string, from: string): Part[] | undefined => {
    const path: Part[] = [];
    for (let id = last; id !== from; ) {
      const here = byId.get(id);
      // Reached the picture past the fork, or a layer that stands in another path already.
      if (!here || used.has(id)) return undefined;
      used.add(id);
      const { layer, inputs } = here;
      if (inputs.length === 1) {
        path.push(make(layer));
        id = inputs[0];
        continue;
      }
      const fork = forkOf.get(id) as string;
      const paths = inputs.map((input) => pathTo(input, fork));
      if (paths.some((one) => one === undefined)) return undefined;
      path.push({ kind: 'branches', merge: make(layer), paths: paths as Part[][] });
      id = fork;
    }
    return path.reverse();
  };
  const parts = pathTo(layers[layers.length - 1].id, inputId);
  return parts && used.size === layers.length ? parts : undefined;
}

const readsOf = (layers: readonly LayerSpec[], i: number): readonly string[] =>
  layers[i].inputs ?? [i === 0 ? inputId : layers[i - 1].id];

/** For each layer the last one before it through which all that it reads has come: where its branches began. */
function dominators(layers: readonly LayerSpec[]): ReadonlyMap<string, string> {
  const depth = new Map([[inputId, 0]]);
  const above = new Map<string, string>();
  const meet = (a: string, b: string): string => {
    let [x, y] = [a, b];
    while (x !== y) {
      if (depth.get(x)! >= depth.get(y)!) x = above.get(x)!;
      else y = above.get(y)!;
    }
    return x;
  };
  layers.forEach(({ id }, i) => {
    const fork = readsOf(layers, i).reduce(meet);
    above.set(id, fork);
    depth.set(id, depth.get(fork)! + 1);
  });
  return above;
}
