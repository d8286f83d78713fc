import { basename, resolve } from 'node:path';
import { type Dataset, parts, pictureAt, type Skipped } from '../core/dataset/dataset.ts';
import { archiveTree, isOtherArchiveName, refuseOtherArchive } from '../core/dataset/sources/archives.ts';
import { bytesOf, filesBelow, looksLikePicture, type Tree } from '../core/dataset/sources/tree.ts';
import { mismatch } from '../core/errors.ts';
import { readAll } from '../core/formats/byte-source.ts';
import { withChannels } from '../core/image/channels.ts';
import type { Picture } from '../core/image/picture.ts';
import { decodeImage } from './codec.ts';
import { type FoundData, findData } from './describe-data.ts';
import { diskSpool, fileSource } from './file-source.ts';
import { folderTree, quotePath, statPath } from './files.ts';
import { checkCount, defaultLimits, type ReadLimits } from './limits.ts';

/** A picture to classify, not yet read. */
export interface PictureFile {
  /** As the person named it, and what lies below a named folder or archive with slashes. */
  readonly name: string;
  /** @throws FoveaError when it cannot be read. */
  read(channels: 1 | 3): Promise<Picture>;
  /** Its encoded bytes; absent for pixels that lie in an array. @throws FoveaError when it cannot be read. */
  bytes?(): Promise<Uint8Array>;
}

/** Files that hold many pictures and are none themselves. */
const dataEndings =
  /\.(npz|npy|parquet|csv|tsv|jsonl|ndjson|idx[134](-ubyte)?(\.gz)?|idx[134]-ubyte)$|(^|[\\/])(data_batch_\d|test_batch|train|test)\.bin$/i;

/**
 * The pictures that paths mean: a file is itself, whatever it holds; a folder or an archive is all picture files in it, in
 * natural order; a folder or archive without such files, or a file of data (NumPy, Parquet, a list, …), is the pictures
 * that it holds. @throws FoveaError when a path is not there or holds no picture.
 */
export async function openPictures(
  paths: readonly string[],
  signal?: AbortSignal,
  limits: ReadLimits = {},
): Promise<{ readonly files: readonly PictureFile[]; readonly skipped: readonly Skipped[] }> {
  const files: PictureFile[] = [];
  const skipped: Skipped[] = [];
  if (paths.length === 0) throw mismatch('at least one picture or folder', 'the pictures', 'none');
  for (const given of paths) {
    const path = resolve(given);
    const isFolder = (await statPath(path)).isDirectory();
    const tree = isFolder ? await folderTree(path, quotePath(given), signal) : await openIfArchive(given, path, signal);
    if (tree) {
      const inner = await picturesIn(tree, given.replace(/[\\/]+$/, '') || given, limits);
      if (inner.length > 0) {
        files.push(...inner);
        skipped.push(...tree.skipped);
        continue;
      }
    } else if (!dataEndings.test(given)) {
      files.push({
        name: given,
        read: (channels) => decodeImage(path, { channels, subject: given, ...limits }),
        bytes: async () =>
          readAll(await fileSource(path), quotePath(given), limits.limitBytes ?? defaultLimits.limitBytes),
      });
      continue;
    }
    const found = await findData(given, { signal, limits }).catch((error) => {
      if (isFolder) throw mismatch('pictures', `the folder ${quotePath(given)}`, 'none');
      throw error;
    });
    files.push(...picturesOfData(found, given));
  }
  checkCount(paths[0], files.length, limits);
  return { files, skipped };
}

async function openIfArchive(given: string, path: string, signal?: AbortSignal): Promise<Tree | undefined> {
  if (isOtherArchiveName(given)) throw refuseOtherArchive(given, quotePath(given));
  if (!/\.(zip|tar|gz|tgz)$/i.test(given)) return undefined;
  return archiveTree(await fileSource(path), given, quotePath(given), { createSpool: diskSpool, signal });
}

async function picturesIn(tree: Tree, given: string, limits: ReadLimits): Promise<PictureFile[]> {
  const files: PictureFile[] = [];
  for (const entry of filesBelow(tree.root)) {
    if (!(await looksLikePicture(entry))) continue;
    const name = `${given}/${entry.path}`;
    const bytes = (): Promise<Uint8Array> =>
      bytesOf(entry, quotePath(name), limits.limitBytes ?? defaultLimits.limitBytes);
    files.push({
      name,
      read: async (channels) => decodeImage(entry.file ?? (await bytes()), { channels, subject: name, ...limits }),
      bytes,
    });
  }
  return files;
}

function picturesOfData(found: FoundData, given: string): PictureFile[] {
  if ('pictures' in found) {
    // A row of the very file that was named need not name it again.
    const own = `${basename(given)}, `;
    return found.pictures.pictures.map(({ origin, file, bytes }) => ({
      name: `${given}: ${origin.startsWith(own) ? origin.slice(own.length) : origin}`,
      read: async (channels) => decodeImage(file ?? (await bytes()), { channels, subject: origin, ...found.limits }),
      bytes: () => bytes(found.limits?.limitBytes ?? defaultLimits.limitBytes),
    }));
  }
  const { source } = found;
  return parts
    .map((part) => [part, source[part]] as const)
    .filter((one): one is readonly [(typeof one)[0], Dataset] => one[1] !== undefined)
    .flatMap(([part, dataset]) =>
      Array.from({ length: dataset.count }, (_, i) => ({
        name: `${given}: ${part} ${i}`,
        read: async (channels: 1 | 3) => withChannels(pictureAt(dataset, i), channels),
      })),
    );
}
