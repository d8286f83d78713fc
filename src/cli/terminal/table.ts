import { type Ink, widthOf } from './terminal.ts';

/** One column: its title and on which side its cells stand. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** A wider cell does not widen the column; it stands whole and moves the rest of its own row only. */
  readonly limit?: number;
}

/** Narrower than this, a last column is not broken but left to the terminal. */
const narrowest = 16;

/**
 * A table with aligned columns, two spaces between them, and a rule under the titles; one string a line.
 * @param within Characters of a line: text in a last column that would go beyond is broken at spaces. Default: no limit.
 */
export function table(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  within = Number.POSITIVE_INFINITY,
): string[] {
  const widths = columns.map((column, c) =>
    rows.reduce((widest, row) => {
      const width = widthOf(row[c] ?? '');
      return width <= (column.limit ?? Infinity) ? Math.max(widest, width) : widest;
    }, widthOf(column.title)),
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, c) => {
        const space = ' '.repeat(Math.max(0, widths[c] - widthOf(cell)));
        return columns[c].align === 'right' ? space + cell : cell + space;
      })
      .join('  ')
      .trimEnd();
  const last = columns.length - 1;
  const before = widths.slice(0, last).reduce((sum, width) => sum + width + 2, 0);
  const room = within - before;
  const breaks = columns[last].align !== 'right' && room >= narrowest && widths[last] > room;
  if (breaks) widths[last] = room;
  const broken = (row: readonly string[]): string[] => {
    if (!breaks || widthOf(row[last] ?? '') <= room) return [line(row)];
    const [first, ...rest] = wrap(row[last], room);
    return [line([...row.slice(0, last), first]), ...rest.map((text) => ' '.repeat(before) + text)];
  };
  return [line(columns.map((c) => c.title)), widths.map((w) => '─'.repeat(w)).join('  '), ...rows.flatMap(broken)];
}

/** Text broken at spaces, but not between a number and `%`, so that no line is longer than `columns`; later lines indented. */
export function wrap(text: string, columns: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/ (?!%)/)) {
    if (line !== '' && widthOf(line) + 1 + widthOf(word) > columns) {
      lines.push(line);
      line = indent + word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines;
}

/** What belongs together as title and value, a pair a line; long values go on under their beginning. Values of no control characters. */
export function pairLines(
  pairs: readonly (readonly [title: string, value: string])[],
  { columns, paint }: { readonly columns: number; readonly paint: (ink: Ink, text: string) => string },
): string[] {
  const width = Math.max(...pairs.map(([title]) => widthOf(title))) + 2;
  return pairs.flatMap(([title, value]) =>
    wrap(value, Math.max(20, columns - 2 - width)).map(
      (line, i) => (i === 0 ? paint('faint', title.padEnd(width)) : ' '.repeat(width)) + line,
    ),
  );
}
