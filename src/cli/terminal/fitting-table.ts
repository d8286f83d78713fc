import { type Column, table } from './table.ts';
import { widthOf } from './terminal.ts';

/** A column that may be left out where there is no room, the highest `spare` first. */
export type SpareColumn = Column & { readonly spare?: number };

/** Shorter than this the first column is not cut. */
const leastFirst = 16;

/**
 * A table no wider than `columns`: columns that can be spared go first, then cells of the first column lose their
 * beginnings, since names of a folder differ at their ends.
 */
export function fittingTable(
  titles: readonly SpareColumn[],
  rows: readonly (readonly string[])[],
  columns: number,
): string[] {
  let kept = titles.map((_, i) => i);
  const draw = (first: (cell: string) => string = (cell) => cell): string[] =>
    table(
      kept.map((i) => titles[i]),
      rows.map((row) => kept.map((i) => (i === 0 ? first(row[0]) : (row[i] ?? '')))),
    );
  const widest = (lines: readonly string[]): number => Math.max(...lines.map(widthOf));
  let lines = draw();
  const spares = titles
    .map(({ spare = 0 }, i) => ({ spare, i }))
    .filter(({ spare }) => spare > 0)
    .sort((a, b) => b.spare - a.spare);
  for (const { i } of spares) {
    if (widest(lines) <= columns) return lines;
    kept = kept.filter((one) => one !== i);
    lines = draw();
  }
  const over = widest(lines) - columns;
  if (over <= 0) return lines;
  const longest = Math.max(...rows.map((row) => widthOf(row[0])));
  const limit = Math.max(leastFirst, longest - over);
  return draw((cell) => cutBeginning(cell, limit));
}

/** `…photos-vgg6-bn-12`, at most `limit` wide. */
export function cutBeginning(text: string, limit: number): string {
  if (widthOf(text) <= limit) return text;
  const letters = [...text];
  while (letters.length > 0 && widthOf(letters.join('')) > limit - 1) letters.shift();
  return `…${letters.join('')}`;
}
