import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { Choices } from '../../controls/choices.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { useWords } from '../../words/use-words.tsx';

const CurveChart = lazy(async () => ({ default: (await import('../../charts/curve-chart.tsx')).CurveChart }));

type Tested = NonNullable<ResultOf<'test.run'>['robustness']>;

/** How accuracy falls as pictures are moved, turned, blurred; a curve a model. */
export function Robustness({ tested }: { readonly tested: Tested }): ReactNode {
  const { t, tell, numbers } = useWords();
  const names = tested[0]?.curves.map(({ name }) => name) ?? [];
  const [chosen, choose] = useState(names[0]);
  const first = tested[0]?.curves.find(({ name }) => name === chosen);
  if (!first) return null;
  const worst = first.points.reduce((low, point) => (point.accuracy < low.accuracy ? point : low));
  return (
    <section>
      <h2>
        <Glossed text={t('test.robustness')} />
      </h2>
      <div className="spaced">
        <Choices
          label={t('test.disturbance')}
          value={chosen}
          choices={names.map((name) => ({ value: name, label: name }))}
          onChange={choose}
        />
      </div>
      <Suspense fallback={<p className="quiet-wait">{t('wait.view')}</p>}>
        <CurveChart
          key={chosen}
          curves={tested.map(({ run, curves }, i) => {
            const points = curves.find(({ name }) => name === chosen)?.points ?? [];
            return {
              name: run,
              ink: tested.length === 1 ? ('val' as const) : i,
              x: points.map(({ level }) => level),
              y: points.map(({ accuracy }) => accuracy),
              dots: true,
              dashed: i % 2 === 1,
            };
          })}
          fractions
          height={260}
          xName={first.unit}
          summary={`${tell(first.doc) ?? first.doc} ${t('test.lowest', {
            accuracy: numbers.percent(worst.accuracy),
            low: numbers.percent(worst.interval[0]),
            high: numbers.percent(worst.interval[1]),
            level: numbers.rate(worst.level),
            unit: first.unit,
          })}`}
          write={(value) => numbers.percent(value)}
          writeX={numbers.rate}
        />
      </Suspense>
    </section>
  );
}
