import { mismatch } from '../errors.ts';

/** A row of a table and the line it stands in, from 1. */
export interface Row {
  readonly line: number;
  readonly cells: readonly string[];
}

export type Delimiter = ',' | '\t' | ';' | ' ';

const longestCell = 1 << 20;

/**
 * Splits a table into rows: RFC 4180 with any delimiter, quotes only where the delimiter is `,` or `;` or a tab, any line
 * end. With a space the last word is one cell and all before it the other, as Caffe's and ImageNet's lists are written.
 * Empty lines are left out. @throws FoveaError naming the line where a quote is not closed.
 */
export function parseDelimited(
  text: string,
  delimiter: Delimiter,
  subject: string,
  mostRows = Number.POSITIVE_INFINITY,
): Row[] {
  if (delimiter === ' ') return parseWords(text, mostRows);
  const rows: Row[] = [];
  let line = 1;
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length && rows.length < mostRows) {
    const first = line;
    const cells: string[] = [];
    for (;;) {
      let cell: string;
      if (text[at] === '"') {
        let end = at + 1;
        let quoted = '';
        for (;;) {
          const quote = text.indexOf('"', end);
          if (quote < 0 || quote - at > longestCell)
            throw mismatch('a closing quote', `line ${first} of ${subject}`, 'none');
          quoted += text.slice(end, quote);
          end = quote + 1;
          if (text[end] !== '"') break;
          quoted += '"';
          end++;
        }
        const rest = endOfCell(text, end, delimiter);
        cell = quoted + text.slice(end, rest);
        at = rest;
      } else {
        const end = endOfCell(text, at, delimiter);
        cell = text.slice(at, end);
        at = end;
      }
      for (let i = cell.indexOf('\n'); i >= 0; i = cell.indexOf('\n', i + 1)) line++;
      cells.push(cell.trim());
      if (text[at] !== delimiter) break;
      at++;
    }
    if (text[at] === '\r') at++;
    if (text[at] === '\n') at++;
    line++;
    if (cells.length > 1 || cells[0] !== '') rows.push({ line: first, cells });
  }
  return rows;
}

function endOfCell(text: string, from: number, delimiter: string): number {
  let at = from;
  while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') at++;
  return at;
}

function parseWords(text: string, mostRows: number): Row[] {
  const rows: Row[] = [];
  let line = 0;
  for (const raw of text.replace(/^\ufeff/, '').split(/\r\n|\n|\r/)) {
    line++;
    if (rows.length >= mostRows) break;
    const row = raw.trim();
    if (row === '') continue;
    const space = Math.max(row.lastIndexOf(' '), row.lastIndexOf('\t'));
    rows.push({ line, cells: space < 0 ? [row] : [row.slice(0, space).trim(), row.slice(space + 1)] });
  }
  return rows;
}

/**
 * JSON objects, one a line, as rows under the names that occur. Values that are no text or number become empty cells.
 * @throws FoveaError naming the line that is no JSON object.
 */
export function parseJsonLines(
  text: string,
  subject: string,
  mostRows = Number.POSITIVE_INFINITY,
): { header: string[]; rows: Row[] } {
  const names = new Map<string, number>();
  const rows: Row[] = [];
  let line = 0;
  for (const raw of text.replace(/^\ufeff/, '').split('\n')) {
    line++;
    if (rows.length >= mostRows) break;
    if (raw.trim() === '') continue;
    let value: unknown;
    try {
      value = JSON.parse(raw);
    } catch {
      throw mismatch('a JSON object', `line ${line} of ${subject}`, 'other text');
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw mismatch('a JSON object', `line ${line} of ${subject}`, 'another value');
    const cells: string[] = [];
    for (const [name, content] of Object.entries(value)) {
      if (!names.has(name)) {
        if (names.size >= 1000) throw mismatch('at most 1000 names', subject, 'more');
        names.set(name, names.size);
      }
      const simple = typeof content === 'string' || typeof content === 'number' || typeof content === 'boolean';
      cells[names.get(name)!] = simple ? String(content).trim() : '';
    }
    rows.push({ line, cells: Array.from(cells, (cell) => cell ?? '') });
  }
  return { header: [...names.keys()], rows };
}
