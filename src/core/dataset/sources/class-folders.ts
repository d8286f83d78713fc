import { FoveaError, mismatch } from '../../errors.ts';
import { quotePath } from '../../formats/quote.ts';
import { say } from '../../say.ts';
import { namesOfFolders } from '../catalogue.ts';
import { type Part, parts, type Skipped } from '../dataset.ts';
import { naturalOrder } from '../natural-order.ts';
import type { LabelledPicture, PictureSet, Recogniser } from './content.ts';
import { partOf } from './part-names.ts';
import { bytesOf, type Entry, endingOf, type Folder, filesBelow, looksLikePicture, type Tree } from './tree.ts';

/** From this ratio of the largest class to the smallest on, a person is told. */
const unequal = 5;

const mend = 'Put the pictures of each class into a folder of its own, named after the class';

/** Pictures in a folder for each class, with or without folders of parts around them. */
export const classFolders: Recogniser = {
  kind: 'class-folders',
  async recognise(tree, { signal }) {
    const top = await lookThrough(tree.root, [], []);
    let withPictures = 0;
    for (const folder of top.folders) if (await holdsPictures(folder)) withPictures++;
    if (withPictures === 0) return undefined;
    const partFolders = await findParts(top).catch(() => undefined);
    const names = partFolders && [...partFolders.values()].map(({ name }) => quotePath(name)).join(', ');
    const why = names
      ? say`Class folders: ${names} hold a folder of pictures for each class.`
      : withPictures === 1
        ? say`Class folders: 1 folder holds pictures, named after its class.`
        : say`Class folders: ${withPictures} folders hold pictures, each named after its class.`;
    return {
      kind: 'class-folders',
      certainty: partFolders || withPictures === top.folders.length ? 'certain' : 'likely',
      why,
      read: async () => ({ pictures: await readClassFolders(tree, signal) }),
    };
  },
};

/**
 * Understands a tree as classes: `train/CLASS/…` with `val` and `test` beside it under any of their usual names, or flat
 * `CLASS/…`, which is all training. A single folder around either is looked through. Folders within a class count
 * into it. @throws FoveaError when there is no picture, one class only, or a class without any picture.
 */
export async function readClassFolders(tree: Tree, signal?: AbortSignal): Promise<PictureSet> {
  const notes: string[] = [...tree.notes];
  const others = new Map<string, number>();
  const strayFiles: Entry[] = [];
  const content = await lookThrough(tree.root, notes, strayFiles);
  const loose = await countPictures(content);
  if (content.folders.length === 0 && loose > 0)
    throw mismatch('a folder for each class', tree.subject, `${loose} pictures and no class folders`, mend);

  const partFolders = await findParts(content);
  const found = new Map<Part, Map<string, readonly Entry[]>>();
  const collect = async (part: Part, classes: readonly Folder[]): Promise<void> => {
    const byClass = new Map<string, readonly Entry[]>();
    for (const folder of classes) {
      signal?.throwIfAborted();
      const pictures: Entry[] = [];
      for (const file of filesBelow(folder)) {
        if (await looksLikePicture(file)) pictures.push(file);
        else others.set(endingOf(file.name), (others.get(endingOf(file.name)) ?? 0) + 1);
      }
      byClass.set(folder.name, pictures);
    }
    found.set(part, byClass);
  };
  if (partFolders) {
    const used = [...partFolders.values()];
    for (const { name, path } of content.folders) {
      if (!used.some((part) => part.path === path))
        notes.push(say`Left out the folder ${quotePath(name)} beside ${used.map((part) => part.name).join(', ')}.`);
    }
    for (const [part, folder] of partFolders) {
      const stray = await countPictures(folder);
      if (stray > 0)
        notes.push(say`Left out ${pictureCount(stray)} in ${quotePath(folder.name)} outside the class folders.`);
      await collect(part, folder.folders);
    }
  } else {
    await collect('train', await withoutPaperwork(content.folders, notes));
    notes.push(say`No train and test folders: all pictures are for training, unless a split sets some aside.`);
  }
  if (loose > 0)
    notes.push(say`Left out ${pictureCount(loose)} beside the ${partFolders ? say`folders` : say`class folders`}.`);
  const beside = [...strayFiles, ...content.files].filter((file) => endingOf(file.name) !== '' || loose === 0);
  const unused = [];
  for (const file of beside) if (!(await looksLikePicture(file))) unused.push(quotePath(file.name));
  if (unused.length > 0) notes.push(say`Not needed: ${listed(unused)} beside the class folders.`);
  if (others.size > 0) {
    const list = [...others]
      .sort(([a], [b]) => naturalOrder(a, b))
      .map(([ending, count]) => `${count} ${ending || say`without an ending`}`);
    notes.push(say`Left out files that are no pictures: ${list.join(', ')}.`);
  }

  const classNames = [...new Set([...found.values()].flatMap((byClass) => [...byClass.keys()]))].sort(naturalOrder);
  checkClasses(tree.subject, classNames, found, tree.skipped);
  noteClasses(classNames, found, notes);
  const prefix = content.path === '' ? 0 : content.path.length + 1;
  const pictures = parts.flatMap((part) =>
    classNames.flatMap((name, label) =>
      (found.get(part)?.get(name) ?? []).map((entry) => asPicture(entry, entry.path.slice(prefix), label, part)),
    ),
  );
  const known = namesOfFolders(classNames);
  if (known) notes.push(say`Class names of ${known.set}: ${classNames[0]} is ${known.names[0]}, and so on.`);
  return { name: tree.name, classNames: known?.names ?? classNames, pictures, notes, skipped: tree.skipped };
}

/** A file as a labelled picture. */
export function asPicture(entry: Entry, origin: string, label: number, part: Part, group?: string): LabelledPicture {
  return {
    origin,
    label,
    part,
    ...(group === undefined ? {} : { group }),
    ...(entry.file === undefined ? {} : { file: entry.file }),
    bytes: (limit) => bytesOf(entry, quotePath(origin), limit),
  };
}

/** The folder to look at: an archive often unpacks to one folder around everything, with one of documents beside it. */
async function lookThrough(root: Folder, notes: string[], passed: Entry[]): Promise<Folder> {
  let content = root;
  for (let depth = 0; depth < 3; depth++) {
    const folders = await withoutPaperwork(content.folders, []);
    if (folders.length !== 1 || partOf(folders[0].name) !== undefined) break;
    const [inner] = folders;
    if (inner.folders.length === 0 || (await countPictures(inner)) > 0) break;
    await withoutPaperwork(content.folders, notes);
    notes.push(say`Looked into ${quotePath(inner.name)}, the only folder there.`);
    passed.push(...content.files);
    content = inner;
  }
  return content;
}

/** Folders but those of documents: named so, and without a picture. */
async function withoutPaperwork(folders: readonly Folder[], notes: string[]): Promise<readonly Folder[]> {
  const kept: Folder[] = [];
  for (const folder of folders) {
    if (!paperwork.test(folder.name) || folder.folders.length > 0 || (await holdsPictures(folder))) kept.push(folder);
    else notes.push(say`Left out the folder ${quotePath(folder.name)}: it holds no pictures.`);
  }
  return kept;
}

const paperwork = /(^|[-_ .])(info|docs?|meta|metadata|annotations?|labels?|splits?|lists?|licen[cs]es?|readme)$/i;

/**
 * The folders of the parts, or undefined when the folders are classes. A class may be called `train` too (beside `bus`
 * and `car`): a part's folder has folders and no pictures of its own, and `train` or nothing but parts must be there.
 */
async function findParts(content: Folder): Promise<Map<Part, Folder> | undefined> {
  const found = new Map<Part, Folder>();
  for (const folder of content.folders) {
    const part = partOf(folder.name);
    if (part === undefined) continue;
    if (folder.folders.length === 0 && (await countPictures(folder)) > 0) return undefined;
    const other = found.get(part);
    if (other)
      throw new FoveaError(
        `Two folders mean the same part: ${quotePath(other.name)} and ${quotePath(folder.name)}`,
        'Rename one of them',
      );
    found.set(part, folder);
  }
  const onlyParts = found.size === content.folders.length;
  if (found.size === 0 || !(found.has('train') || onlyParts)) return undefined;
  return new Map(parts.filter((part) => found.has(part)).map((part) => [part, found.get(part)!]));
}

async function countPictures(folder: Folder): Promise<number> {
  let count = 0;
  for (const file of folder.files) if (await looksLikePicture(file)) count++;
  return count;
}

async function holdsPictures(folder: Folder): Promise<boolean> {
  for (const file of filesBelow(folder)) if (await looksLikePicture(file)) return true;
  return false;
}

type Found = ReadonlyMap<Part, ReadonlyMap<string, readonly Entry[]>>;

function checkClasses(subject: string, classNames: readonly string[], found: Found, skipped: readonly Skipped[]): void {
  const countOf = (name: string): number =>
    [...found.values()].reduce((sum, byClass) => sum + (byClass.get(name)?.length ?? 0), 0);
  if (classNames.every((name) => countOf(name) === 0)) {
    const [first] = skipped;
    const entries = skipped.length === 1 ? say`1 entry was` : say`${skipped.length} entries were`;
    const links = first ? say` (${entries} left out, such as ${quotePath(first.origin)}: ${first.reason})` : '';
    throw mismatch('class folders with pictures', subject, `no pictures${links}`, mend);
  }
  const empty = classNames.filter((name) => countOf(name) === 0);
  if (empty.length > 0) {
    throw mismatch(
      'pictures in every class folder',
      subject,
      `none in ${empty.map((name) => quotePath(name)).join(', ')}`,
      'Delete the folder or add pictures',
    );
  }
  if (classNames.length < 2) {
    throw mismatch(
      'at least 2 class folders',
      subject,
      `one, ${quotePath(classNames[0])}`,
      'With one class there is nothing to tell apart',
    );
  }
}

function noteClasses(classNames: readonly string[], found: Found, notes: string[]): void {
  for (const [part, byClass] of found) {
    const without = classNames.filter((name) => !byClass.get(name)?.length);
    if (without.length > 0)
      notes.push(say`No ${part} pictures of ${without.map((name) => quotePath(name)).join(', ')}.`);
  }
  const [first] = found.values();
  noteUnequal(
    classNames,
    classNames.map((name) => first.get(name)?.length ?? 0),
    notes,
  );
  const folded = new Map<string, string>();
  for (const name of classNames) {
    const key = name.normalize('NFC').toLowerCase();
    const other = folded.get(key);
    if (other !== undefined)
      notes.push(say`${quotePath(other)} and ${quotePath(name)} count as two classes although they look alike.`);
    else folded.set(key, name);
  }
}

/** Tells where the largest class is many times the smallest. */
export function noteUnequal(classNames: readonly string[], classCounts: readonly number[], notes: string[]): void {
  const counts = classNames.map((name, i) => ({ name, count: classCounts[i] })).filter(({ count }) => count > 0);
  if (counts.length === 0) return;
  const most = counts.reduce((a, b) => (b.count > a.count ? b : a));
  const least = counts.reduce((a, b) => (b.count < a.count ? b : a));
  if (most.count >= unequal * least.count) {
    notes.push(
      say`Classes are unequal: ${quotePath(most.name)} has ${most.count} pictures, ${quotePath(least.name)} ${least.count}. Accuracy alone misleads here.`,
    );
  }
}

export const listed = (names: readonly string[]): string =>
  names.length <= 4 ? names.join(', ') : say`${names.slice(0, 3).join(', ')} and ${names.length - 3} more`;

const pictureCount = (count: number): string => (count === 1 ? say`1 picture` : say`${count} pictures`);
