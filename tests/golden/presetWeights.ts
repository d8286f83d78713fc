import type { ParameterInfo } from '../../src/core/model/build.ts';
import { sizeOf } from '../../src/core/shape.ts';

/** Numbers in [-1, 1) with 24 bits, from a name and their place: the same as `noise` in make_presets.py. */
export function noise(name: string, count: number): Float64Array {
  let seed = 0x811c9dc5;
  for (let i = 0; i < name.length; i++) seed = Math.imul(seed ^ name.charCodeAt(i), 0x01000193);
  const values = new Float64Array(count);
  for (let i = 0; i < count; i++) {
    let x = (Math.imul(i, 0x9e3779b1) + seed) | 0;
    x ^= x >>> 16;
    x = Math.imul(x, 0x85ebca6b);
    x ^= x >>> 13;
    x = Math.imul(x, 0xc2b2ae35);
    x ^= x >>> 16;
    values[i] = (x >>> 8) / 8388608 - 1;
  }
  return values;
}

/** The values of a tensor of the state_dict, in the file's layout: `filled` in make_presets.py. */
export function filled({ name, fileShape }: Pick<ParameterInfo, 'name' | 'fileShape'>, gain: number): Float32Array {
  const v = noise(name, sizeOf(fileShape));
  const last = name.slice(name.lastIndexOf('.') + 1);
  const spread = Math.sqrt((3 * gain) / sizeOf(fileShape.slice(1)));
  const value = (x: number): number => {
    if (last === 'weight' && fileShape.length > 1) return x * spread;
    if (last === 'layer_scale') return 0.5 + 0.25 * x;
    if (last === 'weight') return 0.9 + 0.2 * x;
    return last === 'running_var' ? 1 + 0.3 * x : 0.1 * x;
  };
  return Float32Array.from(v, value);
}

/** Pictures [n, size, size, channels]: noise, and a shade of each picture and channel. */
export function pictures([n, channels, height, width]: readonly number[]): Float32Array {
  const x = noise('pictures', n * channels * height * width);
  const shades = noise('shades', n * channels);
  const result = new Float32Array(x.length);
  for (let image = 0; image < n; image++) {
    for (let c = 0; c < channels; c++) {
      const plane = image * channels + c;
      for (let i = 0; i < height * width; i++) {
        result[(image * height * width + i) * channels + c] = x[plane * height * width + i] + shades[plane];
      }
    }
  }
  return result;
}

/** L2 norm, and the product with a direction that the name gives. */
export function measure(name: string, values: Float32Array): [number, number] {
  const direction = noise(`direction ${name}`, values.length);
  let squares = 0;
  let product = 0;
  for (let i = 0; i < values.length; i++) {
    squares += values[i] * values[i];
    product += values[i] * direction[i];
  }
  return [Math.sqrt(squares), product];
}
