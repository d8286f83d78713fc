import {
  type AddedLine,
  type AddedPicture,
  addedFile,
  addedPictures,
  readAddedLines,
  standingAdded,
  writeAddedLines,
} from '../dataset/added.ts';
import { builtIns } from '../dataset/builtin/index.ts';
import { labelsByHash, labelsFile, readLabelLines } from '../dataset/labels.ts';
import { FoveaError, invalid, mismatch } from '../errors.ts';
import { quotePath } from '../formats/quote.ts';
import type { Adapters } from './adapters.ts';
import { withLock } from './lock.ts';
import { readText } from './storage.ts';
import type { VerbOptions } from './verb.ts';

export interface AddRequest {
  readonly data: string;
  /** A labelled pool; none with `undo`. */
  readonly pool?: string;
  /** Takes back what was done last. */
  readonly undo?: boolean;
}

export interface AddOutcome {
  /** Where it is kept. */
  readonly file: string;
  /** Pictures that count to the data from now on, that count as another class, that count no more. */
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  /** All that count by now, of every pool, by class. */
  readonly pictures: number;
  readonly classes: Readonly<Record<string, number>>;
  /** Of those, the ones whose label nobody looked at. */
  readonly byMachine: number;
}

/**
 * Lets the labelled pictures of a pool count to data, in a file beside these; nothing is copied. Again, it brings that up
 * to date with the labels. @throws FoveaError when there are no labels, or one is of a class that the data do not have.
 */
export async function addLabelled(
  adapters: Adapters,
  request: AddRequest,
  options: VerbOptions = {},
): Promise<AddOutcome> {
  const { data } = request;
  const { storage } = adapters;
  if (builtIns.has(data)) throw invalid('data of your own', 'added pictures', data, 'Built-in sets take none');
  const file = addedFile(adapters.beside(data));
  const { classNames, arrays } = await adapters.listPictures(data, { signal: options.signal });
  if (arrays) {
    throw mismatch(
      'pictures as files',
      quotePath(data),
      'arrays',
      'Added pictures count to data of picture files only',
    );
  }
  const lock = {
    file: `${file}.lock`,
    subject: `the added pictures of ${quotePath(data)}`,
    doing: 'data add',
    onNote: (text: string) => options.onEvent?.({ kind: 'note', text }),
  };
  return withLock(adapters, lock, async () => {
    const before = (await storage.kind(file)) === 'file' ? readAddedLines(await readText(storage, file), file) : [];
    const at = adapters.now();
    if (request.undo) {
      if (standingAdded(before).length === 0)
        throw new FoveaError(`There is nothing to take back: no pictures were added to ${quotePath(data)}`);
      const lines: AddedLine[] = [...before, { add: 'undo', at }];
      await storage.write(file, writeAddedLines(lines));
      return outcome(file, addedPictures(before), addedPictures(lines));
    }
    if (request.pool === undefined) throw invalid('a labelled pool', 'the pool', undefined);
    const more = await linesFor(adapters, request.pool, file, addedPictures(before), classNames, before.length, at);
    const lines = [...before, ...more];
    if (more.length > 0) await storage.write(file, writeAddedLines(lines));
    return outcome(file, addedPictures(before), addedPictures(lines));
  });
}

async function linesFor(
  { storage }: Adapters,
  pool: string,
  file: string,
  before: readonly AddedPicture[],
  classNames: readonly string[],
  batch: number,
  at: string,
): Promise<AddedLine[]> {
  const path = storage.absolute(pool);
  const labels = labelsFile(path);
  if ((await storage.kind(labels)) !== 'file') {
    const mend = `Label it: fovea label RUN ${pool}`;
    throw mismatch('a labelled pool', quotePath(pool), `no ${quotePath(labels)}`, mend);
  }
  const decisions = labelsByHash(readLabelLines(await readText(storage, labels), labels));
  const place = storage.relative(storage.join(file, '..'), path) ?? path;
  const counts = new Map(before.map((one) => [one.hash, one]));
  const lines: AddedLine[] = [];
  for (const one of decisions.values()) {
    if (one.label !== 'class') continue;
    if (!classNames.includes(one.class)) {
      const mend = `The data have ${classNames.slice(0, 12).join(', ')}`;
      throw mismatch('a class of the data', `the label of ${quotePath(one.file)}`, quotePath(one.class), mend);
    }
    const was = counts.get(one.hash);
    if (was && was.class === one.class && was.by === one.by && was.pool === place && was.file === one.file) continue;
    const { hash, by } = one;
    lines.push({ add: 'picture', hash, file: one.file, pool: place, class: one.class, by, batch, at });
  }
  for (const one of before) {
    const label = decisions.get(one.hash);
    // Labels of other pools are theirs.
    const gone = label?.label === 'exclude' || (label === undefined && one.pool === place);
    if (gone) lines.push({ add: 'remove', hash: one.hash, batch, at });
  }
  return lines;
}

function outcome(file: string, before: readonly AddedPicture[], after: readonly AddedPicture[]): AddOutcome {
  const was = new Map(before.map((one) => [one.hash, one]));
  const is = new Set(after.map(({ hash }) => hash));
  const classes: Record<string, number> = Object.create(null);
  for (const { class: name } of after) classes[name] = (classes[name] ?? 0) + 1;
  return {
    file,
    added: after.filter(({ hash }) => !was.has(hash)).length,
    changed: after.filter((one) => was.has(one.hash) && was.get(one.hash)!.class !== one.class).length,
    removed: before.filter(({ hash }) => !is.has(hash)).length,
    pictures: after.length,
    classes: { ...classes },
    byMachine: after.filter(({ by }) => by === 'machine').length,
  };
}
