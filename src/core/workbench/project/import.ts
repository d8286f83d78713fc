import { addedFile, addedPictures, readAddedLines, writeAddedLines } from '../../dataset/added.ts';
import { builtIns } from '../../dataset/builtin/index.ts';
import { FoveaError, mismatch } from '../../errors.ts';
import type { ArchiveMember } from '../../formats/archive.ts';
import { readAll } from '../../formats/byte-source.ts';
import { quotePath } from '../../formats/quote.ts';
import { readZip } from '../../formats/zip.ts';
import type { Adapters } from '../adapters.ts';
import { readText, type Storage } from '../storage.ts';
import type { VerbOptions } from '../verb.ts';
import { countRuns, projectPlaces } from './places.ts';
import { formatProject, isProjectText, type ProjectDescription, parseProject, projectFile } from './project-file.ts';

export interface OpenProjectRequest {
  /** What `exportProject` wrote, from whomever. */
  readonly file: string;
  /** The folder to make; there must be none, or an empty one. */
  readonly folder: string;
  /** The most unpacked bytes. Default 10 GB. */
  readonly limitBytes?: number;
}

export interface OpenedProject {
  readonly folder: string;
  readonly name: string;
  readonly files: number;
  readonly bytes: number;
  readonly runs: number;
  /** Names of data that are in it, and of those that are not there. */
  readonly data: readonly string[];
  readonly missing: readonly string[];
  /** Fixes, splits and added pictures that came along, by file. */
  readonly decisions: readonly string[];
  /** What was not taken out, and why. */
  readonly ignored: readonly { readonly origin: string; readonly reason: string }[];
}

const mostEntries = 500_000;
const mostNested = 2 ** 31;

/**
 * Takes a project out of its one file: whole or not at all. The file may come from anybody, so only what a project is made
 * of is written, only below the folder, and what it refers to lies within it.
 * @throws FoveaError when it is no project, asks for more than the limit, or the folder holds something.
 */
export async function openProjectFile(
  adapters: Adapters,
  request: OpenProjectRequest,
  { signal, onEvent }: VerbOptions = {},
): Promise<OpenedProject> {
  const { storage } = adapters;
  const { file, folder, limitBytes = 10e9 } = request;
  const kind = await storage.kind(folder);
  if (kind === 'file' || (kind === 'folder' && (await storage.list(folder)).length > 0)) {
    const received = kind === 'file' ? 'a file' : 'one that holds something';
    throw mismatch('a new or an empty folder', quotePath(folder), received, 'Choose another');
  }
  if ((await storage.kind(file)) !== 'file')
    throw mismatch('a project as one .zip file', quotePath(file), 'no file', 'Check the path');
  await storage.checkWritable(folder);
  const limits = {
    entries: mostEntries,
    totalBytes: limitBytes,
    memberBytes: Math.min(limitBytes, mostNested),
    signal,
  };
  const listing = await readZip(await adapters.openFile(file), quotePath(file), limits);
  const ignored = [...listing.ignored];
  const members = new Map<string, ArchiveMember>();
  for (const member of listing.members) {
    // Capital and small letters are the same to some systems: there the second would be written over the first.
    const key = member.path.normalize('NFC').toLowerCase();
    const reason = projectPlaces(member.path) ?? (members.has(key) ? 'a name that is there already' : undefined);
    if (reason === undefined) members.set(key, member);
    else ignored.push({ origin: member.path, reason });
  }
  const description = await readDescription(members.get(projectFile), file);
  const partial = `${folder.replace(/[\\/]+$/, '')}.${adapters.writer.process}.partial`;
  await storage.remove(partial);
  let bytes = 0;
  try {
    let done = 0;
    for (const member of members.values()) {
      signal?.throwIfAborted();
      if (member.path !== projectFile) {
        const content = await readAll(await member.open(), quotePath(member.path), limits.memberBytes);
        bytes += content.length;
        await writeBelow(storage, partial, member.path, content);
      }
      onEvent?.({ kind: 'reading', done: ++done, total: members.size });
    }
    const paths = [...members.values()].map(({ path }) => path);
    const data = description.data.map(({ name, source }) => ({ name, source: within(source, paths) }));
    await keepPoolsWithin(storage, partial, paths);
    await writeBelow(storage, partial, projectFile, new TextEncoder().encode(formatProject({ ...description, data })));
    await storage.rename(partial, folder);
    return {
      folder,
      name: description.name,
      files: members.size,
      bytes,
      runs: countRuns(paths),
      data: data.filter(({ source }) => source !== null).map(({ name }) => name),
      missing: data.filter(({ source }) => source === null).map(({ name }) => name),
      decisions: paths.filter((path) => !path.includes('/') && path !== projectFile).sort(),
      ignored,
    };
  } catch (error) {
    await storage.remove(partial).catch(() => undefined);
    throw error;
  }
}

async function readDescription(member: ArchiveMember | undefined, file: string): Promise<ProjectDescription> {
  const subject = quotePath(`${file}/${projectFile}`);
  if (!member)
    throw mismatch(
      'a project',
      quotePath(file),
      `a zip file without ${projectFile}`,
      'fovea project export writes one',
    );
  const text = new TextDecoder().decode(await readAll(await member.open(), subject, 2 ** 22));
  if (!isProjectText(text)) throw mismatch('a project of Fovea', subject, 'another content');
  return parseProject(text, `${file}/${projectFile}`);
}

async function writeBelow(storage: Storage, folder: string, path: string, content: Uint8Array): Promise<void> {
  const steps = path.split('/');
  await storage.makeFolder(storage.join(folder, ...steps.slice(0, -1)));
  if (!(await storage.create(storage.join(folder, ...steps), content)))
    throw new FoveaError(`Two files of the project have one name on this system: ${quotePath(path)}`);
}

/** What a project from elsewhere may refer to: built-in sets, and what came with it. */
function within(source: string | null, paths: readonly string[]): string | null {
  if (source === null || builtIns.has(source)) return source;
  const place = source.startsWith('./') ? source.slice(2) : undefined;
  const there = place !== undefined && paths.some((path) => path === place || path.startsWith(`${place}/`));
  return there && (place === 'data' || place.startsWith('data/')) ? source : null;
}

/** Added pictures whose pool is not among what came are forgotten: a stranger's file names no place of this machine. */
async function keepPoolsWithin(storage: Storage, folder: string, paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    if (path.includes('/') || !path.endsWith(addedEnding)) continue;
    const file = storage.join(folder, path);
    const lines = addedPictures(readAddedLines(await readText(storage, file), path));
    const kept = lines.filter(
      ({ pool }) => pool.startsWith('./pools/') && projectPlaces(`${pool.slice(2)}/x`) === undefined,
    );
    await storage.write(file, writeAddedLines(kept));
  }
}

const addedEnding = addedFile('');
