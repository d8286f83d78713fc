import { type FoveaError, mismatch } from '../../errors.ts';
import type { ArchiveLimits, ArchiveListing } from '../../formats/archive.ts';
import { type ByteSource, readHead, watchedSource } from '../../formats/byte-source.ts';
import { gunzipSource } from '../../formats/gunzip-source.ts';
import { isGzip } from '../../formats/gzip.ts';
import { quotePath } from '../../formats/quote.ts';
import { type CreateSpool, memorySpool } from '../../formats/spool.ts';
import { isTar, readTar } from '../../formats/tar.ts';
import { isZip, readZip } from '../../formats/zip.ts';
import type { Skipped } from '../dataset.ts';
import { type Entry, entrySubject, filesBelow, foldersBelow, growFolder, type Tree } from './tree.ts';

export interface ArchiveOptions extends ArchiveLimits {
  /** Where a .tar.gz is unpacked to, once; memory by default. */
  readonly createSpool?: CreateSpool;
  /** Told how many of its bytes were looked through. */
  readonly onRead?: (done: number, total: number) => void;
}

const archiveName = /\.(zip|tar|tar\.gz|tgz)$/i;
/** What Fovea does not unpack, and says so. */
const otherArchive = /\.(tar\.(xz|bz2|zst|lzma)|txz|tbz2?|7z|rar|xz|bz2|zst)$/i;

export const isArchiveName = (name: string): boolean => archiveName.test(name);
export const isOtherArchiveName = (name: string): boolean => otherArchive.test(name);

/** `photos.tar.gz` → `photos` */
export const withoutArchiveEnding = (name: string): string => name.replace(archiveName, '') || name;

/**
 * The members of an archive, told by its content: zip, tar, or either kind of tar within gzip. Undefined when it is none
 * of these. @param subject the archive's quoted name. @throws FoveaError when it is one and is damaged.
 */
export async function openArchive(
  archive: ByteSource,
  subject: string,
  options: ArchiveOptions = {},
): Promise<ArchiveListing | undefined> {
  const source = options.onRead ? watchedSource(archive, options.onRead) : archive;
  const head = await readHead(source, 512);
  if (isZip(head)) return readZip(source, subject, options);
  if (isTar(head)) return readTar(source, subject, options);
  if (!isGzip(head)) return undefined;
  const { createSpool = memorySpool, signal } = options;
  const unpacked = await gunzipSource(source, { subject, createSpool, signal });
  return isTar(await readHead(unpacked, 512)) ? readTar(unpacked, subject, options) : undefined;
}

/** An archive as a tree. @param name the archive's file name. */
export async function archiveTree(
  source: ByteSource,
  name: string,
  subject: string,
  options: ArchiveOptions = {},
): Promise<Tree | undefined> {
  const listing = await openArchive(source, subject, options);
  if (!listing) return undefined;
  const { root, skipped } = growFolder(listing.members, listing.folders);
  return { name: withoutArchiveEnding(name), subject, root, skipped: [...listing.ignored, ...skipped], notes: [] };
}

/**
 * The same tree with each archive in it as a folder of its name without the ending, one level deep. Undefined when it
 * holds none. An archive whose folder lies beside it is left out: it is what the folder was unpacked from.
 */
export async function expandArchives(tree: Tree, options: ArchiveOptions = {}): Promise<Tree | undefined> {
  const files: Omit<Entry, 'name'>[] = [];
  const folders = [...foldersBelow(tree.root)].map(({ path }) => path).filter((path) => path !== '');
  const taken = new Set(folders);
  const skipped: Skipped[] = [...tree.skipped];
  const notes: string[] = [...tree.notes];
  let expanded = 0;
  for (const entry of filesBelow(tree.root)) {
    const place = withoutArchiveEnding(entry.path);
    if (!isArchiveName(entry.name)) {
      files.push(entry);
      continue;
    }
    if (taken.has(place)) {
      notes.push(`Left out ${quotePath(entry.path)}: the folder ${quotePath(place)} lies beside it.`);
      continue;
    }
    options.signal?.throwIfAborted();
    const subject = entrySubject(tree, entry);
    const listing = await openArchive(await entry.open(), subject, options);
    if (!listing) throw mismatch('a zip or tar file', subject, 'another content', 'Fetch it again');
    taken.add(place);
    expanded++;
    notes.push(`Looked into ${quotePath(entry.path)}: ${listing.members.length} files.`);
    for (const member of listing.members) files.push({ ...member, path: `${place}/${member.path}` });
    for (const folder of listing.folders) folders.push(`${place}/${folder}`);
    for (const { origin, reason } of listing.ignored) skipped.push({ origin: `${entry.path}/${origin}`, reason });
  }
  if (expanded === 0) return undefined;
  const grown = growFolder(files, folders);
  return { ...tree, root: grown.root, skipped: [...skipped, ...grown.skipped], notes };
}

/** What to say of an archive of another kind. */
export const refuseOtherArchive = (name: string, subject: string): FoveaError =>
  mismatch(
    'a folder, .zip, .tar or .tar.gz',
    subject,
    `a ${name.replace(/^.*?(\.[a-z0-9]+(\.[a-z0-9]+)?)$/i, '$1')} file`,
    'Unpack it and name the folder',
  );
