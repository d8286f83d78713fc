import fc from 'fast-check';
import { layers as allLayers } from '../../src/core/layers/index.ts';
import { inputId, type LayerSpec, type ModelSpec } from '../../src/core/model/spec.ts';

type Map3 = readonly [height: number, width: number, channels: number];

/** Choices out of a list of numbers, so that a failing list shrinks to a small model. */
class Choices {
  private at = 0;
  private readonly list: readonly number[];

  constructor(list: readonly number[]) {
    this.list = list;
  }

  below(n: number): number {
    return (this.list[this.at++] ?? 0) % n;
  }
  of<T>(values: readonly T[]): T {
    return values[this.below(values.length)];
  }
  chance(oneIn: number): boolean {
    return this.below(oneIn) === oneIn - 1;
  }
}

/** Layers that give what they take, by the list: one that is added to it comes up here by itself. */
const alike = allLayers.filter(
  ({ type, inputs, options, window, probabilities }) =>
    inputs === 1 && !window && !options.features && !probabilities && type !== 'flatten',
);

/** Grows a model whose shapes fit, step by step. Every layer of the list can come up. */
class Grower {
  readonly layers: LayerSpec[] = [];
  /** Everything that a later layer may read, with its shape. */
  private readonly maps: { id: string; shape: Map3 }[] = [];
  private readonly choose: Choices;

  constructor(choose: Choices) {
    this.choose = choose;
  }

  private add(type: string, options: object, inputs: readonly string[]): string {
    const { choose, layers } = this;
    const prefix = allLayers.find((layer) => layer.type === type)!.idPrefix;
    let id = choose.of([
      `${prefix}${layers.length + 1}`,
      `${prefix}1`,
      `stage${choose.below(3)}.${layers.length}`,
      'x',
    ]);
    if (layers.some((layer) => layer.id === id)) id = `${prefix}_${layers.length}`;
    const previous = layers.at(-1)?.id ?? inputId;
    const isNext = inputs.length === 1 && inputs[0] === previous && !choose.chance(8);
    layers.push({ id, type, ...(isNext ? {} : { inputs }), ...options });
    return id;
  }

  /** Convolutions, poolings and what lies between them: any step from one map to the next. */
  step(from: string, shape: Map3): { id: string; shape: Map3 } {
    const { choose } = this;
    const kinds = [
      this.simple,
      this.convolution,
      this.pooling,
      this.residual,
      this.gate,
      this.concat,
      this.skip,
      this.dense,
    ];
    const made = choose.of(kinds).call(this, from, shape);
    this.maps.push(made);
    return made;
  }

  private simple(from: string, shape: Map3): { id: string; shape: Map3 } {
    const { choose } = this;
    const type = choose.of(['groupNorm', 'layerNorm', 'zeroPad2d', 'softmax', ...alike.map((layer) => layer.type)]);
    const options: Record<string, unknown> = {};
    for (const [name, option] of Object.entries(alike.find((layer) => layer.type === type)?.options ?? {})) {
      if (option.type === 'number' && option.default === undefined && !option.optional) options[name] = 0.5;
    }
    if (type === 'groupNorm') options.groups = choose.of([1, shape[2]]);
    if (type.endsWith('Norm') && choose.chance(3)) options.affine = false;
    if (type === 'dropout' && choose.chance(2)) options.rate = choose.of([0, 0.25, 0.9]);
    const pad =
      type === 'zeroPad2d' ? [choose.below(3), choose.below(2), choose.below(2), choose.below(3)] : [0, 0, 0, 0];
    if (type === 'zeroPad2d') Object.assign(options, { top: pad[0], bottom: pad[1], left: pad[2], right: pad[3] });
    const id = this.add(type, options, [from]);
    return { id, shape: [shape[0] + pad[0] + pad[1], shape[1] + pad[2] + pad[3], shape[2]] };
  }

  private convolution(from: string, [height, width, inputs]: Map3): { id: string; shape: Map3 } {
    const { choose } = this;
    const perPixel = allLayers.filter(({ options, window }) => options.features && !window);
    if (perPixel.length > 0 && choose.chance(5)) {
      const features = 1 + choose.below(6);
      return { id: this.add(choose.of(perPixel).type, { features }, [from]), shape: [height, width, features] };
    }
    const depthwise = choose.chance(4);
    const window = [height, width].map((side) => 1 + choose.below(Math.min(side, 4)));
    const stride = 1 + choose.below(2);
    const padding = choose.of<'same' | 'valid' | number | undefined>(['same', 'valid', 1, undefined]);
    const dilation = window.every((size, axis) => 2 * (size - 1) + 1 <= [height, width][axis])
      ? choose.of([1, 1, 2])
      : 1;
    const out = [height, width].map((side, axis) => {
      if (padding === 'same') return Math.ceil(side / stride);
      const room = side + 2 * (padding === 1 ? 1 : 0) - (dilation * (window[axis] - 1) + 1);
      return Math.floor(room / stride) + 1;
    });
    const groups = choose.chance(3) && inputs % 2 === 0 ? 2 : 1;
    const channels = depthwise ? inputs * (1 + choose.below(2)) : groups * (1 + choose.below(6));
    const id = this.add(
      depthwise ? 'depthwiseConv2d' : 'conv2d',
      {
        ...(depthwise ? (channels > inputs ? { multiplier: 2 } : {}) : { channels }),
        kernelSize: window[0] === window[1] && !choose.chance(4) ? window[0] : window,
        ...(stride > 1 ? { stride } : {}),
        ...(padding === undefined ? {} : { padding }),
        ...(dilation > 1 ? { dilation } : {}),
        ...(!depthwise && groups > 1 ? { groups } : {}),
        ...(choose.chance(3) ? { bias: false } : {}),
        ...(choose.chance(3) ? { initialization: 'kaimingNormal' } : {}),
      },
      [from],
    );
    return { id, shape: [out[0], out[1], channels] };
  }

  private pooling(from: string, shape: Map3): { id: string; shape: Map3 } {
    const { choose } = this;
    const [height, width, channels] = shape;
    if (choose.chance(5)) {
      const size = [1 + choose.below(height + 1), 1 + choose.below(width + 1)];
      return { id: this.add('adaptiveAvgPool2d', { outputSize: size }, [from]), shape: [size[0], size[1], channels] };
    }
    if (height < 2 || width < 2) return this.simple(from, shape);
    if (choose.chance(6)) {
      const stride = 1 + choose.below(2);
      const id = this.add('blurPool2d', { kernelSize: 2 + choose.below(4), stride }, [from]);
      return { id, shape: [Math.ceil(height / stride), Math.ceil(width / stride), channels] };
    }
    const ceilMode = choose.chance(3);
    const kernelSize = Math.min(2 + choose.below(2), height, width);
    const stride = choose.of([undefined, 1, 2]);
    const by = stride ?? kernelSize;
    const out = [height, width].map((side) => {
      const room = side - kernelSize;
      const count = Math.floor((room + (ceilMode ? by - 1 : 0)) / by) + 1;
      return ceilMode && (count - 1) * by >= side ? count - 1 : count;
    });
    const options = { kernelSize, ...(stride ? { stride } : {}), ...(ceilMode ? { ceilMode } : {}) };
    return { id: this.add(choose.of(['maxPool2d', 'avgPool2d']), options, [from]), shape: [out[0], out[1], channels] };
  }

  private residual(from: string, shape: Map3): { id: string; shape: Map3 } {
    const same = { channels: shape[2], kernelSize: 3, padding: 'same' };
    const body = this.add('conv2d', same, [this.add('relu', {}, [from])]);
    const short = this.choose.chance(2) ? from : this.add('conv2d', { ...same, kernelSize: 1 }, [from]);
    return { id: this.add('add', {}, [body, short]), shape };
  }

  private gate(from: string, shape: Map3): { id: string; shape: Map3 } {
    const pooled = this.add('globalAvgPool2d', {}, [from]);
    const gate = this.add('sigmoid', {}, [this.add('linear', { features: shape[2] }, [pooled])]);
    return { id: this.add('multiply', {}, [from, gate]), shape };
  }

  private concat(from: string, shape: Map3): { id: string; shape: Map3 } {
    const { choose } = this;
    const widths = Array.from({ length: 2 + choose.below(2) }, () => 1 + choose.below(4));
    const paths = widths.map((channels, i) =>
      i === 0 && choose.chance(3)
        ? { id: from, channels: shape[2] }
        : {
            id: this.add('conv2d', { channels, kernelSize: 1 + 2 * choose.below(2), padding: 'same' }, [from]),
            channels,
          },
    );
    const total = paths.reduce((sum, { channels }) => sum + channels, 0);
    return {
      id: this.add(
        'concat',
        {},
        paths.map(({ id }) => id),
      ),
      shape: [shape[0], shape[1], total],
    };
  }

  /** Reads something from far before, which branches alone may not be able to say. */
  private skip(from: string, shape: Map3): { id: string; shape: Map3 } {
    const { choose } = this;
    const fits = this.maps.filter((map) => map.shape.join() === shape.join() && map.id !== from);
    if (fits.length === 0 || shape[2] > 12) return this.simple(from, shape);
    const other = choose.of(fits).id;
    const type = choose.of(['add', 'multiply', 'concat']);
    const channels = type === 'concat' ? 2 * shape[2] : shape[2];
    return { id: this.add(type, {}, [from, other]), shape: [shape[0], shape[1], channels] };
  }

  /** As in DenseNet: a layer is read by two that read each other. */
  private dense(from: string, [height, width, channels]: Map3): { id: string; shape: Map3 } {
    const grow = { channels: 2, kernelSize: 3, padding: 'same' };
    const first = this.add('conv2d', grow, [from]);
    const second = this.add('conv2d', grow, [this.add('concat', {}, [from, first])]);
    return { id: this.add('concat', {}, [from, first, second]), shape: [height, width, channels + 4] };
  }

  head(from: string, classes: number): void {
    const { choose } = this;
    let id = this.add(choose.of(['flatten', 'globalAvgPool2d']), {}, [from]);
    if (choose.chance(3)) id = this.add('relu', {}, [this.add('linear', { features: 1 + choose.below(9) }, [id])]);
    if (choose.chance(4)) id = this.add('dropout', {}, [id]);
    this.add('linear', { features: classes, ...(choose.chance(4) ? { bias: false } : {}) }, [id]);
  }
}

export function specFrom(list: readonly number[]): ModelSpec {
  const choose = new Choices(list);
  const input: Map3 = [4 + choose.below(9), 4 + choose.below(9), choose.of([1, 3])];
  const classes = 2 + choose.below(4);
  const grower = new Grower(choose);
  let here: { id: string; shape: Map3 } = { id: inputId, shape: input };
  for (let steps = choose.below(7); steps > 0; steps--) here = grower.step(here.id, here.shape);
  grower.head(here.id, classes);
  const name = choose.of([undefined, 'mine', 'a "name" \u2028 of \'mine\'']);
  return {
    format: 'fovea-model',
    version: 1,
    ...(name === undefined ? {} : { name }),
    input,
    classes,
    layers: grower.layers,
  };
}

/** A valid model: at most 12x12 pictures and a few dozen layers, so that it runs in a moment. */
export const anySpec: fc.Arbitrary<ModelSpec> = fc
  .noBias(fc.array(fc.nat({ max: 9999 }), { minLength: 8, maxLength: 120 }))
  .map(specFrom);
