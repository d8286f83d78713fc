import { motionMap } from '../image/augmentations/affine.ts';
import { blurPicture } from '../image/augmentations/blur.ts';
import { noise } from '../image/augmentations/noise.ts';
import { sampleAffine } from '../image/augmentations/sample.ts';
import { changeBrightness } from '../image/augmentations/tone.ts';
import type { Picture } from '../image/picture.ts';
import { RandomStream } from '../random.ts';

/** What of a disturbance is left to chance: the same for a picture at all levels and in every test. */
export interface DisturbanceDraw {
  /** The picture's place among those tested. */
  readonly index: number;
  /** Encodes as JPEG (quality 1 … 100) and decodes again; absent where the host cannot. */
  readonly recompress?: (picture: Picture, quality: number) => Promise<Picture>;
}

/** One way in which pictures differ from those of training, by degrees. */
export interface Disturbance {
  readonly name: string;
  /** What a level is: `pixels`, `degrees`. */
  readonly unit: string;
  /** One sentence. */
  readonly doc: string;
  /** From weak to strong, or through the neutral one. */
  readonly levels: readonly number[];
  /** The level at which nothing changes; undefined where there is none. */
  readonly neutral?: number;
  /** Whether the host must be able to write JPEG. */
  readonly needsCodec?: boolean;
  change(picture: Picture, level: number, draw: DisturbanceDraw): Picture | Promise<Picture>;
}

const randomOf = (index: number, name: number): RandomStream => new RandomStream(1, 'augment', index, name);
const changed = (picture: Picture, write: (to: Uint8Array) => void): Picture => {
  const data = new Uint8Array(picture.data.length);
  write(data);
  return { ...picture, data };
};
/** What comes in at the border continues the picture's edge. */
const moved = (picture: Picture, motion: Parameters<typeof motionMap>[0]): Picture =>
  changed(picture, (to) => sampleAffine(picture.data, to, picture, motionMap(motion, picture), 'edge'));

/** THE LIST of disturbances of a robustness test. */
export const disturbances: readonly Disturbance[] = [
  {
    name: 'shift',
    unit: 'pixels',
    doc: 'Moved to one of four sides by whole pixels; the edge is continued.',
    levels: [0, 1, 2, 3, 4, 5, 6, 7, 8],
    neutral: 0,
    change(picture, level, { index }) {
      const side = randomOf(index, 1).below(4);
      const [dx, dy] = [
        [level, 0],
        [-level, 0],
        [0, level],
        [0, -level],
      ][side];
      return moved(picture, { translate: [dx, dy] });
    },
  },
  {
    name: 'rotation',
    unit: 'degrees',
    doc: 'Turned about the centre, one way or the other.',
    levels: [0, 5, 10, 15, 20, 30, 45],
    neutral: 0,
    change: (picture, level, { index }) =>
      moved(picture, { degrees: randomOf(index, 2).below(2) === 0 ? level : -level }),
  },
  {
    name: 'scale',
    unit: 'times as large',
    doc: 'Shrunk or enlarged about the centre.',
    levels: [0.5, 0.65, 0.8, 0.9, 1, 1.1, 1.25, 1.5, 2],
    neutral: 1,
    change: (picture, level) => moved(picture, { scale: level }),
  },
  {
    name: 'blur',
    unit: "pixels of the Gauss filter's deviation",
    doc: 'Out of focus.',
    levels: [0, 0.5, 1, 1.5, 2, 3],
    neutral: 0,
    change: (picture, level) => changed(picture, (to) => blurPicture(picture.data, to, picture, level)),
  },
  {
    name: 'noise',
    unit: 'standard deviation, black to white being 1',
    doc: 'Grain on each value by itself, as in the dark.',
    levels: [0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3],
    neutral: 0,
    change: (picture, level, { index }) =>
      changed(picture, (to) => noise.create({ deviation: level })(picture.data, to, randomOf(index, 3))),
  },
  {
    name: 'brightness',
    unit: 'times as bright',
    doc: 'Darker or brighter.',
    levels: [0.25, 0.5, 0.75, 1, 1.25, 1.5, 2],
    neutral: 1,
    change: (picture, level) => changed(picture, (to) => changeBrightness(picture.data, to, level)),
  },
  {
    name: 'jpeg',
    unit: 'JPEG quality',
    doc: 'Written as JPEG at the size that the model sees, and read again.',
    levels: [100, 90, 75, 50, 30, 15, 5],
    needsCodec: true,
    change: (picture, level, { recompress }) => recompress!(picture, level),
  },
  {
    name: 'occlusion',
    unit: 'share of the picture covered',
    doc: 'A grey square somewhere in front of it.',
    levels: [0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5],
    neutral: 0,
    change: cover,
  },
];

/** Where the square lies follows from the picture alone, so that a larger level covers more of the same place. */
function cover(picture: Picture, level: number, { index }: DisturbanceDraw): Picture {
  const { height, width, channels } = picture;
  const random = randomOf(index, 4);
  const [v, u] = [random.uniform(), random.uniform()];
  const share = Math.sqrt(level);
  const [rows, columns] = [Math.round(height * share), Math.round(width * share)];
  const [top, left] = [Math.round(v * (height - rows)), Math.round(u * (width - columns))];
  const data = picture.data.slice();
  for (let y = top; y < top + rows; y++)
    data.fill(128, (y * width + left) * channels, (y * width + left + columns) * channels);
  return { ...picture, data };
}
