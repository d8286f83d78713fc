import type { Preprocessing } from '../classifier/classifier.ts';
import type { Picture } from '../image/picture.ts';
import { imageScales } from '../ops/imageToFloat.ts';

/** Pictures of one size as uint8 [n, height, width, channels]. */
export function pixelsOf(pictures: readonly Picture[]): Uint8Array {
  const size = pictures[0].data.length;
  const pixels = new Uint8Array(pictures.length * size);
  pictures.forEach(({ data }, i) => {
    pixels.set(data, i * size);
  });
  return pixels;
}

/** The same as a model of ONNX or PyTorch takes them: float32 [n, channels, height, width], normalised. */
export function normalisedPlanes(pictures: readonly Picture[], { mean, std }: Preprocessing): Float32Array {
  const [{ height, width, channels }] = pictures;
  const { scale, offset } = imageScales({ mean, std });
  const plane = height * width;
  const planes = new Float32Array(pictures.length * channels * plane);
  pictures.forEach(({ data }, n) => {
    for (let c = 0; c < channels; c++) {
      const start = (n * channels + c) * plane;
      for (let i = 0; i < plane; i++) {
        planes[start + i] = Math.fround(Math.fround(data[i * channels + c] * scale[c]) + offset[c]);
      }
    }
  });
  return planes;
}
