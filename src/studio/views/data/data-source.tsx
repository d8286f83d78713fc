import { type ReactNode, useState } from 'react';
import { changed, useAnswer, useJob } from '../../client/use-client.tsx';
import { Field } from '../../controls/field.tsx';
import { Progress } from '../../parts/progress.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/use-words.tsx';
import { ImportButtons } from './drop-place.tsx';

interface DataSourceProps {
  readonly data: string;
  onChoose(id: string): void;
}

const kinds = ['built-in', 'given', 'project', 'folder', 'named'] as const;

/** Which data lie on the bench, and the ways to bring others. */
export function DataSource({ data, onChoose }: DataSourceProps): ReactNode {
  const { t } = useWords();
  const all = useAnswer('data.list', {}).value?.data ?? [];
  const here = all.filter(({ present }) => present);
  const [fetching, setFetching] = useState(false);
  return (
    <div className="source">
      <Field label={t('data.set')}>
        {({ id }) => (
          <select id={id} value={data} onChange={(event) => onChoose(event.target.value)}>
            {!here.some((one) => one.id === data) && <option value={data}>{data}</option>}
            {kinds.map((kind) => {
              const listed = here.filter((one) => one.kind === kind);
              return (
                listed.length > 0 && (
                  <optgroup key={kind} label={t(`data.kind.${kind}`)}>
                    {listed.map((one) => (
                      <option key={one.id} value={one.id}>
                        {one.name}
                      </option>
                    ))}
                  </optgroup>
                )
              );
            })}
          </select>
        )}
      </Field>
      <div className="row spaced">
        <ImportButtons />
        <Link className="button" to={{ view: 'data', path: [data], query: { as: 'webcam' } }}>
          {t('burst.open')}
        </Link>
        <button type="button" className="button plain" aria-expanded={fetching} onClick={() => setFetching(!fetching)}>
          {t('data.byName')}
        </button>
      </div>
      {fetching && <FetchList present={new Set(here.map(({ id }) => id))} onChoose={onChoose} />}
    </div>
  );
}

/** Sets that can be fetched by name: what each is, how large, under which licence. */
function FetchList({
  present,
  onChoose,
}: {
  readonly present: ReadonlySet<string>;
  onChoose(id: string): void;
}): ReactNode {
  const { t, numbers } = useWords();
  const sets = useAnswer('data.sets', {}).value;
  const fetch = useJob('data.fetch');
  const got = fetch.result?.data;
  if (got !== undefined && fetch.result?.stopped === undefined && !present.has(got)) queueMicrotask(changed);
  return (
    <div className="spaced">
      {fetch.job && (
        <Progress
          what={t('doing.fetch')}
          done={fetch.job.progress?.done}
          total={fetch.job.progress?.total}
          left={fetch.job.progress?.secondsLeft}
          bytes
          onCancel={fetch.cancel}
        />
      )}
      {fetch.error && <Trouble message={fetch.error.message} mend={fetch.error.mend} />}
      {sets && !sets.possible && <p className="small soft">{t('data.noFetch')}</p>}
      <ul className="list">
        {sets?.sets.map(({ name, doc, bytes, licence }) => {
          const isHere = present.has(`named:${name}`);
          return (
            <li key={name}>
              <button
                type="button"
                className="item"
                disabled={!isHere && (!sets.possible || fetch.job !== undefined)}
                onClick={() => (isHere ? onChoose(`named:${name}`) : fetch.begin({ name }))}
              >
                <span>{name}</span>
                <span className="aside">{isHere ? t('data.isHere') : numbers.bytes(bytes)}</span>
                <span className="below">
                  {doc}. {t('data.licence', { licence })}
                </span>
              </button>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
