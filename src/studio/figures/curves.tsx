import { type ReactNode, useMemo } from 'react';
import type { CurvesFigure } from '../../core/workbench/course/figure.ts';
import { type Curve, CurveChart } from '../charts/curve-chart.tsx';
import { useWords } from '../words/use-words.tsx';

export function CurvesDrawing({ figure }: { readonly figure: CurvesFigure }): ReactNode {
  const { numbers } = useWords();
  const { series, marks = [], x, words } = figure;
  const curves = useMemo(
    () =>
      series.map(({ name, role, points }, i): Curve => {
        const rising = [...points].sort((a, b) => a[0] - b[0]);
        return {
          name,
          ink: role ?? i,
          x: rising.map((point) => point[0]),
          y: rising.map((point) => point[1]),
          dots: points.length <= 30,
          dashed: role === undefined && i % 2 === 1,
        };
      }),
    [series],
  );
  const whole = series.every(({ points }) => points.every(([at]) => Number.isInteger(at)));
  const [mark] = marks;
  const marked = mark && (curves.find(({ ink }) => ink === 'val') ?? curves[0]);
  const at = marked?.x.findIndex((value) => value >= mark.x) ?? -1;
  return (
    <>
      <CurveChart
        curves={curves}
        summary={words}
        xName={x}
        yName={figure.y}
        fractions={!whole}
        height={260}
        best={marked && at >= 0 ? { x: marked.x[at], y: marked.y[at], name: mark.label } : undefined}
        write={numbers.rate}
        writeX={numbers.rate}
      />
      {marks.length > 1 && (
        <p className="small soft">
          {marks.map(({ x: place, label }) => `${label}: ${numbers.rate(place)}`).join(' · ')}
        </p>
      )}
    </>
  );
}
