import type { Initialization } from '../layers/layer.ts';
import { cos, log, sin } from '../maths.ts';
import { hashName, RandomStream } from '../random.ts';
import { type Shape, sizeOf } from '../shape.ts';

/**
 * The initial values of a parameter, in the file's layout. Element i is a function of (seed, name, i) alone: uniform
 * numbers take the i-th number of the stream (seed, 'weights', 0, hash of the name); normal ones come in pairs from two
 * numbers each (Box and Muller 1958), computed in float64 and rounded to float32.
 *
 * @param seed 0 … 2^32-1; @param name the full name, `conv1.weight`.
 */
export function initialValues(
  { name, fileShape, initialization }: { name: string; fileShape: Shape; initialization: Initialization },
  seed: number,
): Float32Array {
  const values = new Float32Array(sizeOf(fileShape));
  const stream = new RandomStream(seed, 'weights', 0, hashName(name));
  switch (initialization.kind) {
    case 'zeros':
      return values;
    case 'ones':
      return values.fill(1);
    case 'constant':
      return values.fill(initialization.value);
    case 'uniform':
      return fillUniform(values, stream, initialization.bound);
    case 'kaimingUniform': {
      const { slope, fanIn } = initialization;
      return fillUniform(values, stream, Math.sqrt(6 / ((1 + slope * slope) * fanIn)));
    }
    case 'kaimingNormal':
      return fillNormal(values, stream, Math.sqrt(2 / initialization.fan));
    case 'normal':
      return fillNormal(values, stream, initialization.deviation);
    case 'whitening':
      return fillUniform(values, stream, 1 / Math.sqrt(initialization.fanIn));
    case 'dirac': {
      const { fanIn, groups } = initialization;
      return passOn(fillUniform(values, stream, 1 / Math.sqrt(fanIn)), fileShape, groups);
    }
  }
}

/** In each group, filter i passes on input channel i, as long as there are both. */
function passOn(values: Float32Array, [filters, inputs, height, width]: Shape, groups: number): Float32Array {
  const taps = height * width;
  const centre = Math.floor(height / 2) * width + Math.floor(width / 2);
  for (let filter = 0; filter < filters; filter++) {
    const channel = filter % (filters / groups);
    if (channel >= inputs) continue;
    const first = filter * inputs * taps;
    values.fill(0, first, first + inputs * taps);
    values[first + channel * taps + centre] = 1;
  }
  return values;
}

function fillUniform(values: Float32Array, stream: RandomStream, bound: number): Float32Array {
  for (let i = 0; i < values.length; i++) values[i] = (2 * stream.uniform() - 1) * bound;
  return values;
}

function fillNormal(values: Float32Array, stream: RandomStream, deviation: number): Float32Array {
  for (let i = 0; i < values.length; i += 2) {
    // 1 - u lies in (0, 1], where the logarithm is finite.
    const radius = deviation * Math.sqrt(-2 * log(1 - stream.uniform()));
    const angle = 2 * Math.PI * stream.uniform();
    values[i] = radius * cos(angle);
    if (i + 1 < values.length) values[i + 1] = radius * sin(angle);
  }
  return values;
}
