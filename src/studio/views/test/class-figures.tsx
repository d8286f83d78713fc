import type { ReactNode } from 'react';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { Glossed } from '../../glossary/glossed.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { useWords } from '../../words/use-words.tsx';

/** How well each class is told from the others. */
export function ClassFigures({ classes }: { readonly classes: ResultOf<'test.run'>['classes'] }): ReactNode {
  const { t, numbers } = useWords();
  return (
    <section>
      <h2>
        <Glossed text={t('test.classes')} />
      </h2>
      <ScrollRegion label={t('test.classes')} className="spaced">
        <table>
          <thead>
            <tr>
              <th scope="col">
                <Glossed text={t('data.class')} />
              </th>
              <th scope="col" className="number">
                <Glossed text={t('test.precision')} />
              </th>
              <th scope="col" className="number">
                <Glossed text={t('test.recall')} />
              </th>
              <th scope="col" className="number">
                F1
              </th>
              <th scope="col" className="number">
                {t('test.images')}
              </th>
            </tr>
          </thead>
          <tbody>
            {classes.map((one) => (
              <tr key={one.class}>
                <th scope="row">{one.class}</th>
                <td className="number">{numbers.percent(one.precision)}</td>
                <td className="number">{numbers.percent(one.recall)}</td>
                <td className="number">{numbers.percent(one.f1)}</td>
                <td className="number">{numbers.count(one.support)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
    </section>
  );
}
