import { type CSSProperties, type KeyboardEvent, type ReactNode, useRef } from 'react';
import { arrowSteps } from '../parts/arrow-steps.ts';
import { useWords } from '../words/use-words.tsx';

interface ConfusionMatrixProps {
  readonly classNames: readonly string[];
  /** [true class][predicted class], pictures. */
  readonly counts: readonly (readonly number[])[];
  readonly chosen?: readonly [row: number, column: number];
  onChoose(row: number, column: number): void;
}

/** Rows are true classes, columns predicted ones. Each cell opens its pictures; arrow keys go from cell to cell. */
export function ConfusionMatrix({ classNames, counts, chosen, onChoose }: ConfusionMatrixProps): ReactNode {
  const { t, numbers } = useWords();
  const table = useRef<HTMLTableElement>(null);
  const [entryRow, entryColumn] = chosen ?? [0, 0];
  const move = (event: KeyboardEvent, row: number, column: number): void => {
    const step = arrowSteps[event.key];
    if (!step) return;
    const next = table.current?.querySelector<HTMLButtonElement>(`[data-cell="${row + step[0]},${column + step[1]}"]`);
    if (!next) return;
    event.preventDefault();
    next.focus();
  };
  return (
    <div className="scroll">
      <table className="confusion" ref={table}>
        <caption className="heard">{t('confusion.caption')}</caption>
        <thead>
          <tr>
            <th scope="col">{t('confusion.corner')}</th>
            {classNames.map((name) => (
              <th scope="col" key={name}>
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {counts.map((cells, row) => {
            const total = cells.reduce((sum, count) => sum + count, 0);
            return (
              <tr key={classNames[row]}>
                <th scope="row">{classNames[row]}</th>
                {cells.map((count, column) => {
                  const share = {
                    '--share': total > 0 ? count / total : 0,
                    '--ink-of': row === column ? 'var(--train)' : 'var(--val)',
                  };
                  return (
                    <td key={classNames[column]}>
                      <button
                        type="button"
                        className={count === 0 ? 'none' : undefined}
                        style={share as CSSProperties}
                        data-cell={`${row},${column}`}
                        tabIndex={row === entryRow && column === entryColumn ? 0 : -1}
                        aria-pressed={chosen?.[0] === row && chosen[1] === column}
                        aria-label={t('confusion.cell', {
                          count: numbers.count(count),
                          truth: classNames[row],
                          predicted: classNames[column],
                        })}
                        onKeyDown={(event) => move(event, row, column)}
                        onClick={() => onChoose(row, column)}
                      >
                        {numbers.count(count)}
                      </button>
                    </td>
                  );
                })}
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
