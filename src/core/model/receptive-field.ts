import type { LayerWindow } from '../layers/layer.ts';
import type { Shape } from '../shape.ts';
import type { BuiltLayer } from './build.ts';

type Pair = readonly [number, number];

/** What the positions of a feature map see of the picture, in pixels. */
export interface ReceptiveField {
  /** [height, width] as if the picture had no edges; where all is seen at once, what is really reached. */
  readonly size: Pair;
  /** Pixels between the fields of two neighbouring positions, [vertical, horizontal]. */
  readonly stride: Pair;
  /** Where the field of the first position has its middle, in pixels from the middle of the first pixel. */
  readonly centre: Pair;
  /** What the position in the middle of the map really sees: its first and last row and column. */
  readonly visible: { readonly rows: Pair; readonly columns: Pair };
  /** The field of that position reaches over the picture's edges. */
  readonly clipped: boolean;
  /** Every position sees all that any does, as after a linear layer. */
  readonly whole: boolean;
  /** One number of the whole map has a part in each position too: squeeze and excite, or a norm over all of it. */
  readonly gated: boolean;
}

/** Along one axis: the field as if there were no edges, and what each position really sees. */
export interface AxisField {
  /** Position p sees pixels p * stride + first … p * stride + last. */
  readonly stride: number;
  readonly first: number;
  readonly last: number;
  /** For each position the first and last pixel within the picture; first > last where it sees padding alone. */
  readonly spans: readonly Pair[];
}

/** Fields of one layer, along both axes. */
export interface LayerField {
  readonly axes: readonly [AxisField, AxisField];
  readonly whole: boolean;
  readonly gated: boolean;
}

/**
 * Follows the fields through the layers (Araujo, Norris and Sim, "Computing receptive fields of convolutional neural
 * networks", Distill 2019), each position by itself, so that edges are exact. Where branches meet, the field is the
 * smallest rectangle that holds theirs.
 */
export function pictureField([height, width]: Shape): LayerField {
  const axis = (size: number): AxisField => ({
    stride: 1,
    first: 0,
    last: 0,
    spans: Array.from({ length: size }, (_, i) => [i, i] as const),
  });
  return { axes: [axis(height), axis(width)], whole: false, gated: false };
}

/** @param before fields of the layer's inputs, in their order. */
export function followField(layer: BuiltLayer, before: readonly LayerField[]): LayerField {
  const shapes = layer.values.map(({ shape }) => shape);
  const isMap = (shape: Shape): boolean => shape.length === 3 && shape[0] * shape[1] > 1;
  const output = layer.output.shape;
  // A number for each channel beside a map scales it as a whole; the map's own field is the one to know.
  const maps = before.filter((_, i) => isMap(shapes[i]));
  const joined = before.length > 1 && maps.length > 0 && isMap(output) ? maps : before;
  const gate = joined.length < before.length;
  const field = joined.reduce(join);
  const gated = before.some((one) => one.gated) || gate;
  const window = layer.layer.window?.(layer.options, shapes[0]);
  if (window === 'all') {
    if (isMap(output)) return { ...field, gated: true };
    return { axes: [gather(field.axes[0]), gather(field.axes[1])], whole: true, gated };
  }
  if (!window || shapes[0].length !== 3) return { ...field, gated };
  const slide = (axis: 0 | 1): AxisField => {
    const spans = layer.layer.spans?.(layer.options, shapes[0], axis);
    return slideAlong(field.axes[axis], window, axis, output[axis], spans);
  };
  return { axes: [slide(0), slide(1)], whole: field.whole, gated };
}

function slideAlong(
  { stride, first, last, spans }: AxisField,
  { kernelSize, stride: steps, padding, dilation }: LayerWindow,
  axis: 0 | 1,
  outputs: number,
  given: readonly Pair[] | undefined,
): AxisField {
  const [size, step, pad, gap] = [kernelSize[axis], steps[axis], padding[axis], dilation[axis]];
  const seen = Array.from({ length: outputs }, (_, p): Pair => {
    const begin = p * step - pad;
    const taps = given
      ? { from: given[p][0], to: given[p][1], by: 1 }
      : { from: begin < 0 ? begin + Math.ceil(-begin / gap) * gap : begin, to: begin + (size - 1) * gap, by: gap };
    let [low, high] = [Infinity, -Infinity];
    for (let tap = taps.from; tap <= taps.to && tap < spans.length; tap += taps.by) {
      if (spans[tap][0] > spans[tap][1]) continue;
      low = Math.min(low, spans[tap][0]);
      high = Math.max(high, spans[tap][1]);
    }
    return high < low ? [0, -1] : [low, high];
  });
  return {
    stride: stride * step,
    first: first - pad * stride,
    last: last + ((size - 1) * gap - pad) * stride,
    spans: seen,
  };
}

function join(a: LayerField, b: LayerField): LayerField {
  const along = (axis: 0 | 1): AxisField => {
    const [x, y] = [a.axes[axis], b.axes[axis]];
    if (x.spans.length !== y.spans.length) return gather(x.spans.length > y.spans.length ? x : y);
    return {
      stride: Math.max(x.stride, y.stride),
      first: Math.min(x.first, y.first),
      last: Math.max(x.last, y.last),
      spans: x.spans.map((span, i) => union(span, y.spans[i])),
    };
  };
  return { axes: [along(0), along(1)], whole: a.whole || b.whole, gated: a.gated || b.gated };
}

/** Every position sees what all together see. */
function gather(axis: AxisField): AxisField {
  const all = axis.spans.reduce(union);
  return { stride: axis.stride, first: all[0], last: all[1], spans: [all] };
}

const union = (a: Pair, b: Pair): Pair =>
  a[0] > a[1] ? b : b[0] > b[1] ? a : [Math.min(a[0], b[0]), Math.max(a[1], b[1])];

/** A layer's fields as a summary tells them. */
export function tellField({ axes, whole, gated }: LayerField): ReceptiveField {
  const middle = axes.map(({ spans }) => spans[Math.floor((spans.length - 1) / 2)]);
  const size = axes.map(({ first, last }) => last - first + 1);
  return {
    size: [size[0], size[1]],
    stride: [axes[0].stride, axes[1].stride],
    centre: [(axes[0].first + axes[0].last) / 2, (axes[1].first + axes[1].last) / 2],
    visible: { rows: middle[0], columns: middle[1] },
    clipped: middle.some(([low, high], axis) => high - low + 1 < size[axis]),
    whole,
    gated,
  };
}
