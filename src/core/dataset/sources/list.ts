import { FoveaError, mismatch } from '../../errors.ts';
import type { Row } from '../../formats/delimited.ts';
import { quotePath } from '../../formats/quote.ts';
import { say } from '../../say.ts';
import { type Part, parts, type Skipped } from '../dataset.ts';
import { naturalOrder } from '../natural-order.ts';
import { asPicture, listed, noteUnequal } from './class-folders.ts';
import type { LabelledPicture, PictureSet, Recogniser } from './content.ts';
import { nameClasses } from './list-classes.ts';
import { type ListTable, readList } from './list-columns.ts';
import { partOf, partWithin } from './part-names.ts';
import { createLookup, type PictureLookup } from './picture-lookup.ts';
import { type Entry, endingOf, entrySubject, filesBelow, type Tree, textOf } from './tree.ts';

const tables = new Set(['.csv', '.tsv', '.jsonl', '.ndjson']);
const texts = new Set(['.txt', '.lst']);
const notLists = /^(readme|licen[cs]e|copying|classes|labels|class[-_]names|requirements)\b.*\.txt$/i;
/** More than this of one sort, and none of it is looked at: they are something else, a text a picture. */
const mostLists = 64;
const largestList = 2 ** 28;

/** A file that lists pictures of the data. */
interface FoundList {
  readonly entry: Entry;
  readonly table: ListTable;
  /** Its part by its name. */
  readonly part: Part | undefined;
  /** Of its rows, those that name a picture which is there. */
  readonly resolved: number;
}

/** Tables of paths and labels, with parts and groups where they have them. */
export const list: Recogniser = {
  kind: 'list',
  async recognise(tree, { only, signal, onHint }) {
    const candidates = candidatesIn(tree, only);
    if (candidates.length === 0) return undefined;
    const lookup = await createLookup(tree.root);
    if (lookup.count === 0 && only === undefined) return undefined;
    const found: FoundList[] = [];
    for (const entry of candidates) {
      signal?.throwIfAborted();
      const one = await readOne(tree, entry, lookup).catch((error) => {
        if (only !== undefined || !(error instanceof FoveaError)) throw error;
        if (endingOf(entry.name) !== '.txt') onHint?.(`Not read as a list: ${error.message}.`);
        return undefined;
      });
      if (!one) continue;
      const { length } = one.table.rows;
      // Where the person named the list, even one whose pictures are missing is theirs.
      if (2 * one.resolved >= length || only !== undefined) found.push(one);
      else
        onHint?.(
          `Not read as a list: ${quotePath(entry.path)}, since ${one.resolved} of its ${length} lines name a picture that is here.`,
        );
    }
    if (found.length === 0) return undefined;
    const inParts = found.filter(({ part, table }) => part !== undefined || table.columns.part !== undefined);
    const used = inParts.length > 0 ? inParts : found;
    const names = used.map(({ entry }) => quotePath(entry.name)).join(', ');
    const rows = used.reduce((sum, { table }) => sum + table.rows.length, 0);
    return {
      kind: 'list',
      certainty: 'certain',
      why: say`${used.length === 1 ? say`A list` : say`Lists`} of paths and labels: ${names}, ${rows} lines that name pictures here.`,
      read: async () => ({
        pictures: await readLists(
          tree,
          used,
          found.filter((one) => !used.includes(one)),
          lookup,
        ),
      }),
    };
  },
};

function candidatesIn(tree: Tree, only: string | undefined): Entry[] {
  const files = [...filesBelow(tree.root)];
  if (only !== undefined)
    return files.filter(({ path, name }) => path === only && (tables.has(endingOf(name)) || texts.has(endingOf(name))));
  return [tables, texts].flatMap((sort) => {
    const found = files.filter(({ name }) => sort.has(endingOf(name)) && !notLists.test(name));
    return found.length > mostLists ? [] : found;
  });
}

async function readOne(tree: Tree, entry: Entry, lookup: PictureLookup): Promise<FoundList | undefined> {
  const folder = folderOf(entry);
  const subject = entrySubject(tree, entry);
  const isPicture = (cell: string): boolean => lookup.find(cell, folder) !== undefined;
  const table = readList(await textOf(tree, entry, largestList), endingOf(entry.name), subject, isPicture);
  if (!table || table.rows.length === 0) return undefined;
  const resolved = table.rows.filter(({ cells }) => isPicture(cells[table.columns.path!] ?? '')).length;
  return { entry, table, part: partWithin(entry.name.replace(/\.[^.]*$/, '')), resolved };
}

const folderOf = ({ path }: Entry): string => path.slice(0, Math.max(0, path.lastIndexOf('/')));

/** A line of a list whose picture is there. */
interface Listed {
  readonly entry: Entry;
  readonly label: string;
  readonly part: Part;
  readonly group?: string;
  readonly place: string;
}

async function readLists(
  tree: Tree,
  used: readonly FoundList[],
  left: readonly FoundList[],
  lookup: PictureLookup,
): Promise<PictureSet> {
  const withoutPart = used.filter(({ part, table }) => part === undefined && table.columns.part === undefined);
  if (withoutPart.length > 1) {
    const names = withoutPart.map(({ entry }) => quotePath(entry.path)).join(', ');
    throw mismatch(
      'one list of pictures',
      tree.subject,
      `several, ${names}`,
      'Name one of them, or call them train and test',
    );
  }
  const notes: string[] = [...tree.notes];
  const skipped: Skipped[] = [...tree.skipped];
  const byEntry = new Map<Entry, Listed>();
  let twice = 0;
  for (const one of used) {
    for (const row of one.table.rows) {
      const found = readRow(tree, one, row, lookup, skipped);
      if (!found) continue;
      const before = byEntry.get(found.entry);
      if (!before) byEntry.set(found.entry, found);
      else if (before.label === found.label && before.part === found.part) twice++;
      else {
        const [was, is] = [before, found].map(({ label, part, place }) => `${quotePath(label)} (${part}, ${place})`);
        skipped.push({ origin: found.entry.path, reason: `listed as ${was} and again as ${is}, the first counts` });
      }
    }
    notes.push(describeColumns(one));
  }
  if (byEntry.size === 0) {
    const [{ entry, table }] = used;
    const first = table.rows[0]?.cells[table.columns.path!] ?? '';
    throw mismatch(
      'paths of pictures that are there',
      entrySubject(tree, entry),
      `none, such as ${quotePath(first)}`,
      'Paths count from the folder of the list',
    );
  }
  if (twice > 0) notes.push(say`${twice} lines name a picture that is listed before, with the same label.`);
  const all = [...byEntry.values()];
  const { names, why } = await nameClasses(tree, used[0].entry, all);
  notes.push(why);
  const classNames = [...new Set(names.values())].sort(naturalOrder);
  if (classNames.length < 2)
    throw mismatch(
      'at least 2 classes',
      entrySubject(tree, used[0].entry),
      `one, ${quotePath(classNames[0])}`,
      'With one class there is nothing to tell apart',
    );
  const places = new Map(classNames.map((name, i) => [name, i]));
  const pictures = parts.flatMap((part) =>
    all
      .filter((one) => one.part === part)
      .map(
        ({ entry, label, group }): LabelledPicture =>
          asPicture(entry, entry.path, places.get(names.get(label)!)!, part, group),
      ),
  );
  if (left.length > 0)
    notes.push(
      `Left out ${left.map(({ entry }) => quotePath(entry.name)).join(', ')}, which ${left.length === 1 ? 'names' : 'name'} no parts.`,
    );
  const missing = lookup.count - byEntry.size;
  if (missing > 0) notes.push(say`Left out ${missing} of ${lookup.count} pictures that no list names.`);
  const groups = new Set(all.map(({ group }) => group)).size;
  if (all.some(({ group }) => group !== undefined)) notes.push(say`${groups} groups of pictures.`);
  const counted = pictures.some(({ part }) => part === 'train') ? 'train' : pictures[0].part;
  const counts = new Array<number>(classNames.length).fill(0);
  for (const { label, part } of pictures) if (part === counted) counts[label]++;
  noteUnequal(classNames, counts, notes);
  return { name: tree.name, classNames, pictures, notes, skipped };
}

function readRow(
  tree: Tree,
  { entry: listEntry, table, part: ownPart }: FoundList,
  { line, cells }: Row,
  lookup: PictureLookup,
  skipped: Skipped[],
): Listed | undefined {
  const { columns } = table;
  const path = cells[columns.path!] ?? '';
  const label = cells[columns.label!] ?? '';
  const place = `line ${line} of ${quotePath(listEntry.name)}`;
  const entry = lookup.find(path, folderOf(listEntry));
  if (!entry) {
    const out = path.split(/[\\/]/).includes('..');
    skipped.push({
      origin: path || place,
      reason: out ? `named in ${place}, a path that leads out of the data` : `named in ${place}, and no picture there`,
    });
    return undefined;
  }
  if (label === '') {
    skipped.push({ origin: entry.path, reason: `without a label in ${place}` });
    return undefined;
  }
  let part: Part = ownPart ?? 'train';
  const cell = columns.part === undefined ? '' : (cells[columns.part] ?? '');
  if (cell !== '') {
    const named = partOf(cell);
    if (!named)
      throw mismatch(
        'train, val or test',
        `line ${line} of ${entrySubject(tree, listEntry)}`,
        quotePath(cell),
        'It is taken as the column of parts',
      );
    part = named;
  }
  const group = columns.group === undefined ? '' : (cells[columns.group] ?? '');
  return { entry, label, part, place, ...(group === '' ? {} : { group }) };
}

function describeColumns({ entry, table, part }: FoundList): string {
  const { columns, header, unused } = table;
  const name = (place: number): string => (header ? `'${header[place]}'` : `column ${place + 1}`);
  const meant = (['path', 'label', 'part', 'group'] as const).flatMap((meaning) => {
    const place = columns[meaning];
    return place === undefined ? [] : [`${meaning} from ${name(place)}`];
  });
  if (part && columns.part === undefined) meant.push(`all ${part} by its name`);
  const left = unused.length > 0 ? `; not needed: ${listed(unused.map((one) => `'${one}'`))}` : '';
  return `${quotePath(entry.path)}: ${meant.join(', ')}${left}.`;
}
