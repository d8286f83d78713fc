import { hashName, RandomStream } from '../random.ts';
import { type Augmentation, type CompleteStep, completeAugmentation } from './augmentation-spec.ts';
import { type Change, isMixing, type Mix, type PictureShape } from './augmentations/augmentation.ts';
import { crop, drawShift } from './augmentations/crop.ts';
import { flip } from './augmentations/flip.ts';
import { shiftPicture } from './augmentations/shift.ts';

/** What decides a picture's changes, and nothing else does: not the batch, not threads, not what was drawn before. */
export interface AugmentationDraw {
  readonly seed: number;
  readonly epoch: number;
  /** The picture's place in the training pictures. */
  readonly index: number;
}

/** An augmentation made ready for pictures of one size. Keeps room to work in: one picture at a time. */
export interface Augmenter {
  /** Writes the changed picture that starts at `from` in `pixels` to `to` in `out` (height x width x channels). */
  change(pixels: Uint8Array, from: number, out: Uint8Array, to: number, draw: AugmentationDraw): void;
  /** Mixes pictures and labels, after `change` of both; undefined where labels stay whole. */
  readonly mixing: Mixing | undefined;
}

export interface Mixing {
  /** Which of `count` pictures is mixed in. */
  partner(count: number, draw: AugmentationDraw): number;
  /** Mixes `partner` into `picture`; returns the share of the picture's own label. */
  mix(picture: Uint8Array, partner: Uint8Array, draw: AugmentationDraw): number;
}

/** A change with the stream of random numbers that it alone reads. */
interface Pass {
  readonly stream: number;
  readonly change: Change;
}

/**
 * @returns undefined where nothing is changed.
 * @throws FoveaError when an option is unknown or out of its range.
 */
export function createAugmenter(augmentation: Augmentation, shape: PictureShape): Augmenter | undefined {
  const steps = completeAugmentation(augmentation, shape);
  const passes = listPasses(steps, shape);
  const mixing = createMixing(steps, shape);
  if (passes.length === 0 && !mixing) return undefined;
  const size = shape.height * shape.width * shape.channels;
  let here = new Uint8Array(size);
  let there = new Uint8Array(size);
  return {
    mixing,
    change(pixels, from, out, to, { seed, epoch, index }) {
      let picture = pixels.subarray(from, from + size);
      passes.forEach(({ stream, change }, i) => {
        const random = streamOf(seed, epoch, index, stream);
        const last = i === passes.length - 1;
        const target = last ? out.subarray(to, to + size) : here;
        if (!change(picture, target, random)) return;
        picture = target;
        if (!last) [here, there] = [there, here];
      });
      if (picture.buffer !== out.buffer || picture.byteOffset !== out.byteOffset + to) out.set(picture, to);
    },
  };
}

/** Number `stream` of a picture's streams, 0 … 2^20 - 1; it stands above the epoch, which has 32 bits. */
const streamOf = (seed: number, epoch: number, index: number, stream: number): RandomStream =>
  new RandomStream(seed, 'augment', epoch + stream * 4294967296, index);

/** A step's stream follows from its name, so that one step does not change what another draws. */
function streamNumber(name: string, occurrence: number): number {
  return 1 + (hashName(occurrence === 0 ? name : `${name} ${occurrence}`) % 1048575);
}

/**
 * The number of the stream that each step reads, in their order. Flip and crop share stream 0: flip takes its first
 * number, crop the next two.
 */
export function streamsOf(steps: readonly CompleteStep[]): number[] {
  const seen = new Map<string, number>();
  return steps.map(({ kind }) => {
    const occurrence = seen.get(kind.name) ?? 0;
    seen.set(kind.name, occurrence + 1);
    return occurrence === 0 && (kind === flip || kind === crop) ? 0 : streamNumber(kind.name, occurrence);
  });
}

function listPasses(steps: readonly CompleteStep[], shape: PictureShape): Pass[] {
  const passes: Pass[] = [];
  const streams = streamsOf(steps);
  const single = (kind: unknown): boolean => steps.filter((step) => step.kind === kind).length === 1;
  for (let i = 0; i < steps.length; i++) {
    const { kind, values } = steps[i];
    if (isMixing(kind)) continue;
    const pair = [kind, steps[i + 1]?.kind];
    if (pair.includes(crop) && pair.includes(flip) && single(crop) && single(flip)) {
      passes.push({ stream: 0, change: cropAndFlip(steps[i], steps[i + 1], shape) });
      i++;
      continue;
    }
    passes.push({ stream: streams[i], change: kind.create(values, shape) });
  }
  return passes;
}

/** Crop and flip in one pass, in their order. A crop after the mirror is one before it, the other way. */
function cropAndFlip(first: CompleteStep, second: CompleteStep, shape: PictureShape): Change {
  const cropFirst = first.kind === crop;
  const { padding } = (cropFirst ? first : second).values;
  const from = 1 - (cropFirst ? second : first).values.probability;
  return (picture, to, random) => {
    const mirrored = random.uniform() >= from;
    const { dx, dy } = drawShift(random, padding);
    if (!mirrored && dx === 0 && dy === 0) return false;
    shiftPicture(picture, to, shape, mirrored && !cropFirst ? -dx : dx, dy, mirrored);
    return true;
  };
}

/** One way of mixing a picture, drawn where there are several. */
function createMixing(steps: readonly CompleteStep[], shape: PictureShape): Mixing | undefined {
  const mixes: Mix[] = [];
  for (const { kind, values } of steps) if (isMixing(kind)) mixes.push(kind.createMix(values, shape));
  if (mixes.length === 0) return undefined;
  const [partners, shares] = [streamNumber('mixing partner', 0), streamNumber('mixing share', 0)];
  return {
    partner: (count, { seed, epoch, index }) => streamOf(seed, epoch, index, partners).below(count),
    mix(picture, partner, { seed, epoch, index }) {
      const random = streamOf(seed, epoch, index, shares);
      return mixes[random.below(mixes.length)](picture, partner, random);
    },
  };
}
