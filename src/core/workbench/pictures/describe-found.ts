import { chooseSize, pictureSizes } from '../../dataset/choose-size.ts';
import { classCounts, type DataSource, type Part, parts } from '../../dataset/dataset.ts';
import type { PictureSet } from '../../dataset/sources/content.ts';
import { FoveaError } from '../../errors.ts';
import type { DataDescription } from '../adapters.ts';
import type { PictureCodec, PictureInfo } from './codec.ts';
import type { FoundData } from './found-data.ts';

/** Pictures whose headers are read, spread evenly over all. */
const sampleCount = 64;

/** Counts, sizes and channels seen, the input size to choose, and why: without decoding all. */
export async function describeFound(
  codec: PictureCodec,
  found: FoundData,
  signal?: AbortSignal,
): Promise<DataDescription> {
  return 'pictures' in found ? describePictures(codec, found, signal) : describeSource(found);
}

function describeSource({ kind, understood, source }: FoundData & { source: DataSource }): DataDescription {
  const first = source.train ?? source.val ?? source.test!;
  const counted: Partial<Record<Part, { count: number; classCounts: number[] }>> = {};
  for (const part of parts) {
    const dataset = source[part];
    if (dataset) counted[part] = { count: dataset.count, classCounts: classCounts(dataset) };
  }
  const sizes = { ...pictureSizes([first]), sampled: first.count };
  return {
    name: source.name,
    kind,
    understood,
    classNames: first.classNames,
    parts: counted,
    sizes,
    channels: first.channels,
    formats: [],
    chosen:
      kind === 'store'
        ? { height: first.height, width: first.width, why: storeSize(first) }
        : chooseSize(sizes, source.train?.count ?? first.count),
    notes: source.notes,
    skipped: source.skipped,
  };
}

const storeSize = ({ height, width }: { height: number; width: number }): string =>
  `Input size ${height}x${width}: the pictures were prepared at it.`;

async function describePictures(
  codec: PictureCodec,
  { kind, understood, pictures: set, limits }: FoundData & { pictures: PictureSet },
  signal?: AbortSignal,
): Promise<DataDescription> {
  const { name, classNames, pictures, notes, skipped } = set;
  const counted: Partial<Record<Part, { count: number; classCounts: number[] }>> = {};
  for (const part of parts) {
    const counts = new Array<number>(classNames.length).fill(0);
    let count = 0;
    for (const picture of pictures) {
      if (picture.part !== part) continue;
      counts[picture.label]++;
      count++;
    }
    if (count > 0) counted[part] = { count, classCounts: counts };
  }
  const infos: PictureInfo[] = [];
  const step = Math.max(1, pictures.length / sampleCount);
  let unread: unknown;
  for (let at = 0; at < pictures.length; at += step) {
    signal?.throwIfAborted();
    const picture = pictures[Math.floor(at)];
    try {
      const source = picture.file ?? (await picture.bytes(limits?.limitBytes));
      infos.push(await codec.info(source, { subject: picture.origin, ...limits }));
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      unread ??= error;
    }
  }
  if (infos.length === 0) throw unread;
  const sizes = pictureSizes(infos);
  return {
    name,
    kind,
    understood,
    classNames,
    parts: counted,
    sizes,
    channels: infos.every((info) => info.channels === 1) ? 1 : 3,
    formats: [...new Set(infos.map((info) => info.format))].sort(),
    chosen: chooseSize(sizes, counted.train?.count ?? pictures.length),
    notes,
    skipped,
  };
}
