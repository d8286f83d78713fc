import { type DataSource, type Dataset, parts, pictureAt } from '../core/dataset/dataset.ts';
import {
  type PictureFacts,
  type PictureOrigin,
  pictureFacts,
  type Survey,
  unreadableFacts,
} from '../core/dataset/facts.ts';
import type { LabelledPicture } from '../core/dataset/sources/content.ts';
import { FoveaError } from '../core/errors.ts';
import { originAt } from './apply-fixes.ts';
import { decodeImage, pictureInfo, UnreadablePicture } from './codec.ts';
import type { FoundData } from './describe-data.ts';
import { inParallel } from './in-parallel.ts';
import type { ReadLimits } from './limits.ts';

export interface SurveyOptions {
  readonly signal?: AbortSignal;
  /** Called after each picture. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Looks at every picture once, whole and upright, and keeps of it what `PictureFacts` says. Nothing is left out. */
export async function survey(found: FoundData, options: SurveyOptions = {}): Promise<Survey> {
  if ('source' in found) return surveyArrays(found.source, options);
  const { limits } = found;
  const { name, classNames, pictures, skipped } = found.pictures;
  const facts = new Array<PictureFacts>(pictures.length);
  let done = 0;
  await inParallel(pictures.length, async (i) => {
    options.signal?.throwIfAborted();
    facts[i] = await lookAt(pictures[i], limits);
    options.onProgress?.({ done: ++done, total: pictures.length });
  });
  return { name, classNames, facts, skipped };
}

async function lookAt(picture: LabelledPicture, limits: ReadLimits | undefined): Promise<PictureFacts> {
  const { origin, label, part, group } = picture;
  const known: PictureOrigin = { origin, label, part, ...(group === undefined ? {} : { group }), bytes: 0 };
  let size = 0;
  try {
    const bytes = await picture.bytes(limits?.limitBytes);
    size = bytes.length;
    const { transparent = false, orientation } = saysMore(bytes)
      ? await pictureInfo(bytes, { subject: origin, ...limits })
      : { transparent: false };
    const decoded = await decodeImage(bytes, { subject: origin, ...limits });
    const turned = orientation === undefined ? {} : { orientation };
    return await pictureFacts({ ...known, bytes: size, transparent, ...turned }, decoded);
  } catch (error) {
    if (!(error instanceof FoveaError)) throw error;
    const reason = error instanceof UnreadablePicture ? error.reason : error.message;
    return unreadableFacts({ ...known, bytes: size }, reason);
  }
}

/**
 * Whether a header may tell of transparency or of turning. Reading headers takes a fifth of the time, and the files that
 * sets are made of, JPEG without EXIF and PNG without alpha, tell nothing.
 */
function saysMore(bytes: Uint8Array): boolean {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1 << 16));
  if (head[0] === 0xff && head[1] === 0xd8) return head.includes('Exif');
  if (head.toString('latin1', 1, 4) !== 'PNG') return true;
  const colourType = head[25];
  return colourType >= 4 || head.includes('tRNS') || head.includes('eXIf');
}

async function surveyArrays(source: DataSource, options: SurveyOptions): Promise<Survey> {
  const datasets = parts.flatMap((part) => (source[part] ? [[part, source[part] as Dataset] as const] : []));
  const total = datasets.reduce((sum, [, { count }]) => sum + count, 0);
  const facts: PictureFacts[] = [];
  for (const [part, dataset] of datasets) {
    for (let i = 0; i < dataset.count; i++) {
      options.signal?.throwIfAborted();
      const picture = pictureAt(dataset, i);
      const origin = originAt(dataset, part, i);
      const group = dataset.groups?.[i];
      const known = { origin, label: dataset.labels[i], part, ...(group === undefined ? {} : { group }) };
      facts.push(await pictureFacts({ ...known, bytes: picture.data.length }, picture));
      options.onProgress?.({ done: facts.length, total });
    }
  }
  return { name: source.name, classNames: datasets[0][1].classNames, facts, skipped: source.skipped };
}
