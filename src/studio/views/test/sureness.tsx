import { lazy, type ReactNode, Suspense } from 'react';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { ReliabilityDiagram } from '../../charts/reliability-diagram.tsx';
import { Term } from '../../parts/term.tsx';
import { useWords } from '../../words/use-words.tsx';

// Comes with its library, which the matrix does not need.
const CurveChart = lazy(async () => ({ default: (await import('../../charts/curve-chart.tsx')).CurveChart }));

/** How far its probabilities can be trusted, and what comes of answering only when sure. */
export function Sureness({ result }: { readonly result: ResultOf<'test.run'> }): ReactNode {
  const { t, numbers } = useWords();
  const { reliability, calibration, coverage, rejection, accuracy } = result;
  const { temperature, ece } = calibration;
  const tempered = temperature !== 1;
  const answered = reliability.reduce((sum, { count }) => sum + count, 0) || 1;
  const sure = reliability.reduce((sum, { count, confidence = 0 }) => sum + count * confidence, 0) / answered;
  const error = numbers.percent(ece.after, 2);
  const half = coverage.find((point) => point.coverage >= 0.5);
  const summary = [
    t('test.sure', { sure: numbers.percent(sure), right: numbers.percent(accuracy) }),
    tempered
      ? t('test.tempered', { temperature: numbers.rate(temperature), before: numbers.percent(ece.before, 2), error })
      : t('test.untempered', { error }),
  ].join(' ');
  return (
    <section>
      <h2>
        <Term name="calibration">{t('test.sureness')}</Term>
      </h2>
      <div className="side-by-side spaced">
        <ReliabilityDiagram
          bins={reliability}
          before={tempered ? calibration.reliabilityBefore : undefined}
          summary={summary}
        />
        {coverage.length > 1 && (
          <Suspense fallback={<p className="quiet-wait">{t('wait.view')}</p>}>
            <CurveChart
              curves={[
                {
                  name: t('test.accuracy'),
                  ink: 'val',
                  x: coverage.map((point) => point.coverage),
                  y: coverage.map((point) => point.accuracy),
                },
              ]}
              fractions
              height={300}
              xName={t('test.coverage')}
              xEnd={1}
              summary={t('test.coverageText', {
                all: numbers.percent(accuracy),
                share: numbers.percent(half?.coverage ?? 1, 0),
                half: numbers.percent(half?.accuracy ?? accuracy),
              })}
              write={(value) => numbers.percent(value)}
              writeX={(value) => numbers.percent(value, 0)}
            />
          </Suspense>
        )}
      </div>
      {rejection && (
        <p className="prose spaced">
          {t('test.rejection', {
            threshold: numbers.percent(rejection.threshold),
            coverage: numbers.percent(rejection.coverage),
            accuracy: numbers.percent(rejection.accuracy),
          })}
        </p>
      )}
    </section>
  );
}
