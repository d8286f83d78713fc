import type { ReactNode } from 'react';
import { diverging, viridis } from '../../core/explain/draw/colours.ts';
import type { NumbersFigure } from '../../core/workbench/course/figure.ts';
import { ScrollRegion } from '../parts/scroll-region.tsx';

/** A grid of numbers as a picture: each cell has its number and its colour; a window is framed. */
export function NumbersDrawing({ figure }: { readonly figure: NumbersFigure }): ReactNode {
  const { values, scale, decimals, window, title } = figure;
  const all = values.flat().filter(Number.isFinite);
  const low = Math.min(...all);
  const high = Math.max(...all);
  const most = Math.max(Math.abs(low), Math.abs(high)) || 1;
  const colourOf = (value: number): readonly [number, number, number] => {
    if (scale === 'grey') {
      const grey = Math.max(0, Math.min(255, Math.round(value)));
      return [grey, grey, grey];
    }
    return scale === 'diverging' ? diverging(value / most) : viridis(high > low ? (value - low) / (high - low) : 0);
  };
  const widest = Math.max(...values.flat().map((value) => value.toFixed(decimals).length));
  return (
    <ScrollRegion label={title}>
      <table className="grid-numbers" style={{ '--digits': widest } as React.CSSProperties}>
        <tbody>
          {values.map((row, r) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: rows are places.
            <tr key={r}>
              {row.map((value, c) => {
                const [red, green, blue] = colourOf(value);
                const light = 0.299 * red + 0.587 * green + 0.114 * blue > 140;
                return (
                  <td
                    // biome-ignore lint/suspicious/noArrayIndexKey: columns are places.
                    key={c}
                    className={edgesOf(window, r, c)}
                    style={{ background: `rgb(${red} ${green} ${blue})`, color: light ? '#000' : '#fff' }}
                  >
                    {value.toFixed(decimals)}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

/** Which edges of the window a cell lies at. */
function edgesOf(window: NumbersFigure['window'], r: number, c: number): string | undefined {
  if (!window) return undefined;
  const { row, column, rows, columns } = window;
  if (r < row || r >= row + rows || c < column || c >= column + columns) return undefined;
  return [
    'within',
    r === row ? 'top' : '',
    r === row + rows - 1 ? 'bottom' : '',
    c === column ? 'left' : '',
    c === column + columns - 1 ? 'right' : '',
  ]
    .filter(Boolean)
    .join(' ');
}
