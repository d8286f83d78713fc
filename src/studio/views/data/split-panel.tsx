import { type ReactNode, useEffect, useState } from 'react';
import { changed, useAnswer, useJob } from '../../client/use-client.tsx';
import { OptionField } from '../../controls/option-form.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { Progress } from '../../parts/progress.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';

const parts = ['train', 'val', 'test'] as const;
const share = { type: 'number', minimum: 0, maximum: 0.9, optional: true } as const;

/** How pictures are dealt out to train, val and test, and whether that is written down. */
export function SplitPanel({
  data,
  classNames,
}: {
  readonly data: string;
  readonly classNames: readonly string[];
}): ReactNode {
  const { t, n, numbers } = useWords();
  const shown = useAnswer('split.show', { data });
  const make = useJob('split.make');
  const [wanted, setWanted] = useState<{ val?: number; test?: number; seed?: number }>({
    val: 0.15,
    test: 0.15,
    seed: 1,
  });
  useEffect(() => {
    if (make.result) changed();
  }, [make.result]);
  const split = shown.value?.split;
  const own = shown.value?.own ?? [];
  /** What can be chosen: of parts that the data bring nothing is dealt out. */
  const chosen = Object.fromEntries(Object.entries(wanted).filter(([name]) => !own.some((part) => part === name)));
  const error = shown.error ?? make.error;
  return (
    <div className="stack wide">
      {error && <Trouble message={error.message} mend={error.mend} />}
      <section className="card">
        <h2>{split ? t('split.locked') : t('split.open')}</h2>
        <p className="prose soft">
          {split
            ? t('split.lockedText', { hash: split.hash.slice(0, 16), seed: String(split.seed) })
            : t('split.openText')}
        </p>
        {split && (split.fresh > 0 || split.left > 0) && (
          <p className="prose is-warning">
            {split.fresh > 0 && n('split.fresh', split.fresh)} {split.left > 0 && n('split.left', split.left)}
          </p>
        )}
      </section>
      {shown.value && (
        <ScrollRegion label={t('split.table')}>
          <table>
            <thead>
              <tr>
                <th scope="col">
                  <Glossed text={t('data.class')} />
                </th>
                {parts.map((part) => (
                  <th scope="col" className="number" key={part}>
                    {t(`part.${part}`)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {classNames.map((name, label) => (
                <tr key={name}>
                  <th scope="row">{name}</th>
                  {parts.map((part) => (
                    <td className="number" key={part}>
                      {numbers.count(shown.value?.parts[part]?.classCounts[label] ?? 0)}
                    </td>
                  ))}
                </tr>
              ))}
              <tr className="top">
                <th scope="row">{t('data.all')}</th>
                {parts.map((part) => (
                  <td className="number" key={part}>
                    {numbers.count(shown.value?.parts[part]?.count ?? 0)}
                  </td>
                ))}
              </tr>
            </tbody>
          </table>
        </ScrollRegion>
      )}
      <section className="form">
        <h2>{split ? t('split.anew') : t('split.make')}</h2>
        {own.length > 0 && <p className="prose soft told">{t('split.own', { parts: own.join(', ') })}</p>}
        {!own.includes('val') && (
          <OptionField
            name="val"
            option={{ ...share, doc: t('split.val.doc') }}
            value={wanted.val}
            onChange={(val) => setWanted({ ...wanted, val: val as number | undefined })}
          />
        )}
        {!own.includes('test') && (
          <OptionField
            name="test"
            option={{ ...share, doc: t('split.test.doc') }}
            value={wanted.test}
            onChange={(test) => setWanted({ ...wanted, test: test as number | undefined })}
          />
        )}
        <OptionField
          name="seed"
          option={{ type: 'integer', minimum: 0, optional: true, doc: t('recipe.seed.doc') }}
          value={wanted.seed}
          onChange={(seed) => setWanted({ ...wanted, seed: seed as number | undefined })}
        />
        {make.job ? (
          <Progress
            what={t('doing.split')}
            done={make.job.progress?.done}
            total={make.job.progress?.total}
            onCancel={make.cancel}
          />
        ) : (
          <div className="row spaced">
            {split && split.fresh > 0 && (
              <button type="button" className="button first" onClick={() => make.begin({ data })}>
                {n('split.place', split.fresh)}
              </button>
            )}
            <button
              type="button"
              className={split ? 'button' : 'button first'}
              onClick={() => make.begin({ data, ...chosen, ...(split ? { anew: true } : {}) })}
            >
              {split ? t('split.anewButton') : t('split.makeButton')}
            </button>
          </div>
        )}
        {split && <p className="small soft spaced">{t('split.anewHint')}</p>}
      </section>
    </div>
  );
}
