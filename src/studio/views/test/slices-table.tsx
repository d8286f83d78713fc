import { type ReactNode, useState } from 'react';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { useWords } from '../../words/use-words.tsx';

const fewest = 8;

/** Accuracy on pictures that are alike in one property, the surely worst first. */
export function SlicesTable({ slices }: { readonly slices: ResultOf<'test.run'>['slices'] }): ReactNode {
  const { t, n, numbers } = useWords();
  const [all, setAll] = useState(false);
  if (slices.length === 0) return null;
  const real = slices.filter(({ real: surely }) => surely).length;
  return (
    <section>
      <h2>{t('test.slices')}</h2>
      <p className="soft prose">
        {t('test.slicesText')} {n('test.slicesReal', real)}
      </p>
      <ScrollRegion label={t('test.slices')} className="spaced">
        <table>
          <thead>
            <tr>
              <th scope="col">{t('test.slice')}</th>
              <th scope="col" className="number">
                {t('test.images')}
              </th>
              <th scope="col" className="number">
                {t('test.accuracy')}
              </th>
              <th scope="col" className="number">
                95 %
              </th>
              <th scope="col">{t('test.difference')}</th>
            </tr>
          </thead>
          <tbody>
            {(all ? slices : slices.slice(0, fewest)).map((slice) => (
              <tr key={`${slice.by} ${slice.value}`} className={slice.real ? 'top' : undefined}>
                <th scope="row">
                  {slice.by}: {slice.value}
                </th>
                <td className="number">{numbers.count(slice.images)}</td>
                <td className="number">{numbers.percent(slice.accuracy)}</td>
                <td className="number">
                  {numbers.percent(slice.interval[0])} – {numbers.percent(slice.interval[1])}
                </td>
                <td>
                  {numbers.points(slice.difference)} · {slice.real ? t('test.surely') : t('test.chance')}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {!all && slices.length > fewest && (
        <button type="button" className="button plain" onClick={() => setAll(true)}>
          {n('test.allSlices', slices.length)}
        </button>
      )}
    </section>
  );
}
