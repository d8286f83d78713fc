import type { ReactNode } from 'react';
import { diverging, viridis } from '../../core/explain/draw/colours.ts';
import type { NumbersFigure } from '../../core/workbench/course/figure.ts';
import { ScrollRegion } from '../parts/scroll-region.tsx';
import { useWords } from '../words/use-words.tsx';
import { type HearPlaces, usePlaces } from './use-places.ts';

interface NumbersDrawingProps {
  readonly figure: NumbersFigure;
  readonly places?: HearPlaces;
}

/** A grid of numbers as a picture: each cell has its number and its colour; a window is framed. */
export function NumbersDrawing({ figure, places: hear }: NumbersDrawingProps): ReactNode {
  const { t } = useWords();
  const { values, scale, decimals, window, title, names } = figure;
  const places = usePlaces(figure, hear);
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
  // A zero has no sign.
  const written = (value: number): string => value.toFixed(decimals).replace(/^-(0(?:\.0*)?)$/, '$1');
  const widest = Math.max(...values.flat().map((value) => written(value).length));
  const grid = (
    <table className="grid-numbers" style={{ '--digits': widest } as React.CSSProperties} {...places?.grid}>
      {names && (
        <thead>
          <tr>
            <td />
            {names.columns.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
      )}
      <tbody>
        {values.map((row, r) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows are places.
          <tr key={r}>
            {names && <th scope="row">{names.rows[r]}</th>}
            {row.map((value, c) => {
              const [red, green, blue] = colourOf(value);
              const light = luminance(red, green, blue) > 0.179;
              return (
                <td
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns are places.
                  key={c}
                  className={edgesOf(window, r, c)}
                  style={{ background: `rgb(${red} ${green} ${blue})`, color: light ? '#000' : '#fff' }}
                  {...places?.cell(r, c)}
                >
                  {written(value)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
  if (!places) return <ScrollRegion label={title}>{grid}</ScrollRegion>;
  // Its cells are reached by keyboard, and what has the focus scrolls into sight.
  return (
    <>
      <div className="scroll">{grid}</div>
      <p className="small soft">{t('course.point')}</p>
    </>
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

/** Relative luminance as WCAG 2 defines it: above 0.179 black has the better contrast, below it white. */
function luminance(...colour: readonly [number, number, number]): number {
  const [red, green, blue] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
