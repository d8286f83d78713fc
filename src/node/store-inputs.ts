import { hash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { type Dataset, type Part, parts, pictureAt } from '../core/dataset/dataset.ts';
import type { LabelledPicture } from '../core/dataset/sources/content.ts';
import type { StoreSettings } from '../core/dataset/store/head.ts';
import type { StoreInput } from '../core/dataset/store/prepare.ts';
import { FoveaError, mismatch } from '../core/errors.ts';
import { withChannels } from '../core/image/channels.ts';
import { fitPicture } from '../core/image/fit.ts';
import { originAt } from './apply-fixes.ts';
import { decodeImage, tooManyBytes, UnreadablePicture } from './codec.ts';
import type { FoundData } from './describe-data.ts';
import { quotePath } from './files.ts';
import { defaultLimits, type ReadLimits } from './limits.ts';

/** A time that a later change of the file could not have too. */
export const isSettled = (time: number): boolean => time < Date.now() - 2000;

/** The pictures of data that were found, as a store takes them. @param strict the first that cannot be read throws. */
export function inputsOf(found: FoundData, settings: StoreSettings, strict: boolean | undefined): StoreInput[] {
  if ('source' in found) {
    return parts.flatMap((part) => (found.source[part] ? arrayInputs(found.source[part], part, settings) : []));
  }
  // By part, as data are opened, so that the store gives the same data set.
  return parts.flatMap((part) =>
    found.pictures.pictures
      .filter((picture) => picture.part === part)
      .map((picture) => fileInput(picture, settings, strict, found.limits)),
  );
}

function fileInput(
  picture: LabelledPicture,
  settings: StoreSettings,
  strict: boolean | undefined,
  limits: ReadLimits = {},
): StoreInput {
  const { origin, label, part, group, file } = picture;
  const unread = (error: unknown): { reason: string } => {
    if (!(error instanceof FoveaError)) throw error;
    if (strict) throw new FoveaError(`${error.message}. Remove it, or leave --strict out to skip such files`);
    return { reason: error instanceof UnreadablePicture ? error.reason : error.message };
  };
  const { height, width, channels, fit } = settings;
  // As decodeAll does it: a cut is counted in pixels of the whole picture, so that is decoded in full.
  const resizedTo = fit === 'crop' ? undefined : { height, width };
  return {
    ...{ origin, label, part, ...(group === undefined ? {} : { group }) },
    hint() {
      const there = file === undefined ? undefined : statSync(file, { throwIfNoEntry: false });
      return there?.isFile() ? { bytes: there.size, time: there.mtimeMs } : undefined;
    },
    async load() {
      try {
        const { bytes, time } =
          file === undefined
            ? { bytes: await picture.bytes(limits.limitBytes), time: undefined }
            : readFile(file, origin, limits);
        return {
          source: { hash: hash('sha256', bytes, 'hex'), bytes: bytes.length, ...(time === undefined ? {} : { time }) },
          async decode() {
            try {
              const decoded = await decodeImage(bytes, { channels, subject: origin, resizedTo, ...limits });
              const { data } = fitPicture(decoded, height, width, fit);
              return { data, ...(decoded.full ?? { height: decoded.height, width: decoded.width }) };
            } catch (error) {
              return unread(error);
            }
          },
        };
      } catch (error) {
        return unread(error);
      }
    },
  };
}

/**
 * A file's bytes and when it was changed. Read at once rather than in steps of a queue: most pictures are small, and what
 * waits for a slow disk here is only the handing out of work, not the threads that decode.
 */
function readFile(
  path: string,
  origin: string,
  { limitBytes = defaultLimits.limitBytes }: ReadLimits,
): { bytes: Uint8Array; time: number | undefined } {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const there = fstatSync(descriptor);
    if (!there.isFile()) throw new UnreadablePicture(origin, 'no ordinary file');
    if (there.size > limitBytes) throw tooManyBytes(origin, there.size, { limitBytes });
    const bytes = new Uint8Array(there.size);
    let done = 0;
    while (done < bytes.length) {
      const count = readSync(descriptor, bytes, done, bytes.length - done, done);
      if (count === 0)
        throw mismatch(`${there.size} bytes`, quotePath(origin), 'fewer', 'It changed while it was read');
      done += count;
    }
    return { bytes, time: isSettled(there.mtimeMs) ? there.mtimeMs : undefined };
  } catch (error) {
    if (error instanceof FoveaError) throw error;
    const { code = 'unknown error' } = error as NodeJS.ErrnoException;
    throw new UnreadablePicture(origin, `a file that cannot be read (${code})`);
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

function arrayInputs(dataset: Dataset, part: Part, settings: StoreSettings): StoreInput[] {
  const { height, width, channels, fit } = settings;
  return Array.from({ length: dataset.count }, (_, i) => {
    const group = dataset.groups?.[i];
    return {
      ...{ origin: originAt(dataset, part, i), label: dataset.labels[i], part },
      ...(group === undefined ? {} : { group }),
      async load() {
        const picture = pictureAt(dataset, i);
        const head = Buffer.from(`${picture.width}x${picture.height}x${picture.channels}\n`);
        const bytes = Buffer.concat([head, picture.data]);
        return {
          source: { hash: hash('sha256', bytes, 'hex'), bytes: picture.data.length },
          decode: async () => ({
            data: fitPicture(withChannels(picture, channels), height, width, fit).data,
            height: picture.height,
            width: picture.width,
          }),
        };
      },
    };
  });
}
