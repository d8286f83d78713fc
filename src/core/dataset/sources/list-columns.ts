import { type Delimiter, parseDelimited, parseJsonLines, type Row } from '../../formats/delimited.ts';
import { pictureEndings } from '../../image/kind.ts';
import { partOf } from './part-names.ts';
import { endingOf } from './tree.ts';

/** What a column of a list means. */
export type Meaning = 'path' | 'label' | 'part' | 'group';

/** A table whose columns are understood. */
export interface ListTable {
  readonly rows: readonly Row[];
  /** Place of each column; path and label are always there. */
  readonly columns: Readonly<Partial<Record<Meaning, number>>>;
  /** The header's names for these columns, where there is a header. */
  readonly header?: readonly string[];
  /** Columns of the header that mean nothing here. */
  readonly unused: readonly string[];
}

const names: Readonly<Record<Meaning, readonly string[]>> = {
  path: 'path file filename file_name filepath file_path image img image_path img_path image_name imagename image_id picture photo id'.split(
    ' ',
  ),
  label: 'label class class_name classname class_label label_name category target species breed y'.split(' '),
  part: 'split part set subset fold partition phase'.split(' '),
  group: 'group group_id patient patient_id subject subject_id scene scene_id session session_id'.split(' '),
};
const meanings = Object.keys(names) as Meaning[];

/** Rows that are looked at to find out what a file is. */
const sampleRows = 100;

/**
 * Finds out which columns of a table are paths, labels, parts and groups: from a header of known names, or without one
 * from the column whose cells name pictures that are there. Undefined where it is no such table.
 * @param isPicture whether a cell names a picture of the data.
 */
export function readList(
  text: string,
  ending: string,
  subject: string,
  isPicture: (cell: string) => boolean,
): ListTable | undefined {
  if (ending === '.jsonl' || ending === '.ndjson') return readJsonList(text, subject);
  const delimiter = delimiterOf(text, ending);
  const sample = parseDelimited(text, delimiter, subject, sampleRows);
  if (sample.length === 0 || sample[0].cells.length < 2) return undefined;
  const [first] = sample;
  const named = columnsByName(first.cells);
  if (named.path !== undefined && named.label !== undefined && !isPicture(first.cells[named.path])) {
    const used = new Set(Object.values(named));
    const unused = first.cells.filter((cell, i) => !used.has(i) && cell !== '');
    const rows = parseDelimited(text, delimiter, subject).slice(1);
    return { rows, columns: named, header: first.cells, unused };
  }
  const path = pathColumn(sample, isPicture);
  if (path === undefined) return undefined;
  const width = first.cells.length;
  const isHeader = !namesPicture(first.cells[path] ?? '', isPicture);
  // A header in words that mean nothing here: with two columns it is plain what they are, with more it would be guessed.
  if (isHeader && (width > 2 || named.path !== undefined)) return undefined;
  const rows = parseDelimited(text, delimiter, subject);
  const label = path === 0 ? 1 : 0;
  const rest = Array.from({ length: width }, (_, i) => i).filter((i) => i !== path && i !== label);
  const [third, fourth] = rest;
  const holdsParts =
    third !== undefined && sample.every(({ cells }) => !cells[third] || partOf(cells[third]) !== undefined);
  const columns = { path, label, ...(holdsParts ? { part: third, group: fourth } : {}) };
  const unused = rest.slice(holdsParts ? 2 : 0).map((i) => `column ${i + 1}`);
  return { rows: isHeader ? rows.slice(1) : rows, columns, unused };
}

/** A cell that names a picture which is there, or by its ending one that is not. */
const namesPicture = (cell: string, isPicture: (cell: string) => boolean): boolean =>
  isPicture(cell) || pictureEndings.has(endingOf(cell).slice(1));

function readJsonList(text: string, subject: string): ListTable | undefined {
  const { header, rows } = parseJsonLines(text, subject);
  const columns = columnsByName(header);
  if (columns.path === undefined || columns.label === undefined) return undefined;
  const used = new Set(Object.values(columns));
  return { rows, columns, header, unused: header.filter((_, i) => !used.has(i)) };
}

/** The column of each meaning: of several, the one whose name comes first in the list of names. */
function columnsByName(header: readonly string[]): Partial<Record<Meaning, number>> {
  const folded = header.map((name) => name.toLowerCase().replace(/[\s-]+/g, '_'));
  const found: Partial<Record<Meaning, number>> = {};
  for (const meaning of meanings) {
    const name = names[meaning].find((candidate) => folded.includes(candidate));
    if (name !== undefined) found[meaning] = folded.indexOf(name);
  }
  return found;
}

/** The column most of whose cells name pictures; at least half of them must. */
function pathColumn(rows: readonly Row[], isPicture: (cell: string) => boolean): number | undefined {
  const width = Math.min(rows[0].cells.length, 20);
  let best: number | undefined;
  let most = 0;
  for (let i = 0; i < width; i++) {
    const count = rows.filter(({ cells }) => isPicture(cells[i] ?? '')).length;
    if (count > most) [best, most] = [i, count];
  }
  return 2 * most >= rows.length ? best : undefined;
}

function delimiterOf(text: string, ending: string): Delimiter {
  if (ending === '.tsv') return '\t';
  const line =
    text
      .slice(0, 10000)
      .split(/[\r\n]/)
      .find((one) => one.trim() !== '') ?? '';
  const count = (delimiter: string): number => line.split(delimiter).length - 1;
  const best = ([',', ';', '\t'] as const).reduce((a, b) => (count(b) > count(a) ? b : a));
  return count(best) > 0 ? best : ' ';
}
