import { z } from 'zod';
import type { Preprocessing } from '../../classifier/classifier.ts';
import { mismatch } from '../../errors.ts';
import type { OnnxModel, OnnxValue } from '../../formats/onnx/messages.ts';
import { type FitMode, fitModes } from '../../image/fit.ts';
import type { Shape } from '../../shape.ts';
import { parseJson } from '../../train/check.ts';

/** What an ONNX file may not say, and a person may. */
export interface ImportOptions {
  /** Names of the classes in the order of the logits. Default: the file's own, else 'class 0', 'class 1', … */
  readonly classNames?: readonly string[];
  /** [height, width] where the graph leaves them free. */
  readonly size?: { readonly height: number; readonly width: number };
  /** Per channel, of pixels in 0 … 1, where the graph takes normalised pictures. Default: the file's own, else 0 and 1. */
  readonly mean?: readonly number[];
  readonly std?: readonly number[];
  readonly fit?: FitMode;
}

const preprocessingSchema = z.object({
  fit: z.enum(fitModes),
  mean: z.array(z.number()).max(3),
  std: z.array(z.number()).max(3),
});

/** Height, width and channels, and which way round the graph takes them. */
export function inputShape(
  input: OnnxValue,
  { size }: ImportOptions,
  subject: string,
): { shape: Shape; axes: 'nchw' | 'nhwc' } {
  const { dims } = input;
  const isChannels = (size: unknown): boolean => size === 1 || size === 3;
  if (dims.length !== 4 || (!isChannels(dims[1]) && !isChannels(dims[3]))) {
    const received = dims.map((one) => (typeof one === 'number' ? one : 'n')).join('x') || 'none';
    throw mismatch('pictures of 1 or 3 channels as the input', subject, received);
  }
  const axes = isChannels(dims[1]) ? 'nchw' : 'nhwc';
  const [height, width, channels] = axes === 'nchw' ? [dims[2], dims[3], dims[1]] : [dims[1], dims[2], dims[3]];
  const known = (value: OnnxValue['dims'][number], asked: number | undefined): number => {
    const found = typeof value === 'number' && value > 0 ? value : asked;
    if (found === undefined) {
      throw mismatch('a height and a width of the pictures', subject, 'free ones', 'Name them: --size 224x224');
    }
    if (!(found <= 4096)) throw mismatch('pictures of at most 4096x4096', subject, `${found}`);
    return found;
  };
  return { shape: [known(height, size?.height), known(width, size?.width), channels as number], axes };
}

export interface StatedPreprocessing {
  readonly fit: FitMode;
  /** What the graph's input is of pixels 0 … 255. */
  readonly pixels: { readonly scale: readonly number[]; readonly offset: readonly number[] };
  /** The file's own, exact where the graph does the same by itself. */
  readonly stated?: Pick<Preprocessing, 'mean' | 'std'>;
}

export function preprocessingOf(
  model: OnnxModel,
  input: OnnxValue,
  channels: number,
  options: ImportOptions,
  notes: string[],
  subject: string,
): StatedPreprocessing {
  const text = model.metadata.get('fovea.preprocessing');
  const stated =
    text === undefined ? undefined : parseJson(preprocessingSchema, text, `${subject}, 'fovea.preprocessing'`);
  const fit = options.fit ?? stated?.fit ?? 'stretch';
  const all = (value: number): number[] => new Array<number>(channels).fill(value);
  if (input.type === 'uint8') return { fit, pixels: { scale: all(1), offset: all(0) }, stated };
  if (input.type !== 'float32' && input.type !== 'float16' && input.type !== 'float64') {
    throw mismatch('pictures of float32 or uint8 as the input', subject, input.type);
  }
  const mean = options.mean ?? stated?.mean;
  const std = options.std ?? stated?.std;
  if (mean === undefined && std === undefined) {
    notes.push(
      'The file does not say how pictures are normalised: pixels / 255 was assumed. If that is wrong, name --mean and --std (ImageNet: 0.485,0.456,0.406 and 0.229,0.224,0.225).',
    );
  }
  const [means, deviations] = [mean ?? all(0), std ?? all(1)];
  if (means.length !== channels || deviations.length !== channels || !deviations.every((value) => value > 0)) {
    throw mismatch(
      `a mean and a std above 0 for each of ${channels} channels`,
      subject,
      `${means.length} and ${deviations.length}`,
    );
  }
  return {
    fit,
    pixels: {
      scale: deviations.map((deviation) => 1 / (255 * deviation)),
      offset: deviations.map((deviation, c) => -means[c] / deviation),
    },
    stated: { mean: means, std: deviations },
  };
}

/** Mean and std that give these factors; as they were stated, where those give the same. */
export function normalisationOf(
  { scale, offset }: StatedPreprocessing['pixels'],
  stated: StatedPreprocessing['stated'],
): Pick<Preprocessing, 'mean' | 'std'> {
  const close = (a: number, b: number): boolean => Math.abs(a - b) <= 1e-6 * Math.max(1e-3, Math.abs(a), Math.abs(b));
  const same =
    stated?.mean.length === scale.length &&
    stated.std.length === scale.length &&
    scale.every(
      (value, c) => close(value, 1 / (255 * stated.std[c])) && close(offset[c], -stated.mean[c] / stated.std[c]),
    );
  if (same && stated) return { mean: stated.mean, std: stated.std };
  const std = scale.map((value) => 1 / (255 * value));
  return { mean: std.map((deviation, c) => 0 - offset[c] * deviation), std };
}
