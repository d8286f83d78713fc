import { widthOf } from './terminal.ts';

/** One column: its title and on which side its cells stand. */
export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /** A wider cell does not widen the column; it stands whole and moves the rest of its own row only. */
  readonly limit?: number;
}

/** A table with aligned columns, two spaces between them, and a rule under the titles; one string a line. */
export function table(columns: readonly Column[], rows: readonly (readonly string[])[]): string[] {
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
  return [
    line(columns.map((c) => c.title)),
    widths.map((w) => '─'.repeat(w)).join('  '),
    ...rows.map((row) => line(row)),
  ];
}

/** Text broken at spaces so that no line is longer than `columns`, later lines indented. */
export function wrap(text: string, columns: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
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
