import type { ReactNode } from 'react';
import type { BarsFigure } from '../../core/workbench/course/figure.ts';
import { useWords } from '../words/use-words.tsx';

/** Bars from a common zero, with the interval of a value as a line over its bar. */
export function BarsDrawing({ figure: { bars, unit, title } }: { readonly figure: BarsFigure }): ReactNode {
  const { numbers } = useWords();
  const ends = bars.flatMap(({ value, interval }) => [value, ...(interval ?? [])]);
  const low = Math.min(0, ...ends);
  const high = Math.max(0, ...ends);
  const place = (value: number): number => (100 * (value - low)) / (high - low || 1);
  const span = (from: number, to: number) => ({
    left: `${Math.min(place(from), place(to))}%`,
    width: `${Math.abs(place(to) - place(from))}%`,
  });
  return (
    <table className="bars spans" aria-label={title}>
      <tbody>
        {bars.map(({ name, value, interval }) => (
          <tr key={name}>
            <th scope="row" title={name}>
              {name}
            </th>
            <td className="number">
              {Number.isInteger(value) ? numbers.count(value) : numbers.rate(value)} {unit}
              {interval && (
                <span className="small soft">
                  {' '}
                  {numbers.rate(interval[0])}–{numbers.rate(interval[1])}
                </span>
              )}
            </td>
            <td className="bar">
              <span className="ground">
                <i className={value < 0 ? 'below' : 'above'} style={span(0, value)} />
                {interval && <i className="interval" style={span(...interval)} />}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
