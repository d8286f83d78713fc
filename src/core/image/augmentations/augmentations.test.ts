import { describe, expect, it } from 'vitest';
import { RandomStream } from '../../random.ts';
import { type Augmenter, createAugmenter } from '../augment.ts';
import type { AugmentationStep } from '../augmentation-spec.ts';
import { motionMap } from './affine.ts';
import { isMixing, type PictureShape } from './augmentation.ts';
import { drawBeta } from './beta.ts';
import { blurPicture } from './blur.ts';
import { augmentationKinds } from './index.ts';
import { operate, operationNames } from './operations.ts';
import { sampleAffine } from './sample.ts';
import { changeBrightness, changeContrast, changeHue, changeSaturation, changeSharpness, equalize } from './tone.ts';

const shapes: readonly PictureShape[] = [
  { height: 9, width: 14, channels: 3 },
  { height: 8, width: 7, channels: 1 },
  { height: 32, width: 32, channels: 3 },
];
const sizeOf = ({ height, width, channels }: PictureShape): number => height * width * channels;

function noisy(shape: PictureShape, seed = 1): Uint8Array {
  const random = new RandomStream(seed, 'sample');
  return Uint8Array.from({ length: sizeOf(shape) }, () => random.below(256));
}

const augmenterOf = (step: AugmentationStep, shape: PictureShape): Augmenter =>
  createAugmenter({ version: 2, steps: [step] }, shape)!;

function run(augmenter: Augmenter, picture: Uint8Array, index: number, epoch = 1): Uint8Array {
  const out = new Uint8Array(picture.length);
  const draw = { seed: 4, epoch, index };
  augmenter.change(picture, 0, out, 0, draw);
  const partner = Uint8Array.from(picture, (v) => 255 - v);
  augmenter.mixing?.mix(out, partner, draw);
  return out;
}

/** Options under which a kind does nothing. */
const identity: Readonly<Record<string, object | undefined>> = {
  flip: { probability: 0 },
  flipVertical: { probability: 0 },
  crop: { padding: 0 },
  resizedCrop: { area: 1, aspect: 1 },
  rotate: { degrees: 0 },
  affine: { degrees: 0, translate: 0, scale: 0, shear: 0 },
  brightness: { strength: 0 },
  contrast: { strength: 0 },
  saturation: { strength: 0 },
  hue: { turn: 0 },
  colour: { strength: 0 },
  blur: { sigma: 0 },
  noise: { deviation: 0 },
  erase: { probability: 0 },
};

describe.each(augmentationKinds.map((kind) => [kind.name, kind] as const))('augmentation %s', (name, kind) => {
  it('is told from all others, with a sentence and options that explain themselves', () => {
    expect(augmentationKinds.filter((other) => other.name === name)).toHaveLength(1);
    expect(kind.doc).toMatch(/^[A-Z].*\.$/);
    for (const { doc, default: value, minimum, maximum } of Object.values(kind.options)) {
      expect(doc).not.toBe('');
      expect(value >= minimum && value <= maximum).toBe(true);
    }
  });

  it('follows from seed, epoch and index alone, fills the whole picture, and changes some', () => {
    for (const shape of shapes) {
      // Hue and saturation have nothing to do on grey pictures.
      const still = shape.channels === 1 && (name === 'hue' || name === 'saturation');
      const picture = noisy(shape);
      const before = picture.slice();
      const [first, second] = [augmenterOf({ type: name }, shape), augmenterOf({ type: name }, shape)];
      const forward = Array.from({ length: 30 }, (_, index) => run(first, picture, index));
      const backward = Array.from({ length: 30 }, (_, i) => run(second, picture, 29 - i)).reverse();
      expect(forward.map((one) => one.join())).toEqual(backward.map((one) => one.join()));
      expect(picture).toEqual(before);
      expect(forward.some((one) => one.join() !== before.join())).toBe(!still);
      const epochs = new Set(Array.from({ length: 20 }, (_, epoch) => run(first, picture, 3, epoch).join()));
      expect(epochs.size > 1).toBe(!still);
      // What was in the target before must not shine through.
      const dirty = new Uint8Array(picture.length).fill(201);
      const clean = new Uint8Array(picture.length);
      for (let index = 0; index < 30; index++) {
        first.change(picture, 0, dirty, 0, { seed: 4, epoch: 1, index });
        first.change(picture, 0, clean, 0, { seed: 4, epoch: 1, index });
        expect(dirty).toEqual(clean);
      }
    }
  });

  const options = identity[name];
  if (options === undefined) return;
  it('leaves the picture as it is where its options say so', () => {
    for (const shape of shapes) {
      // The whole of a picture has its own aspect; only a square one has that of a square.
      if (name === 'resizedCrop' && shape.height !== shape.width) continue;
      const picture = noisy(shape);
      const augmenter = augmenterOf({ type: name, ...options }, shape);
      for (let index = 0; index < 30; index++) expect(run(augmenter, picture, index)).toEqual(picture);
    }
  });

  it('keeps pictures of 1x1 and extreme options within the picture', () => {
    for (const shape of [
      { height: 1, width: 1, channels: 3 },
      { height: 2, width: 17, channels: 1 },
    ]) {
      const entries = Object.entries(kind.options);
      for (const end of ['minimum', 'maximum'] as const) {
        const values = Object.fromEntries(entries.map(([option, limits]) => [option, limits[end]]));
        const augmenter = augmenterOf({ type: name, ...values, ...(name === 'crop' ? { padding: 0 } : {}) }, shape);
        if (!augmenter) continue;
        for (let index = 0; index < 20; index++)
          expect(run(augmenter, noisy(shape), index)).toHaveLength(sizeOf(shape));
      }
    }
  });
});

describe('statistics', () => {
  const shape = shapes[0];
  const picture = noisy(shape);
  const shareChanged = (step: AugmentationStep): number => {
    const augmenter = augmenterOf(step, shape);
    let changed = 0;
    for (let index = 0; index < 2000; index++) if (run(augmenter, picture, index).join() !== picture.join()) changed++;
    return changed / 2000;
  };

  it.each([
    [{ type: 'flip' }, 0.5],
    [{ type: 'flip', probability: 0.2 }, 0.2],
    [{ type: 'flipVertical' }, 0.5],
    [{ type: 'erase', probability: 0.25 }, 0.25],
  ])('%j changes %d of the pictures', (step, share) => {
    // Four standard deviations of 2,000 draws.
    expect(Math.abs(shareChanged(step) - share)).toBeLessThan(4 * Math.sqrt((share * (1 - share)) / 2000));
  });

  it('flips independently of what else is drawn for the picture', () => {
    const [flips, turns] = [augmenterOf({ type: 'flip' }, shape), augmenterOf({ type: 'flipVertical' }, shape)];
    let both = 0;
    for (let index = 0; index < 2000; index++) {
      const changed = (one: Augmenter): boolean => run(one, picture, index).join() !== picture.join();
      if (changed(flips) && changed(turns)) both++;
    }
    expect(Math.abs(both / 2000 - 0.25)).toBeLessThan(0.04);
  });

  it('adds noise of the deviation that was asked for, around 0', () => {
    const grey = new Uint8Array(sizeOf(shapes[2])).fill(128);
    const out = run(augmenterOf({ type: 'noise', deviation: 0.08 }, shapes[2]), grey, 0);
    const mean = out.reduce((sum, v) => sum + v - 128, 0) / out.length;
    const deviation = Math.sqrt(out.reduce((sum, v) => sum + (v - 128) ** 2, 0) / out.length);
    expect(Math.abs(mean)).toBeLessThan(1.5);
    expect(deviation / 255).toBeCloseTo(0.08, 2);
  });

  it.each([0.2, 1, 2])('draws shares from Beta(%d, alpha): its mean and variance', (alpha) => {
    const random = new RandomStream(1, 'sample');
    const draws = Array.from({ length: 20000 }, () => drawBeta(random, alpha));
    const mean = draws.reduce((sum, v) => sum + v, 0) / draws.length;
    const variance = draws.reduce((sum, v) => sum + (v - mean) ** 2, 0) / draws.length;
    expect(mean).toBeCloseTo(0.5, 1.9);
    expect(variance).toBeCloseTo(1 / (4 * (2 * alpha + 1)), 2);
  });

  it('mixes by the share that it tells', () => {
    for (const kind of augmentationKinds.filter(isMixing)) {
      const augmenter = augmenterOf({ type: kind.name, alpha: 1 }, shapes[2]);
      let shares = 0;
      for (let index = 0; index < 400; index++) {
        const own = new Uint8Array(3072).fill(200);
        const share = augmenter.mixing!.mix(own, new Uint8Array(3072), { seed: 1, epoch: 1, index });
        const mean = own.reduce((sum, v) => sum + v, 0) / own.length / 200;
        expect(Math.abs(mean - share)).toBeLessThan(0.003);
        shares += share / 400;
      }
      // mixup: the mean of the larger part, 3/4. CutMix: 1 - E[(s - s²/4)²] with s² uniform is 0.68, as rectangles are
      // cut at the border; sides are rounded down to even numbers of pixels, which leaves 0.70.
      expect(Math.abs(shares - (kind.name === 'mixup' ? 0.75 : 0.7))).toBeLessThan(0.04);
    }
  });
});

/** The definitions in plain float64, written from torchvision's documentation and not from our code. */
describe('against a plain reference', () => {
  const shape = shapes[0];
  const { height, width } = shape;
  const picture = noisy(shape);
  const rounded = (values: number[]): number[] => values.map((v) => Math.floor(Math.min(255, Math.max(0, v)) + 0.5));
  const near = (received: Uint8Array, wanted: number[]): void => {
    const exact = rounded(wanted);
    expect(Math.max(...exact.map((v, i) => Math.abs(v - received[i])))).toBeLessThanOrEqual(1);
    // A rounding may fall the other way where a value lies on the half; nearly all are equal.
    expect(exact.filter((v, i) => v !== received[i]).length).toBeLessThan(exact.length / 100);
  };
  const pixelOf = (x: number, y: number, c: number): number =>
    x < 0 || y < 0 || x >= width || y >= height ? 0 : picture[(y * width + x) * 3 + c];

  it('turns, moves, scales and leans about the centre', () => {
    for (const [degrees, tx, ty, scale, lean] of [
      [30, 0, 0, 1, 0],
      [-100, 2, -1.5, 1.3, 12],
      [5, 0.25, 3, 0.8, -20],
    ]) {
      const out = new Uint8Array(picture.length);
      sampleAffine(
        picture,
        out,
        shape,
        motionMap({ degrees, translate: [tx, ty], scale, shear: [lean, 0] }, shape),
        'black',
      );
      const angle = (degrees * Math.PI) / 180;
      const shear = Math.tan((lean * Math.PI) / 180);
      const wanted: number[] = [];
      for (let y = 0; y < height; y++)
        for (let x = 0; x < width; x++) {
          // Undo one thing after the other: move, turn, lean, scale.
          const [mx, my] = [x - (width - 1) / 2 - tx, y - (height - 1) / 2 - ty];
          const [rx, ry] = [Math.cos(angle) * mx + Math.sin(angle) * my, -Math.sin(angle) * mx + Math.cos(angle) * my];
          const [u, v] = [(rx + shear * ry) / scale + (width - 1) / 2, ry / scale + (height - 1) / 2];
          const [x0, y0] = [Math.floor(u), Math.floor(v)];
          for (let c = 0; c < 3; c++) {
            let sum = 0;
            for (const [dx, dy] of [
              [0, 0],
              [1, 0],
              [0, 1],
              [1, 1],
            ])
              sum += (1 - Math.abs(u - x0 - dx)) * (1 - Math.abs(v - y0 - dy)) * pixelOf(x0 + dx, y0 + dy, c);
            wanted.push(sum);
          }
        }
      near(out, wanted);
    }
  });

  it('changes brightness, contrast, saturation and sharpness by blending', () => {
    const grey = (i: number): number => {
      const p = i - (i % 3);
      return 0.299 * picture[p] + 0.587 * picture[p + 1] + 0.114 * picture[p + 2];
    };
    const values = [...picture];
    const mean = values.reduce((sum, _, i) => sum + grey(i), 0) / values.length;
    const out = new Uint8Array(picture.length);
    for (const factor of [0, 0.4, 1, 1.7]) {
      changeBrightness(picture, out, factor);
      near(
        out,
        values.map((v) => factor * v),
      );
      changeContrast(picture, out, factor, 3);
      near(
        out,
        values.map((v) => factor * v + (1 - factor) * mean),
      );
      changeSaturation(picture, out, factor);
      near(
        out,
        values.map((v, i) => factor * v + (1 - factor) * grey(i)),
      );
      changeSharpness(picture, out, factor, shape);
      near(
        out,
        values.map((v, i) => {
          const [x, y, c] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width), i % 3];
          if (x === 0 || y === 0 || x === width - 1 || y === height - 1) return v;
          let sum = 4 * v;
          for (let dy = -1; dy <= 1; dy++) for (let dx = -1; dx <= 1; dx++) sum += pixelOf(x + dx, y + dy, c);
          return factor * v + ((1 - factor) * sum) / 13;
        }),
      );
    }
  });

  it('turns the hue as HSV does', () => {
    const out = new Uint8Array(picture.length);
    for (const turn of [-0.5, -0.13, 0.2, 0.5]) {
      changeHue(picture, out, turn);
      const wanted: number[] = [];
      for (let i = 0; i < picture.length; i += 3) {
        const [r, g, b] = picture.subarray(i, i + 3);
        const [high, low] = [Math.max(r, g, b), Math.min(r, g, b)];
        const range = high - low || 1;
        const sixth = high === r ? (g - b) / range : high === g ? 2 + (b - r) / range : 4 + (r - g) / range;
        const h = (((sixth / 6 + turn) % 1) + 1) % 1;
        const s = high === 0 ? 0 : (high - low) / high;
        const sector = Math.floor(h * 6) % 6;
        const f = h * 6 - Math.floor(h * 6);
        const [p, q, t] = [high * (1 - s), high * (1 - f * s), high * (1 - (1 - f) * s)];
        wanted.push(
          ...[
            [high, t, p],
            [q, high, p],
            [p, high, t],
            [p, q, high],
            [t, p, high],
            [high, p, q],
          ][sector],
        );
      }
      near(out, wanted);
    }
  });

  it('blurs by the whole Gauss curve, the border mirrored', () => {
    const sigma = 1.2;
    const out = new Uint8Array(picture.length);
    blurPicture(picture, out, shape, sigma);
    const radius = 4;
    const mirror = (i: number, length: number): number => (i < 0 ? -i : i >= length ? 2 * length - 2 - i : i);
    const wanted: number[] = [];
    for (let y = 0; y < height; y++)
      for (let x = 0; x < width; x++)
        for (let c = 0; c < 3; c++) {
          let [sum, weights] = [0, 0];
          for (let dy = -radius; dy <= radius; dy++)
            for (let dx = -radius; dx <= radius; dx++) {
              const weight = Math.exp(-(dx * dx + dy * dy) / (2 * sigma * sigma));
              sum += weight * pixelOf(mirror(x + dx, width), mirror(y + dy, height), c);
              weights += weight;
            }
          wanted.push(sum / weights);
        }
    near(out, wanted);
  });

  it('evens out a histogram', () => {
    const dark = Uint8Array.from({ length: 1024 }, (_, i) => i >> 4);
    const out = new Uint8Array(1024);
    equalize(dark, out, 1);
    expect(out[0]).toBe(0);
    expect(Math.max(...out)).toBe(255);
    for (let i = 1; i < 1024; i++) expect(out[i]).toBeGreaterThanOrEqual(out[i - 1]);
  });

  it('has fourteen operations, each of which does nothing at strength 0 but the two without strength', () => {
    expect(operationNames).toHaveLength(14);
    const ranges = { shear: 0.3, translate: [4, 4], degrees: 30, tone: 0.9, posterize: 4 } as const;
    for (const name of operationNames) {
      const out = new Uint8Array(picture.length).fill(7);
      const free = name === 'autoContrast' || name === 'equalize';
      const random = new RandomStream(1, 'sample');
      expect(operate(name, 0, ranges, shape, [picture, out], random)).toBe(free);
      const changed = operate(name, 0.5, ranges, shape, [picture, out], random);
      expect(changed).toBe(name !== 'identity');
      if (changed && !free) expect(out).not.toEqual(picture);
    }
  });
});
