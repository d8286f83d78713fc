import { type HTMLAttributes, type KeyboardEvent, type PointerEvent, type TdHTMLAttributes, useRef } from 'react';
import type { NumbersFigure } from '../../core/workbench/course/figure.ts';
import { arrowSteps } from '../parts/arrow-steps.ts';

/** What the place of a number sets, by the name of the option. */
export type PlaceValues = Readonly<Record<string, number>>;

/** Whoever draws a figure whose numbers have places tells where a person points and which place they keep. */
export interface HearPlaces {
  /** Undefined: the pointer has left. */
  point(values: PlaceValues | undefined): void;
  keep(values: PlaceValues): void;
}

interface Places {
  readonly grid: HTMLAttributes<HTMLTableElement> & { readonly 'aria-label': string };
  cell(row: number, column: number): TdHTMLAttributes<HTMLTableCellElement>;
}

/**
 * What the cells of a grid need in order to be pointed at, clicked and walked through by the arrow keys; undefined for
 * figures whose numbers have no places. One cell is in the order of the Tab key: the one that stands.
 */
export function usePlaces(figure: NumbersFigure, hear: HearPlaces | undefined): Places | undefined {
  const { places, window, title, values } = figure;
  const table = useRef<HTMLTableElement>(null);
  if (!places || !hear) return undefined;
  const at = (row: number, column: number): PlaceValues => ({ [places.row]: row, [places.column]: column });
  const stands = { row: window?.row ?? 0, column: window?.column ?? 0 };
  const walk = (event: KeyboardEvent, row: number, column: number): void => {
    const step = arrowSteps[event.key];
    if (!step) return;
    event.preventDefault();
    const [nextRow, nextColumn] = [row + step[0], column + step[1]];
    if (values[nextRow]?.[nextColumn] === undefined) return;
    table.current?.rows[nextRow].cells[nextColumn].focus();
    hear.keep(at(nextRow, nextColumn));
  };
  return {
    grid: {
      ref: table,
      role: 'grid',
      'aria-label': title,
      onPointerLeave: () => hear.point(undefined),
    } as Places['grid'],
    cell: (row, column) => ({
      role: 'gridcell',
      tabIndex: row === stands.row && column === stands.column ? 0 : -1,
      'aria-selected': row === stands.row && column === stands.column,
      onKeyDown: (event) => walk(event, row, column),
      onClick: () => hear.keep(at(row, column)),
      onPointerEnter: ({ pointerType }: PointerEvent) => {
        // A finger does not hover: it keeps what it touches.
        if (pointerType !== 'touch') hear.point(at(row, column));
      },
    }),
  };
}
