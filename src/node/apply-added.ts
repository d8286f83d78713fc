import { dirname, resolve } from 'node:path';
import {
  type AddedPicture,
  addedFile,
  addedOrigin,
  addedPictures,
  classOfAdded,
  readAddedLines,
} from '../core/dataset/added.ts';
import type { Fix } from '../core/dataset/fixes.ts';
import type { LabelledPicture, PictureSet } from '../core/dataset/sources/content.ts';
import { FoveaError } from '../core/errors.ts';
import { quotePath } from '../core/formats/quote.ts';
import { sha256 } from '../core/formats/sha256.ts';
import { inParallel } from './in-parallel.ts';
import { openPictures } from './open-pictures.ts';
import { fileStorage } from './storage.ts';

type DatedFix = Fix & { readonly at: string };

/** Pictures of pools that count to data, as they are kept beside the data. */
export interface Added {
  readonly pictures: readonly { readonly added: AddedPicture; readonly origin: string }[];
  readonly file: string;
}

/** @param stem what files beside the data begin with. */
export async function readAdded(stem: string): Promise<Added> {
  const file = addedFile(stem);
  if ((await fileStorage.kind(file)) !== 'file') return { pictures: [], file };
  const lines = readAddedLines(new TextDecoder().decode(await fileStorage.read(file)), file);
  const seen = new Set<string>();
  const pictures = addedPictures(lines).map((added) => {
    const short = addedOrigin(added);
    // Two pools may have one name.
    const origin = seen.has(short) ? `${short}#${added.hash.slice(0, 8)}` : short;
    seen.add(origin);
    return { added, origin };
  });
  return { pictures, file };
}

/** Puts added pictures into the training part, under the classes that they have by now. */
export async function applyAdded(
  set: PictureSet,
  { pictures, file }: Added,
  fixes: readonly DatedFix[],
  signal?: AbortSignal,
): Promise<PictureSet> {
  if (pictures.length === 0) return set;
  const taken: LabelledPicture[] = [];
  const notes: string[] = [];
  const pools = new Set(pictures.map(({ added }) => added.pool));
  for (const pool of pools) {
    const own = pictures.filter(({ added }) => added.pool === pool);
    const wanted = own.flatMap((one) => {
      const name = classOfAdded(one.added, one.origin, fixes);
      return name === undefined ? [] : [{ ...one, label: set.classNames.indexOf(name), name }];
    });
    const strange = wanted.filter(({ label }) => label < 0);
    if (strange.length > 0) {
      notes.push(
        `Left out ${strange.length} added pictures of a class that is not here: ${quotePath(strange[0].name)}.`,
      );
    }
    const known = wanted.filter(({ label }) => label >= 0);
    const found = await findInPool(
      resolve(dirname(file), pool),
      new Set(known.map(({ added }) => added.hash)),
      known,
      signal,
    );
    const lost = known.filter(({ added }) => !found.has(added.hash));
    if (lost.length > 0) {
      const where = `the pool ${quotePath(pool)}, such as ${quotePath(lost[0].added.file)}`;
      notes.push(
        `Left out ${lost.length} added pictures that are not in ${where}; where the pool has moved, run fovea data add again.`,
      );
    }
    const there = known.filter(({ added }) => found.has(added.hash));
    for (const { added, origin, label } of there) {
      const bytes = found.get(added.hash)!;
      taken.push({ origin, label, part: 'train', bytes: (limit) => within(bytes, limit, origin) });
    }
    if (there.length === 0) continue;
    const machine = there.filter(({ added }) => added.by === 'machine').length;
    const by = machine > 0 ? `, ${machine} of them with labels that a model gave and nobody looked at` : '';
    notes.push(`Added ${there.length} labelled pictures of the pool ${quotePath(pool)} to train${by}.`);
  }
  return { ...set, pictures: [...set.pictures, ...taken], notes: [...set.notes, ...notes] };
}

async function within(read: () => Promise<Uint8Array>, limit: number | undefined, origin: string): Promise<Uint8Array> {
  const bytes = await read();
  if (limit === undefined || bytes.length <= limit) return bytes;
  throw new FoveaError(`Expected at most ${limit} bytes for ${quotePath(origin)} but received ${bytes.length}`);
}

/** Readers of the files with these contents: where they were first, then wherever in the pool they are by now. */
async function findInPool(
  pool: string,
  hashes: ReadonlySet<string>,
  known: readonly { readonly added: AddedPicture }[],
  signal: AbortSignal | undefined,
): Promise<Map<string, () => Promise<Uint8Array>>> {
  const found = new Map<string, () => Promise<Uint8Array>>();
  if (hashes.size === 0 || (await fileStorage.kind(pool)) === undefined) return found;
  const { files } = await openPictures([pool], signal).catch((error) => {
    // A pool that was emptied is no fault of the data.
    if (error instanceof FoveaError) return { files: [] };
    throw error;
  });
  const look = async (some: typeof files): Promise<void> =>
    inParallel(some.length, async (i) => {
      signal?.throwIfAborted();
      const { bytes } = some[i];
      if (!bytes) return;
      const content = await bytes().catch((error) => {
        if (error instanceof FoveaError) return undefined;
        throw error;
      });
      if (content === undefined) return;
      const hash = await sha256(content);
      if (hashes.has(hash)) found.set(hash, bytes);
    });
  const expected = new Set(known.map(({ added }) => `${pool}/${added.file}`));
  await look(files.filter(({ name }) => expected.has(name)));
  if (found.size < hashes.size) await look(files.filter(({ name }) => !expected.has(name)));
  return found;
}
