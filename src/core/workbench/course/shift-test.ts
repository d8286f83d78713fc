import type { Engine } from '../../backend/backend.ts';
import type { Classifier } from '../../classifier/classifier.ts';
import { openClassifier } from '../../classifier/classify.ts';
import { type Dataset, pictureAt } from '../../dataset/dataset.ts';
import { memoryPixels } from '../../dataset/pixels.ts';
import { disturbances } from '../../evaluate/disturbances.ts';
import { type RobustnessPoint, testRobustness } from '../../evaluate/robustness.ts';
import type { Picture } from '../../image/picture.ts';
import type { PicturesFigure } from './figure.ts';
import type { CourseHost } from './lesson.ts';

/** Moved further, digits begin to leave the picture. */
const furthest = 4;

/** How often a classifier is right, and how often it says the same as before, when pictures move by 0 … 4 pixels. */
export async function shiftPoints(
  host: CourseHost,
  engine: Engine,
  classifier: Classifier,
  data: Dataset,
): Promise<readonly RobustnessPoint[]> {
  const { signal } = host;
  const [{ points }] = await testRobustness(engine, classifier, data, { images: data.count, only: ['shift'], signal });
  return points.filter(({ level }) => level <= furthest);
}

/** Pictures that were named rightly and no longer are once they moved, as they are and moved. */
export async function fooledPictures(
  engine: Engine,
  classifier: Classifier,
  data: Dataset,
  pixels: number,
  most: number,
): Promise<PicturesFigure> {
  const shift = disturbances.find(({ name }) => name === 'shift')!;
  const session = await openClassifier(engine, classifier);
  const before = Array.from({ length: data.count }, (_, i) => pictureAt(data, i));
  const after = await Promise.all(before.map((picture, index) => shift.change(picture, pixels, { index })));
  const name = async (pictures: typeof before): Promise<string[]> =>
    (await session.classify(pictures, 1)).map(([first]) => first.class);
  const [said, says] = [await name(before), await name(after)];
  const fooled = before
    .flatMap((_, i) => (said[i] === data.classNames[data.labels[i]] && says[i] !== said[i] ? [i] : []))
    .slice(0, most);
  return {
    kind: 'pictures',
    title: `Named rightly, until moved by ${pixels} ${pixels === 1 ? 'pixel' : 'pixels'}`,
    columns: 4,
    pictures: fooled.flatMap((i) => [
      { picture: before[i], caption: `it says ${said[i]}` },
      { picture: after[i], caption: `moved: ${says[i]}` },
    ]),
    words: `${fooled.length} of them, each as it is and moved. To your eyes they are the same digits.`,
  };
}

/** A picture on a black square of `side` pixels, its first pixel at row `top` and column `left`. */
export function placedOn({ height, width, channels, data }: Picture, side: number, top: number, left: number): Picture {
  const canvas = new Uint8Array(side * side * channels);
  const row = width * channels;
  for (let y = 0; y < height; y++) {
    canvas.set(data.subarray(y * row, (y + 1) * row), ((y + top) * side + left) * channels);
  }
  return { height: side, width: side, channels, data: canvas };
}

/** Square pictures with a black margin, so that nothing is lost when they move by less. */
export function withMargin(data: Dataset, margin: number): Dataset {
  const side = data.height + 2 * margin;
  const size = side * side * data.channels;
  const pixels = new Uint8Array(data.count * size);
  for (let i = 0; i < data.count; i++) pixels.set(placedOn(pictureAt(data, i), side, margin, margin).data, i * size);
  return { ...data, height: side, width: side, pixels: memoryPixels(pixels, size) };
}
