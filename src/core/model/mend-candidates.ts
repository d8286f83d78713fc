import { pairOf } from '../layers/options.ts';
import { type Shape, sameShape } from '../shape.ts';
import type { SpecChange, SpecMend } from './mend.ts';
import type { LayerSpec, ResolvedLayer } from './spec.ts';

export type Candidate = Omit<SpecMend, 'complete'>;

/** What is known where a model does not fit. */
export interface Stuck {
  readonly resolved: readonly ResolvedLayer[];
  readonly layers: readonly LayerSpec[];
  /** Place of the layer; past the last where the logits are wrong. */
  readonly place: number;
  readonly incoming: readonly Shape[];
  /** Of every layer before it. */
  readonly shapes: ReadonlyMap<string, Shape>;
  readonly classes: number;
}

/** Mends that could help, the most natural first. None is certain: they are tried before anybody is told. */
export function mendCandidates(stuck: Stuck): Candidate[] {
  const { resolved, place, incoming } = stuck;
  if (place >= resolved.length) return endings(stuck);
  const { layer } = resolved[place];
  if (layer.inputs === 'many') return meetings(stuck);
  const [shape] = incoming;
  const options = layer.options;
  return [
    ...(options.kernelSize && shape.length === 3 ? windows(stuck) : []),
    ...(options.groups ? groups(stuck) : []),
    ...(options.features && shape.length === 3 ? heads(stuck) : []),
    ...(shape.length === 1 ? flattened(stuck) : []),
  ];
}

const set = (layer: string, options: Readonly<Record<string, unknown>>, text: string): Candidate => ({
  text,
  changes: [{ change: 'set', layer, options }],
});
const leaveOut = (id: string): Candidate => ({
  text: `leave out '${id}'`,
  changes: [{ change: 'remove', layer: id }],
});

/** A window that does not fit into the map. */
function windows({ resolved, place, incoming: [shape] }: Stuck): Candidate[] {
  const { id, layer, options } = resolved[place];
  const kernelSize = pairOf(options.kernelSize);
  const padding = typeof options.padding === 'string' ? [0, 0] : pairOf(options.padding ?? 0);
  const isPooling = layer.options.channels === undefined && layer.options.multiplier === undefined;
  const room = [0, 1].map((axis) => shape[axis] + 2 * padding[axis]);
  // A convolution keeps a middle, so its window stays odd.
  const fitting = room.map((most, axis) => {
    if (kernelSize[axis] <= most) return kernelSize[axis];
    return isPooling || most % 2 === 1 ? most : most - 1;
  });
  const size = fitting[0] === fitting[1] ? fitting[0] : fitting;
  const shown = Array.isArray(size) ? size.join('x') : String(size);
  const half = kernelSize.map((one) => Math.floor(one / 2));
  const pad = half[0] === half[1] ? half[0] : half;
  const isPadded = typeof options.padding !== 'string' && padding.some((one, axis) => one > half[axis]);
  return [
    ...(isPadded ? [set(id, { padding: pad }, `use padding ${half.join('x')}`)] : []),
    ...(isPooling ? [] : [set(id, { padding: 'same' }, "use padding 'same'")]),
    ...(fitting.some((one, axis) => one !== kernelSize[axis]) && Math.max(...fitting) > 1
      ? [set(id, { kernelSize: size }, `use kernelSize ${shown}`)]
      : []),
    ...(layer.options.dilation && options.dilation !== 1 ? [set(id, { dilation: 1 }, 'use dilation 1')] : []),
    ...(isPooling ? [leaveOut(id)] : []),
    ...(Math.max(...fitting) === 1 ? [set(id, { kernelSize: 1 }, 'use kernelSize 1')] : []),
  ];
}

/** Groups that do not divide the channels. */
function groups({ resolved, place, incoming: [shape] }: Stuck): Candidate[] {
  const { id, layer, options } = resolved[place];
  const wanted = options.groups as number;
  const inputs = shape[shape.length - 1];
  const channels = layer.options.channels ? (options.channels as number) : inputs;
  let divisor = Math.min(wanted, inputs);
  while (inputs % divisor !== 0 || channels % divisor !== 0) divisor--;
  const multiple = Math.max(1, Math.round(channels / wanted)) * wanted;
  return [
    set(id, { groups: divisor }, `use groups ${divisor}`),
    ...(layer.options.channels && inputs % wanted === 0
      ? [set(id, { channels: multiple }, `use channels ${multiple}`)]
      : []),
  ];
}

/** A linear layer on a feature map. */
function heads({ resolved, place, layers }: Stuck): Candidate[] {
  const { id } = resolved[place];
  return ['flatten', 'globalAvgPool2d'].map((type) => ({
    text: `put ${type} before it`,
    changes: [{ change: 'insert', before: id, input: 0, layer: { id: freeId(layers, type), type } }],
  }));
}

/** A layer of feature maps after the map became a row. */
function flattened({ resolved, place, shapes }: Stuck): Candidate[] {
  const { id, layer } = resolved[place];
  const found = resolved
    .slice(0, place)
    .reverse()
    .find(({ id: before, inputs }) => shapes.get(before)?.length === 1 && shapes.get(inputs[0])?.length !== 1);
  const isNorm = /norm/i.test(layer.type);
  return [
    ...(isNorm
      ? [{ text: 'use layerNorm', changes: [{ change: 'replace', layer: id, type: 'layerNorm' }] as const }]
      : []),
    ...(found ? [leaveOut(found.id)] : []),
    leaveOut(id),
  ];
}

/** Branches that meet with different shapes. */
function meetings(stuck: Stuck): Candidate[] {
  const { resolved, layers, place, incoming, shapes } = stuck;
  const { id, layer, inputs } = resolved[place];
  const candidates: Candidate[] = [];
  const byId = new Map(resolved.map((one) => [one.id, one]));
  /** The layers of a branch before the meeting, from its end, as far as each reads one alone. */
  const path = (from: string): ResolvedLayer[] => {
    const found: ResolvedLayer[] = [];
    for (let here = byId.get(from); here && here.layer.inputs === 1; here = byId.get(here.inputs[0])) found.push(here);
    return found;
  };
  const others = inputs.map((_, i) => i).filter((i) => !fits(layer.type, incoming[0], incoming[i]));
  for (const i of others) {
    for (const [change, like] of [
      [i, 0],
      [0, i],
    ]) {
      const wanted = incoming[like];
      const branch = path(inputs[change]);
      const width = wanted[wanted.length - 1];
      const maker = branch.find((one) => one.layer.options.channels ?? one.layer.options.features);
      const option = maker?.layer.options.channels ? 'channels' : 'features';
      if (maker) candidates.push(set(maker.id, { [option]: width }, `use ${option} ${width} in '${maker.id}'`));
      for (const one of branch.filter(({ layer: { options } }) => options.kernelSize && options.padding)) {
        candidates.push(set(one.id, { padding: 'same' }, `use padding 'same' in '${one.id}'`));
      }
    }
    const [map, wanted] = [incoming[i], incoming[0]];
    if (map.length === 3 && wanted.length === 3) {
      const stride = [0, 1].map((axis) => Math.max(1, Math.round(map[axis] / wanted[axis])));
      const channels = layer.type === 'concat' ? map[2] : wanted[2];
      const spec = {
        id: freeId(layers, 'shortcut'),
        type: 'conv2d',
        channels,
        kernelSize: 1,
        ...(Math.max(...stride) > 1 ? { stride: stride[0] === stride[1] ? stride[0] : stride } : {}),
      };
      const strided = Math.max(...stride) > 1 ? ` and stride ${stride[0]}` : '';
      const text = `put a conv2d with kernelSize 1, channels ${channels}${strided} between '${inputs[i]}' and it`;
      const changes: SpecChange[] = [{ change: 'insert', before: id, input: i, layer: spec }];
      if (shapes.has(inputs[i]) || inputs[i] === 'input') candidates.push({ text, changes });
    }
  }
  return candidates;
}

const fits = (type: string, a: Shape, b: Shape): boolean =>
  type === 'concat' ? sameShape(a.slice(0, -1), b.slice(0, -1)) : sameShape(a, b);

/** An end that gives no logits. */
function endings({ resolved, layers, incoming: [shape], classes }: Stuck): Candidate[] {
  const last = resolved[resolved.length - 1];
  const linear: SpecChange = {
    change: 'append',
    layer: { id: freeId(layers, 'fc'), type: 'linear', features: classes },
  };
  const after = (type: string): Candidate => ({
    text: `add ${type} and a linear layer with ${classes} features`,
    changes: [{ change: 'append', layer: { id: freeId(layers, type), type } }, linear],
  });
  if (shape.length === 3) return [after('globalAvgPool2d'), after('flatten')];
  return [
    ...(last.layer.options.features ? [set(last.id, { features: classes }, `use features ${classes}`)] : []),
    { text: `add a linear layer with ${classes} features`, changes: [linear] },
  ];
}

/** An id that no layer has. */
function freeId(layers: readonly LayerSpec[], base: string): string {
  const taken = new Set(layers.map(({ id }) => id));
  for (let n = 1; ; n++) if (!taken.has(`${base}${n}`)) return `${base}${n}`;
}
