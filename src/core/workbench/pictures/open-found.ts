import { type DataSource, type Dataset, type Part, parts, resized, type Skipped } from '../../dataset/dataset.ts';
import type { PictureSet } from '../../dataset/sources/content.ts';
import { FoveaError, invalid } from '../../errors.ts';
import { quotePath } from '../../formats/quote.ts';
import type { FitMode } from '../../image/fit.ts';
import { say } from '../../say.ts';
import type { DataDescription } from '../adapters.ts';
import type { PictureCodec } from './codec.ts';
import { checkSize, decodeAll } from './decode-all.ts';
import type { FoundData } from './found-data.ts';
import type { ReadLimits } from './limits.ts';

export interface OpenDataOptions {
  /** Input size: a side, or height and width. By default chosen from the pictures, with a note that says why. */
  readonly size?: number | { readonly height: number; readonly width: number };
  /** 1 grey, 3 colour. By default grey only if all pictures are. */
  readonly channels?: 1 | 3;
  /** How a picture of another shape becomes the size. Default `stretch`. */
  readonly fit?: FitMode;
  /** The first picture that cannot be read stops everything; without it such pictures are skipped and named. */
  readonly strict?: boolean;
  /** What the built-in sets are drawn from. Default 1. */
  readonly seed?: number;
  /** What the files of decisions about the data begin with (`BESIDE.fixes.jsonl`); by default the data's own path. */
  readonly beside?: string;
  readonly limits?: ReadLimits;
  readonly signal?: AbortSignal;
  /** Called while pictures are decoded. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Opens what `findData` found and `describeFound` described, for a caller that needs the description too. */
export async function openFound(
  codec: PictureCodec,
  found: FoundData,
  description: DataDescription,
  options: OpenDataOptions = {},
): Promise<DataSource> {
  const { size = description.chosen, channels = description.channels, fit } = options;
  const { height, width } = typeof size === 'number' ? { height: size, width: size } : size;
  checkSize(height, width);
  if (channels !== 1 && channels !== 3) throw invalid('1 or 3', "option 'channels'", channels);
  const notes = [...description.notes];
  if (options.size === undefined) notes.push(description.chosen.why);
  noteFit(description, { height, width, fit }, notes);
  if ('pictures' in found)
    return decodePictures(codec, found.pictures, { ...options, limits: found.limits, height, width, channels }, notes);
  const { source } = found;
  const datasets: Partial<Record<Part, Dataset>> = {};
  for (const part of parts) {
    const dataset = source[part];
    if (dataset) datasets[part] = resized(dataset, { height, width, channels, fit });
  }
  return { ...source, ...datasets, notes };
}

async function decodePictures(
  codec: PictureCodec,
  set: PictureSet,
  options: OpenDataOptions & { height: number; width: number; channels: 1 | 3 },
  notes: string[],
): Promise<DataSource> {
  const { name, classNames, pictures } = set;
  const skipped: Skipped[] = [...set.skipped];
  const datasets: Partial<Record<Part, Dataset>> = {};
  let before = 0;
  let unreadable = 0;
  for (const part of parts) {
    const list = pictures.filter((picture) => picture.part === part);
    if (list.length === 0) continue;
    const decoded = await decodeAll(codec, `${name}/${part}`, list, classNames, {
      ...options,
      ...options.limits,
      onProgress: (done) => options.onProgress?.({ done: before + done, total: pictures.length }),
    });
    before += list.length;
    if (decoded.dataset) datasets[part] = decoded.dataset;
    skipped.push(...decoded.skipped);
    unreadable += decoded.skipped.length;
  }
  const seen = parts.flatMap((part) => (datasets[part] ? [datasets[part].labels] : []));
  checkReadable(set, seen, skipped.slice(set.skipped.length));
  if (unreadable > 0) {
    notes.push(say`Skipped ${unreadable} of ${pictures.length} pictures that cannot be read.`);
  }
  return { name, ...datasets, notes, skipped };
}

/** Every class that had pictures has one that can be read. */
export function checkReadable(
  set: {
    readonly name: string;
    readonly classNames: readonly string[];
    readonly pictures: readonly { readonly label: number }[];
  },
  read: readonly Iterable<number>[],
  [first]: readonly Skipped[],
): void {
  const had = new Set(set.pictures.map(({ label }) => label));
  const seen = new Set<number>();
  for (const labels of read) for (const label of labels) seen.add(label);
  const lost = set.classNames.filter((_, label) => had.has(label) && !seen.has(label));
  if (lost.length === 0) return;
  throw new FoveaError(
    `Expected pictures that can be read in every class of ${quotePath(set.name)} but received none in ${lost.map(quotePath).join(', ')}${first ? ` (${quotePath(first.origin)}: ${first.reason})` : ''}`,
    'Leave the class out or add pictures',
  );
}

const fitNotes: Readonly<Record<FitMode, (size: string) => string>> = {
  stretch: (size) => say`stretched to ${size}, the aspect ratio is not kept`,
  crop: (size) => say`cropped around the centre to the aspect ratio of ${size}`,
  pad: (size) => say`brought to ${size} whole, with black around them`,
};

export function noteFit(
  { sizes, formats }: DataDescription,
  wanted: { height: number; width: number; fit?: FitMode },
  notes: string[],
): void {
  const { uniform } = sizes;
  // A product of whole numbers instead of a quotient: exact.
  if (uniform && uniform.height * wanted.width === uniform.width * wanted.height) return;
  const fitted = fitNotes[wanted.fit ?? 'stretch'](`${wanted.height}x${wanted.width}`);
  const all = uniform !== undefined || formats.length === 0;
  notes.push(all ? say`Pictures are ${fitted}.` : say`Pictures of another shape are ${fitted}.`);
}
