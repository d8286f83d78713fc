import type { Picture } from '../../image/picture.ts';

interface FigureBase {
  readonly title: string;
  /** One or two sentences that say what it shows, with its numbers: for whoever cannot see it, and for all others. */
  readonly words: string;
}

/** A line of a chart. Train and val have the same two colours on every chart of the product. */
export interface Series {
  readonly name: string;
  readonly role?: 'train' | 'val';
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Lines over a common axis. */
export interface CurvesFigure extends FigureBase {
  readonly kind: 'curves';
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
  /** Places on the x axis with a name, such as the best epoch. */
  readonly marks?: readonly { readonly x: number; readonly label: string }[];
}

/** Named amounts. */
export interface BarsFigure extends FigureBase {
  readonly kind: 'bars';
  readonly unit: string;
  readonly bars: readonly {
    readonly name: string;
    readonly value: number;
    readonly interval?: readonly [number, number];
  }[];
}

/** Pictures with words beneath, in rows. */
export interface PicturesFigure extends FigureBase {
  readonly kind: 'pictures';
  readonly columns: number;
  readonly pictures: readonly { readonly picture: Picture; readonly caption: string }[];
}

/**
 * Numbers laid out as a picture is: [rows][columns]. `diverging` marks zero, `sequential` runs from the least to the most,
 * `grey` from 0 to 255.
 */
export interface NumbersFigure extends FigureBase {
  readonly kind: 'numbers';
  readonly values: readonly (readonly number[])[];
  readonly scale: 'grey' | 'diverging' | 'sequential';
  readonly decimals: number;
  /** A window that is drawn around some of them. */
  readonly window?: { readonly row: number; readonly column: number; readonly rows: number; readonly columns: number };
  /** What rows and columns are called, where they are more than places. */
  readonly names?: { readonly rows: readonly string[]; readonly columns: readonly string[] };
  /** Which options of the experiment the place of a number sets: whoever points at one sees what it was made from. */
  readonly places?: { readonly row: string; readonly column: string };
}

export interface TableFigure extends FigureBase {
  readonly kind: 'table';
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/**
 * What an experiment shows, as numbers: the terminal, the page and a printed sheet each draw the six kinds in their own
 * way, and no lesson draws anything itself.
 */
export type Figure = CurvesFigure | BarsFigure | PicturesFigure | NumbersFigure | TableFigure;
