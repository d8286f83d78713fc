import type { ReactNode } from 'react';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { Glossed } from '../../glossary/glossed.tsx';
import { Notes } from '../../parts/notes.tsx';
import { Said } from '../../parts/said.tsx';
import { useWords } from '../../words/use-words.tsx';

/** What data were understood as, and why. */
export function DataFacts({ known }: { readonly known: ResultOf<'data.open'> }): ReactNode {
  const { t, n, numbers } = useWords();
  const { chosen, channels, formats, notes, skipped, understood, doc } = known;
  return (
    <>
      <section>
        <h2>
          <Glossed text={t('data.about')} />
        </h2>
        {doc !== '' && <p className="soft">{doc}</p>}
        <dl className="facts spaced">
          <dt>{t('data.kind')}</dt>
          <dd>{known.kindOfData}</dd>
          <dt>
            <Glossed text={t('data.trainedAt')} />
          </dt>
          <dd>{t('data.pixels', { width: numbers.count(chosen.width), height: numbers.count(chosen.height) })}</dd>
          <dt>{t('data.channels')}</dt>
          <dd>{channels === 1 ? t('data.grey') : t('data.colour')}</dd>
          {formats.length > 0 && (
            <>
              <dt>{t('data.formats')}</dt>
              <dd>{formats.join(', ')}</dd>
            </>
          )}
          {(['train', 'val', 'test'] as const).map((part) => (
            <div className="pair" key={part}>
              <dt>{t(`part.${part}`)}</dt>
              <dd>{numbers.count(known.parts[part]?.count ?? 0)}</dd>
            </div>
          ))}
        </dl>
      </section>
      {understood && (
        <section>
          <h2>{t('data.understood')}</h2>
          <p className="soft">
            <Said text={understood.why} />
          </p>
        </section>
      )}
      {notes.length > 0 && (
        <section>
          <h2>{t('train.notes')}</h2>
          <Notes notes={notes} />
        </section>
      )}
      {skipped.length > 0 && (
        <section>
          <details>
            <summary>{n('data.skipped', skipped.length)}</summary>
            <ul className="notes">
              {skipped.slice(0, 200).map(({ origin, reason }) => (
                <li key={origin}>
                  <b>{origin}</b>: {reason}
                </li>
              ))}
            </ul>
          </details>
        </section>
      )}
    </>
  );
}
