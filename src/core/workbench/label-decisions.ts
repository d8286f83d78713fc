import { invalid, mismatch } from '../errors.ts';
import { parseDelimited, parseJsonLines, type Row } from '../formats/delimited.ts';
import { quotePath } from '../formats/quote.ts';
import type { Choice, Labelling, Suggestion } from './label.ts';
import { readText, type Storage } from './storage.ts';

const names = {
  file: ['file', 'path', 'filename', 'file_name', 'image', 'picture'],
  hash: ['hash', 'sha256'],
  class: ['class', 'label', 'category', 'class 1'],
  exclude: ['exclude', 'excluded'],
} as const;
type Column = keyof typeof names;

const largest = 2 ** 28;

/**
 * Reads decisions that were made elsewhere: a table (CSV, TSV) with a header or JSON lines, with `file` or `hash`, and
 * `class` or `exclude`. Lines without a decision are passed over. @throws FoveaError naming the line that fits no picture.
 */
export async function readDecisions(
  storage: Storage,
  path: string,
  labelling: Pick<Labelling, 'pictures' | 'classNames'>,
): Promise<[Suggestion, Choice][]> {
  const subject = quotePath(path);
  const text = await readText(storage, path);
  if (text.length > largest) throw mismatch(`at most ${largest} characters`, subject, 'more');
  const { header, rows } = readRows(text, path, subject);
  const columns = new Map<Column, number>();
  for (const column of Object.keys(names) as Column[]) {
    const at = header.findIndex((title) => (names[column] as readonly string[]).includes(title.toLowerCase()));
    if (at >= 0) columns.set(column, at);
  }
  if (!(columns.has('file') || columns.has('hash')) || !(columns.has('class') || columns.has('exclude'))) {
    throw mismatch("columns 'file' (or 'hash') and 'class'", subject, header.map(quotePath).join(', ') || 'none');
  }
  const byFile = new Map(labelling.pictures.map((one) => [one.file, one]));
  const byHash = new Map(labelling.pictures.map((one) => [one.hash, one]));
  const cell = ({ cells }: Row, column: Column): string => {
    const at = columns.get(column);
    return at === undefined ? '' : (cells[at] ?? '');
  };
  return rows.flatMap((row): [Suggestion, Choice][] => {
    const excluded = !/^(|0|no|false)$/i.test(cell(row, 'exclude'));
    const name = cell(row, 'class');
    if (!excluded && name === '') return [];
    const [hash, file] = [cell(row, 'hash'), cell(row, 'file')];
    const picture = byHash.get(hash) ?? byFile.get(file);
    const line = `line ${row.line} of ${subject}`;
    if (!picture) throw invalid('a picture of the pool', line, file || hash, 'Name files as fovea label --json does');
    if (!excluded && !labelling.classNames.includes(name)) {
      throw invalid(`one of the classes ${labelling.classNames.slice(0, 12).join(', ')}`, line, name);
    }
    return [[picture, excluded ? 'exclude' : { class: name }]];
  });
}

function readRows(text: string, path: string, subject: string): { header: readonly string[]; rows: readonly Row[] } {
  if (/\.(jsonl|ndjson)$/i.test(path)) return parseJsonLines(text, subject);
  const first = text.slice(0, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n'));
  const delimiter = first.includes('\t') ? '\t' : first.includes(';') && !first.includes(',') ? ';' : ',';
  const [header, ...rows] = parseDelimited(text, delimiter, subject);
  return { header: header?.cells ?? [], rows };
}
