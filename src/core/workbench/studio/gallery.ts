import { parts, pictureAt } from '../../dataset/dataset.ts';
import { heldBytes } from '../../dataset/pixels.ts';
import type { PictureCodec } from '../pictures/codec.ts';
import { describeFound } from '../pictures/describe-found.ts';
import { originAt } from '../pictures/fixed-data.ts';
import type { FoundData } from '../pictures/found-data.ts';
import type { Gallery, ListedPicture } from './host.ts';

/** What a listed picture takes in memory, about: its names. */
const listedBytes = 300;
/** The most bytes that a single picture file may have. */
const largestPicture = 2 ** 28;

/** Data that were found, picture by picture. */
export function galleryOf(codec: PictureCodec, found: FoundData): Gallery {
  const describe = () => describeFound(codec, found);
  if ('pictures' in found) {
    const { kind, understood, pictures: set } = found;
    const { pictures } = set;
    const read = async (index: number, side?: number) => {
      const { origin, file, bytes } = pictures[index];
      // A decoder leaves eight times of what it is told; to look at, twice is plenty.
      const quarter = side === undefined ? undefined : Math.ceil(side / 4);
      const resizedTo = quarter === undefined ? undefined : { height: quarter, width: quarter };
      return codec.decode(file ?? (await bytes()), { subject: origin, resizedTo });
    };
    return {
      kind,
      understood,
      ...set,
      describe,
      heldBytes: pictures.length * listedBytes,
      read: (index) => read(index),
      readSmall: read,
      bytes: (index) => pictures[index].bytes(largestPicture),
    };
  }
  const { kind, understood, source } = found;
  const datasets = parts.flatMap((part) => (source[part] ? [{ part, dataset: source[part] }] : []));
  const places = datasets.flatMap(({ part, dataset }) =>
    Array.from({ length: dataset.count }, (_, i) => ({ part, dataset, i })),
  );
  const pictures = places.map(({ part, dataset, i }): ListedPicture => {
    const group = dataset.groups?.[i];
    const known = { origin: originAt(dataset, part, i), label: dataset.labels[i], part };
    return group === undefined ? known : { ...known, group };
  });
  const read = async (index: number) => {
    const picture = pictureAt(places[index].dataset, places[index].i);
    // Pixels on a disk are a view that the next read overwrites.
    return { ...picture, data: picture.data.slice() };
  };
  return {
    name: source.name,
    kind,
    understood,
    classNames: datasets[0].dataset.classNames,
    pictures,
    notes: source.notes,
    describe,
    skipped: source.skipped,
    heldBytes: heldBytes(datasets.map(({ dataset }) => dataset.pixels)) + pictures.length * listedBytes,
    read,
    readSmall: read,
    bytes: async () => undefined,
  };
}
