import { invalid, mismatch } from '../errors.ts';
import { quotePath } from '../formats/quote.ts';
import { suggest } from '../nearest.ts';
import { readKept, writeKept } from './kept-lines.ts';

/** One decision of a person about the data. Files are named by origin, classes by name. */
export type Fix =
  | { readonly fix: 'exclude'; readonly file: string }
  | { readonly fix: 'relabel'; readonly file: string; readonly class: string }
  /** All pictures of class `from` belong to class `into`. */
  | { readonly fix: 'merge'; readonly from: string; readonly into: string }
  | { readonly fix: 'rename'; readonly from: string; readonly to: string };

/** A line of the file of fixes: a fix, or the taking back of the last one that still stands. */
export type FixLine = (Fix | { readonly fix: 'undo' }) & { readonly at: string };

/** Where the fixes of data lie: beside them, never among them. */
export const fixesFile = (data: string): string => `${data}.fixes.jsonl`;

const head = { format: 'fovea-fixes', version: 1 };

const fields: Readonly<Record<FixLine['fix'], readonly string[]>> = {
  exclude: ['file'],
  relabel: ['file', 'class'],
  merge: ['from', 'into'],
  rename: ['from', 'to'],
  undo: [],
};

/** Reads a file of fixes: a line of JSON each after one that names the format. @throws FoveaError naming the line. */
export const readFixLines = (text: string, name: string): FixLine[] =>
  readKept(text, name, head, 'fovea data fix', (value, subject) => {
    const wanted = Object.hasOwn(fields, String(value.fix)) ? fields[value.fix as FixLine['fix']] : undefined;
    if (!wanted) throw invalid(`one of ${Object.keys(fields).join(', ')}`, `'fix' in ${subject}`, value.fix);
    for (const field of wanted) {
      if (typeof value[field] !== 'string') throw invalid('a text', `'${field}' in ${subject}`, value[field]);
    }
    return value as unknown as FixLine;
  });

/** The text of a file of fixes. */
export const writeFixLines = (lines: readonly FixLine[]): string => writeKept(head, lines);

/** The fixes that stand, oldest first: each undo takes back the last one before it. */
export function standingFixes(lines: readonly FixLine[]): (Fix & { readonly at: string })[] {
  const standing: (Fix & { readonly at: string })[] = [];
  for (const line of lines) {
    if (line.fix === 'undo') standing.pop();
    else standing.push(line);
  }
  return standing;
}

/** What fixes apply to: pictures with labels, and the names that the labels mean. */
export interface Labelled<T> {
  readonly classNames: readonly string[];
  readonly pictures: readonly T[];
}

export interface Fixed<T> extends Labelled<T> {
  /** What was done, a sentence each, and which fixes name what is not there. */
  readonly notes: readonly string[];
}

/**
 * Applies fixes in their order. One that names a file or class that is not there changes nothing and is told in a note,
 * for files come and go. A class whose last picture goes is left out of the names.
 */
export function applyFixes<T extends { readonly origin: string; readonly label: number }>(
  set: Labelled<T>,
  fixes: readonly Fix[],
): Fixed<T> {
  const names = [...set.classNames];
  const labels = set.pictures.map(({ label }) => label);
  const excluded = new Set<number>();
  const places = new Map(set.pictures.map(({ origin }, i) => [origin, i]));
  const done = { exclude: 0, relabel: 0, merge: 0, rename: 0 };
  const lost: string[] = [];
  for (const fix of fixes) {
    const missing = missingIn(fix, names, places);
    if (missing !== undefined) {
      lost.push(missing);
      continue;
    }
    done[fix.fix]++;
    if (fix.fix === 'exclude') excluded.add(places.get(fix.file)!);
    else if (fix.fix === 'relabel') labels[places.get(fix.file)!] = names.indexOf(fix.class);
    else if (fix.fix === 'rename') names[names.indexOf(fix.from)] = fix.to;
    else {
      const [from, into] = [names.indexOf(fix.from), names.indexOf(fix.into)];
      labels.forEach((label, i) => {
        if (label === from) labels[i] = into;
      });
    }
  }
  const had = new Set(set.pictures.map(({ label }) => label));
  const has = new Set(labels.filter((_, i) => !excluded.has(i)));
  const kept = names.map((_, label) => label).filter((label) => has.has(label) || !had.has(label));
  const renumbered = new Map(kept.map((label, i) => [label, i]));
  const pictures = set.pictures.flatMap((picture, i) =>
    excluded.has(i) ? [] : [{ ...picture, label: renumbered.get(labels[i])! }],
  );
  return { classNames: kept.map((label) => names[label]), pictures, notes: notesOf(done, lost) };
}

function missingIn(fix: Fix, names: readonly string[], places: ReadonlyMap<string, number>): string | undefined {
  const missing = (what: string | undefined): boolean => what !== undefined && !names.includes(what);
  if ('file' in fix && !places.has(fix.file)) return `the file ${quotePath(fix.file)}`;
  const wanted = fix.fix === 'relabel' ? [fix.class] : fix.fix === 'merge' ? [fix.from, fix.into] : [];
  if (fix.fix === 'rename') wanted.push(fix.from);
  const name = wanted.find(missing);
  return name === undefined ? undefined : `the class ${quotePath(name)}`;
}

function notesOf(done: Readonly<Record<Fix['fix'], number>>, lost: readonly string[]): string[] {
  const plural = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;
  const told = [
    done.exclude > 0 ? `${plural(done.exclude, 'picture', 'pictures')} excluded` : '',
    done.relabel > 0 ? `${plural(done.relabel, 'picture', 'pictures')} relabelled` : '',
    done.merge > 0 ? `${plural(done.merge, 'class', 'classes')} merged` : '',
    done.rename > 0 ? `${plural(done.rename, 'class', 'classes')} renamed` : '',
  ].filter((text) => text !== '');
  const notes = told.length > 0 ? [`Fixes applied: ${told.join(', ')}.`] : [];
  if (lost.length > 0) {
    const first = lost.slice(0, 3).join(', ');
    notes.push(
      `${plural(lost.length, 'fix names', 'fixes name')} what is not there: ${first}${lost.length > 3 ? ', …' : ''}.`,
    );
  }
  return notes;
}

/**
 * A check of new fixes, in their order, against the data as they stand by then.
 * @throws FoveaError (the check) when a fix names what is not there or changes nothing.
 */
export function fixChecker(
  set: Labelled<{ readonly origin: string; readonly label: number }>,
  data: string,
): (fix: Fix) => void {
  const names = [...set.classNames];
  const labels = new Map(set.pictures.map(({ origin, label }) => [origin, label]));
  const labelOf = (name: string): number => {
    const label = names.indexOf(name);
    if (label >= 0) return label;
    throw mismatch(
      `one of the classes ${names.slice(0, 12).join(', ')}`,
      quotePath(data),
      quotePath(name),
      suggest(name, names),
    );
  };
  const fileLabel = (file: string): number => {
    const label = labels.get(file);
    if (label !== undefined) return label;
    const mend = 'Name files as fovea data doctor does, below the data';
    throw mismatch(`a picture of ${quotePath(data)}`, 'a fix', quotePath(file), mend);
  };
  return (fix) => {
    if (fix.fix === 'exclude') {
      fileLabel(fix.file);
      labels.delete(fix.file);
    } else if (fix.fix === 'relabel') {
      const label = labelOf(fix.class);
      if (fileLabel(fix.file) === label)
        throw mismatch(`another class than ${quotePath(fix.class)}`, quotePath(fix.file), 'the one that it has');
      labels.set(fix.file, label);
    } else if (fix.fix === 'merge') {
      const [from, into] = [labelOf(fix.from), labelOf(fix.into)];
      if (from === into) throw mismatch('two classes', "option '--merge'", `${quotePath(fix.from)} twice`);
      for (const [file, label] of labels) if (label === from) labels.set(file, into);
      names[from] = '';
    } else {
      const from = labelOf(fix.from);
      if (names.includes(fix.to) || fix.to === '')
        throw mismatch(
          'a name that no class has',
          "option '--rename'",
          quotePath(fix.to),
          'To join classes use --merge',
        );
      names[from] = fix.to;
    }
  };
}
