import type { ReactNode } from 'react';
import type { TableFigure } from '../../core/workbench/course/figure.ts';
import { ScrollRegion } from '../parts/scroll-region.tsx';

/** A number, with a unit or without, or none. */
const amount = /^([−-]?\d[\d,.]*( (%|s|ms|pixels?|places?))?|–|)$/;
/** Within so few letters no line breaks. */
const short = 12;

/** Columns of amounts stand at the right, so that their digits lie beneath each other; the first column names its rows. */
export function TableDrawing({ figure: { columns, rows, title } }: { readonly figure: TableFigure }): ReactNode {
  const classes = columns.map((_, c) => (c > 0 && rows.every((row) => amount.test(row[c])) ? 'number' : undefined));
  return (
    <ScrollRegion label={title}>
      <table>
        <thead>
          <tr>
            {columns.map((name, c) => (
              <th scope="col" key={name} className={classes[c]}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, r) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows may repeat.
            <tr key={r}>
              {row.map((text, c) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: so may cells.
                <td key={c} className={classes[c] ?? (text.length <= short ? 'unbroken' : undefined)}>
                  {text}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}
