import { table, wrap } from './table.ts';
import { widthOf } from './terminal.ts';

const gap = 2;
const narrowest = 8;

/** Columns of a table whose long cells go on in the next line, so that it is no wider than `room` characters where that is possible. */
export function wrappedTable(titles: readonly string[], rows: readonly (readonly string[])[], room: number): string[] {
  const widths = titles.map((title, c) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[c]))));
  const width = (): number => widths.reduce((sum, one) => sum + one + gap, -gap);
  while (width() > room) {
    const widest = widths.indexOf(Math.max(...widths));
    const second = Math.max(narrowest, ...widths.filter((_, c) => c !== widest));
    const wanted = widths[widest] - (width() - room);
    // No column is narrowed below the next one, before that one is too.
    const next = Math.max(narrowest, wanted, Math.min(second, widths[widest] - 1));
    if (next >= widths[widest]) break;
    widths[widest] = next;
  }
  const lines = rows.flatMap((row) => {
    const cells = row.map((text, c) => (widthOf(text) > widths[c] ? wrap(text, widths[c]) : [text]));
    const height = Math.max(...cells.map((cell) => cell.length));
    return Array.from({ length: height }, (_, l) => cells.map((cell) => cell[l] ?? ''));
  });
  return table(
    titles.map((title) => ({ title })),
    lines,
  );
}
