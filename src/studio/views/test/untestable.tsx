import type { ReactNode } from 'react';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { useAnswer, useClient, useDoing } from '../../client/use-client.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { goTo } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';

/** A run whose data had no test part: why that is so, and the two steps to one that can be tested. */
export function Untestable({ run }: { readonly run: ResultOf<'run.list'>['runs'][number] }): ReactNode {
  const { t, n, numbers } = useWords();
  const client = useClient();
  const doing = useDoing();
  const { dataId: data, epochs } = run;
  const split = useAnswer('split.show', data === undefined ? undefined : { data }).value;
  const aside = split?.parts.test?.count ?? 0;
  const again = (): void =>
    void doing.run(async () => {
      const { description } = await client.ask('run.show', { run: run.run });
      const { modelName, model, epochs: as, seed } = description.recipe;
      const begun = await client.begin('train.start', {
        data: data as string,
        model: { ...model, name: modelName },
        epochs: as,
        seed,
      });
      goTo({ view: 'train', path: ['job', begun.id], query: {} });
    });
  return (
    <section className="card">
      <h2>{t('untestable.title')}</h2>
      <p className="prose">{t('untestable.text', { data: run.data ?? '?' })}</p>
      {doing.error && <Trouble message={doing.error.message} mend={doing.error.mend} />}
      {data === undefined ? (
        <p className="prose soft">{t('untestable.gone')}</p>
      ) : (
        <>
          <p className="prose soft">
            {aside > 0 ? t('untestable.aside', { count: numbers.count(aside) }) : t('untestable.mend')}
          </p>
          <div className="row spaced">
            {aside === 0 ? (
              <Link className="button first" to={{ view: 'data', path: [data], query: { as: 'split' } }}>
                {t('untestable.split')}
              </Link>
            ) : (
              <button type="button" className="button first" disabled={doing.busy} onClick={again}>
                {n('train.begin', epochs ?? 0)}
              </button>
            )}
          </div>
        </>
      )}
    </section>
  );
}
