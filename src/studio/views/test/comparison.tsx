import type { ReactNode } from 'react';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { Glossed } from '../../glossary/glossed.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { useWords } from '../../words/use-words.tsx';

/** Other runs on the same pictures, and pictures of another kind. */
export function Comparison({ result }: { readonly result: ResultOf<'test.run'> }): ReactNode {
  const { t, numbers } = useWords();
  const { others, foreign } = result;
  return (
    <>
      {others.length > 0 && (
        <section>
          <h2>{t('test.compared')}</h2>
          <p className="soft prose">{t('test.comparedText')}</p>
          <ScrollRegion label={t('test.compared')} className="spaced">
            <table>
              <thead>
                <tr>
                  <th scope="col">
                    <Glossed text={t('runs.run')} />
                  </th>
                  <th scope="col" className="number">
                    {t('test.accuracy')}
                  </th>
                  <th scope="col">{t('test.difference')}</th>
                  <th scope="col" className="number">
                    {t('test.onlyThis')}
                  </th>
                  <th scope="col" className="number">
                    {t('test.onlyOther')}
                  </th>
                  <th scope="col" className="number">
                    p
                  </th>
                </tr>
              </thead>
              <tbody>
                {others.map(({ run, accuracy, comparison }) => (
                  <tr key={run}>
                    <th scope="row" className="break">
                      {run}
                    </th>
                    <td className="number">{numbers.percent(accuracy)}</td>
                    <td>
                      {numbers.points(comparison.difference)} ({numbers.points(comparison.interval[0])} –{' '}
                      {numbers.points(comparison.interval[1])}) ·{' '}
                      {comparison.midP < 0.05 ? t('test.surely') : t('test.chance')}
                    </td>
                    <td className="number">{numbers.count(comparison.onlyFirst)}</td>
                    <td className="number">{numbers.count(comparison.onlySecond)}</td>
                    <td className="number">{numbers.rate(comparison.midP)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </ScrollRegion>
        </section>
      )}
      {foreign && (
        <section>
          <h2>
            <Glossed text={t('test.foreign')} />
          </h2>
          <p className="prose">
            {t('test.foreignText', {
              name: foreign.name,
              auroc: numbers.percent(foreign.auroc),
              low: numbers.percent(foreign.interval[0]),
              high: numbers.percent(foreign.interval[1]),
              alarms: numbers.percent(foreign.falseAlarms),
            })}
          </p>
        </section>
      )}
    </>
  );
}
