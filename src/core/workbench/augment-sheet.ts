import { type Dataset, pictureAt } from '../dataset/dataset.ts';
import { mismatch } from '../errors.ts';
import { createAugmenter } from '../image/augment.ts';
import { type Augmentation, augmentationText } from '../image/augmentation-spec.ts';
import { warnOfLabels } from '../image/mirror-names.ts';
import type { Picture } from '../image/picture.ts';
import { RandomStream } from '../random.ts';
import { defaultAugmentation } from '../train/defaults.ts';
import type { Adapters } from './adapters.ts';
import type { VerbOptions } from './verb.ts';

export interface AugmentSheetRequest {
  /** A built-in set or a path; its train part is shown. */
  readonly data: string;
  /** Absent: what training would choose. */
  readonly augmentation?: Augmentation;
  readonly size?: { readonly height: number; readonly width: number };
  /** Pictures shown, one a row. Default 8. */
  readonly count?: number;
  readonly seed?: number;
}

/** Pictures as training sees them. */
export interface AugmentSheet {
  /** A row for each picture: the picture as it is, then as it is in the first epochs. */
  readonly picture: Picture;
  /** In the order of the rows. */
  readonly pictures: readonly { readonly index: number; readonly label: string; readonly origin?: string }[];
  readonly epochs: number;
  readonly augmentation: Augmentation;
  /** As the command line takes it. */
  readonly text: string;
  /** Why it was chosen; undefined where it was asked for. */
  readonly why: string | undefined;
  readonly warnings: readonly string[];
  /** Height and width of each picture. */
  readonly size: readonly [number, number];
}

/** Changed pictures beside each original. */
const epochs = 8;
/** White pixels between pictures; twice as many after the originals. */
const gap = 2;

/** @throws FoveaError when data cannot be read, hold no training pictures, or the augmentation does not fit them. */
export async function augmentSheet(
  adapters: Adapters,
  { data, augmentation, size, count = 8, seed = 1 }: AugmentSheetRequest,
  { signal, onEvent }: VerbOptions = {},
): Promise<AugmentSheet> {
  const source = await adapters.openData(data, {
    size,
    signal,
    only: 'train',
    onProgress: ({ done, total }) => onEvent?.({ kind: 'reading', done, total }),
  });
  const { train } = source;
  if (!train) throw mismatch('training pictures', `data set '${source.name}'`, 'none', 'It holds no train part');
  const chosen = augmentation ? { augmentation, why: undefined } : defaultAugmentation(train);
  const rows = choosePictures(train, Math.min(count, train.count), seed);
  return {
    picture: drawSheet(train, rows, chosen.augmentation, seed),
    pictures: rows.map((index) => ({
      index,
      label: train.classNames[train.labels[index]],
      origin: train.origins?.[index],
    })),
    epochs,
    augmentation: chosen.augmentation,
    text: augmentationText(chosen.augmentation),
    why: chosen.why,
    warnings: warnOfLabels(chosen.augmentation, train.classNames),
    size: [train.height, train.width],
  };
}

/** Pictures drawn by the seed, one of each class in turn. */
function choosePictures({ count: images, labels }: Dataset, count: number, seed: number): number[] {
  const waiting = new RandomStream(seed, 'sample').shuffle(Array.from({ length: images }, (_, i) => i));
  const rows: number[] = [];
  while (rows.length < count) {
    const classes = new Set<number>();
    for (let i = 0; i < waiting.length && rows.length < count; i++) {
      const label = labels[waiting[i]];
      if (classes.has(label)) continue;
      classes.add(label);
      rows.push(...waiting.splice(i--, 1));
    }
  }
  return rows;
}

function drawSheet(train: Dataset, rows: readonly number[], augmentation: Augmentation, seed: number): Picture {
  const { height, width, channels } = train;
  const size = height * width * channels;
  const augmenter = createAugmenter(augmentation, train);
  const sheetWidth = (epochs + 1) * (width + gap) + 2 * gap;
  const sheetHeight = rows.length * (height + gap) + gap;
  const data = new Uint8Array(sheetWidth * sheetHeight * channels).fill(255);
  const place = (picture: Uint8Array, x: number, y: number): void => {
    for (let line = 0; line < height; line++) {
      const row = picture.subarray(line * width * channels, (line + 1) * width * channels);
      data.set(row, ((y + line) * sheetWidth + x) * channels);
    }
  };
  const changed = new Uint8Array(size);
  rows.forEach((index, row) => {
    const y = gap + row * (height + gap);
    const original = pictureAt(train, index).data;
    place(original, gap, y);
    for (let epoch = 1; epoch <= epochs; epoch++) {
      const draw = { seed, epoch, index };
      if (augmenter) augmenter.change(original, 0, changed, 0, draw);
      else changed.set(original);
      if (augmenter?.mixing) {
        const other = augmenter.mixing.partner(train.count, draw);
        const partner = new Uint8Array(size);
        augmenter.change(train.pixels.at(other), 0, partner, 0, { ...draw, index: other });
        augmenter.mixing.mix(changed, partner, draw);
      }
      place(changed, 2 * gap + epoch * (width + gap), y);
    }
  });
  return { width: sheetWidth, height: sheetHeight, channels, data };
}
