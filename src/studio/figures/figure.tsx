import type { ReactNode } from 'react';
import type { Figure } from '../../core/workbench/course/figure.ts';
import { BarsDrawing } from './bars.tsx';
import { CurvesDrawing } from './curves.tsx';
import { NumbersDrawing } from './numbers.tsx';
import { PicturesDrawing } from './pictures.tsx';
import { TableDrawing } from './table.tsx';
import type { HearPlaces } from './use-places.ts';

/** THE LIST of drawings: one for each kind of figure that an experiment gives. */
const drawings = {
  curves: CurvesDrawing,
  bars: BarsDrawing,
  pictures: PicturesDrawing,
  numbers: NumbersDrawing,
  table: TableDrawing,
} as const satisfies { readonly [Kind in Figure['kind']]: (props: never) => ReactNode };

interface DrawingProps {
  readonly figure: Figure;
  /** Told of numbers that are pointed at, where they have places. */
  readonly places?: HearPlaces;
}

/** A figure with its title and the sentence that says what it shows. */
function FigureBlock({ figure, places }: DrawingProps): ReactNode {
  const Drawing = drawings[figure.kind] as (props: DrawingProps) => ReactNode;
  return (
    <figure className={`figure-block of-${figure.kind}`}>
      <h4>{figure.title}</h4>
      <Drawing figure={figure} places={places} />
      {/* A chart of curves says it itself. */}
      {figure.kind !== 'curves' && <figcaption>{figure.words}</figcaption>}
    </figure>
  );
}

interface FiguresProps {
  readonly figures: readonly Figure[] | undefined;
  readonly places?: HearPlaces;
}

/** All figures of an experiment, side by side where they fit. */
export const Figures = ({ figures = [], places }: FiguresProps): ReactNode => (
  <div className="figures">
    {figures.map((figure, i) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a figure is followed by its place while controls change it.
      <FigureBlock key={`${i} ${figure.kind}`} figure={figure} places={places} />
    ))}
  </div>
);
