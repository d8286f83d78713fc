import { FoveaError, invalid } from '../errors.ts';
import { nearest } from '../nearest.ts';
import { type Shape, sameShape, sizeOf } from '../shape.ts';
import type { ParameterInfo } from './build.ts';
import { ignoredSuffix, type LoadedTensor, type WeightTensor } from './weights.ts';

/** Which tensors of a file became weights of a model. All names are full ones. */
export interface WeightReport {
  /** Taken from the file. */
  readonly matched: readonly string[];
  /** The model has them, the file has not: they start from the seed. */
  readonly missing: readonly string[];
  /** Both have them, in other shapes: they start from the seed. */
  readonly otherShape: readonly { readonly name: string; readonly expected: Shape; readonly received: Shape }[];
  /** Of the head, which is a new one whatever the file has: it starts from the seed. */
  readonly newHead: readonly string[];
  /** The file has them, the model has not. */
  readonly unused: readonly string[];
  /** Float64 tensors with numbers that float32 does not hold: rounded to the nearest. */
  readonly rounded: readonly string[];
}

export interface MatchedWeights {
  readonly report: WeightReport;
  /** By name, in PyTorch's layout. */
  readonly weights: ReadonlyMap<string, WeightTensor>;
}

/**
 * Looks up a model's parameters among a file's tensors, by name and shape.
 *
 * @param newHead id of the layer that is not to be taken from the file. @param source how errors name the file.
 * @throws FoveaError when nothing fits, or a tensor that fits holds other than finite numbers.
 */
export function matchWeights(
  parameters: readonly ParameterInfo[],
  tensors: ReadonlyMap<string, LoadedTensor>,
  { newHead, source }: { readonly newHead?: string; readonly source: string },
): MatchedWeights {
  const report = {
    matched: [] as string[],
    missing: [] as string[],
    otherShape: [] as { name: string; expected: Shape; received: Shape }[],
    newHead: [] as string[],
    unused: [] as string[],
    rounded: [] as string[],
  };
  const weights = new Map<string, WeightTensor>();
  for (const { name, fileShape } of parameters) {
    const tensor = tensors.get(name);
    if (newHead !== undefined && name.startsWith(`${newHead}.`)) report.newHead.push(name);
    else if (!tensor) report.missing.push(name);
    else if (!sameShape(tensor.shape, fileShape)) {
      report.otherShape.push({ name, expected: fileShape, received: tensor.shape });
    } else {
      const { data, rounded } = floatsOf(tensor, `tensor '${name}' of ${source}`);
      weights.set(name, { shape: fileShape, data });
      report.matched.push(name);
      if (rounded) report.rounded.push(name);
    }
  }
  const names = new Set(parameters.map(({ name }) => name));
  for (const name of tensors.keys()) {
    if (!names.has(name) && !name.endsWith(ignoredSuffix)) report.unused.push(name);
  }
  if (weights.size === 0) throw nothingFits(report, source);
  return { report, weights };
}

function floatsOf({ shape, data }: LoadedTensor, subject: string): { data: Float32Array; rounded: boolean } {
  if (!(data instanceof Float32Array || data instanceof Float64Array) || data.length !== sizeOf(shape)) {
    throw invalid('float16, bfloat16, float32 or float64 numbers', subject, 'another type');
  }
  const floats = data instanceof Float32Array ? data : Float32Array.from(data);
  const bad = floats.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0)
    throw invalid('finite float32 numbers', subject, data[bad], 'The file is damaged, or of a failed training');
  const rounded = data !== floats && data.some((value, i) => value !== floats[i]);
  return { data: floats, rounded };
}

function nothingFits({ missing, otherShape, unused }: WeightReport, source: string): FoveaError {
  const [first] = otherShape;
  if (first) {
    return invalid(
      `the shape ${first.expected.join('x')}`,
      `tensor '${first.name}' of ${source}`,
      first.received,
      'No tensor fits this model: choose the one that the weights are of with --model',
    );
  }
  const like = missing.length > 0 ? nearest(missing[0], unused) : undefined;
  const has = like ?? unused[0];
  return new FoveaError(
    `Expected tensors such as '${missing[0] ?? 'none'}' for ${source} but received ${has === undefined ? 'none' : `'${has}'`}`,
    'No name fits this model: choose the one that the weights are of with --model',
  );
}
