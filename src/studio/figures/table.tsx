import type { ReactNode } from 'react';
import type { TableFigure } from '../../core/workbench/course/figure.ts';
import { ScrollRegion } from '../parts/scroll-region.tsx';

export const TableDrawing = ({ figure: { columns, rows, title } }: { readonly figure: TableFigure }): ReactNode => (
  <ScrollRegion label={title}>
    <table>
      <thead>
        <tr>
          {columns.map((name) => (
            <th scope="col" key={name}>
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
              <td key={c}>{text}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </ScrollRegion>
);
