import { type ReactNode, useState } from 'react';
import { changed, useAnswer, useClient, useDoing } from '../../client/use-client.tsx';
import { Columns } from '../../frame/columns.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { NothingTrained } from '../../parts/nothing-trained.tsx';
import { ScrollRegion } from '../../parts/scroll-region.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { goTo, useQuery, useRoute } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import { RecipeFacts } from '../train/recipe-facts.tsx';
import { useBringRun } from './bring-run.tsx';
import { RunOverlay } from './run-overlay.tsx';
import { TakeRun } from './take-run.tsx';

/** All runs: search them, lay some over each other, write about them, throw them away and take them back. */
export default function RunsView(): ReactNode {
  const { t, n, numbers } = useWords();
  const { path } = useRoute();
  const client = useClient();
  const doing = useDoing();
  const bringing = useBringRun();
  const [search, setSearch] = useQuery<string>('search', '');
  const [overlaid, setOverlaid] = useQuery<string>('with', '');
  const list = useAnswer('run.list', {});
  const bin = useAnswer('run.bin', {});
  const [open] = path;
  const all = list.value?.runs ?? [];
  const wanted = search.trim().toLowerCase();
  const found = all.filter(({ run, model, data, notes }) =>
    [run, model, data, notes].some((text) => text?.toLowerCase().includes(wanted)),
  );
  const chosen = overlaid === '' ? [] : overlaid.split(',');
  const toggle = (run: string): void =>
    setOverlaid((chosen.includes(run) ? chosen.filter((one) => one !== run) : [...chosen, run]).join(','));
  const throwAway = (run: string): void =>
    void doing.run(async () => {
      await client.ask('run.delete', { run });
      if (open === run) goTo({ view: 'runs', path: [], query: {} });
      changed();
    });
  const restore = (run: string): void =>
    void doing.run(async () => {
      await client.ask('run.restore', { run });
      changed();
    });
  if (list.value && all.length === 0 && (bin.value?.binned.length ?? 0) === 0) {
    return (
      <NothingTrained title={t('runs.title')} missing={t('runs.emptyTitle')}>
        {t('runs.emptyText')}
        {bringing.button}
        {bringing.told}
      </NothingTrained>
    );
  }
  const error = list.error ?? doing.error;
  return (
    <Columns
      title={t('runs.title')}
      right={open === undefined ? undefined : <RunNotes key={open} run={open} onDelete={() => throwAway(open)} />}
      inspected={open}
    >
      <div className="head">
        <div>
          <h1>{t('runs.title')}</h1>
          <p>{t('runs.hint')}</p>
        </div>
        <div className="row">
          <input
            type="search"
            className="fit"
            aria-label={t('runs.search')}
            placeholder={t('runs.search')}
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          {bringing.button}
        </div>
      </div>
      {bringing.told}
      {error && <Trouble message={error.message} mend={error.mend} />}
      {chosen.length > 0 && <RunOverlay runs={chosen} />}
      <ScrollRegion label={t('runs.title')}>
        <table className="runs">
          <thead>
            <tr>
              <th scope="col">{t('runs.overlay')}</th>
              <th scope="col">
                <Glossed text={t('runs.run')} />
              </th>
              <th scope="col">
                <Glossed text={t('thread.data')} />
              </th>
              <th scope="col">
                <Glossed text={t('thread.model')} />
              </th>
              <th scope="col">{t('runs.state')}</th>
              <th scope="col" className="number">
                <Glossed text={t('charts.head.valAccuracy')} />
              </th>
              <th scope="col" className="number">
                <Glossed text={t('charts.head.val')} />
              </th>
              <th scope="col">{t('runs.created')}</th>
            </tr>
          </thead>
          <tbody>
            {found.map(({ run, data, model, status, best, created }) => (
              <tr key={run} className={open === run ? 'is-chosen' : undefined}>
                <td>
                  <input
                    type="checkbox"
                    aria-label={t('runs.overlayRun', { run })}
                    checked={chosen.includes(run)}
                    onChange={() => toggle(run)}
                  />
                </td>
                <th scope="row">
                  <Link to={{ view: 'runs', path: [run], query: overlaid === '' ? {} : { with: overlaid } }}>
                    {run}
                  </Link>
                </th>
                <td>{data}</td>
                <td>{model}</td>
                <td>{t(`state.${status ?? 'failed'}`)}</td>
                <td className="number">{best ? numbers.percent(best.valAccuracy) : '–'}</td>
                <td className="number">{best ? numbers.loss(best.valLoss) : '–'}</td>
                <td className="nowrap">{created ? numbers.date(created) : '–'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      {found.length === 0 && all.length > 0 && <p className="soft spaced">{t('runs.nothingFound')}</p>}
      {bin.value && bin.value.binned.length > 0 && (
        <details className="spaced">
          <summary>{n('runs.bin', bin.value.binned.length)}</summary>
          <ul className="list">
            {bin.value.binned.map((run) => (
              <li key={run} className="row between">
                <span>{run}</span>
                <button type="button" className="button plain" onClick={() => restore(run)}>
                  {t('runs.restore', { run })}
                </button>
              </li>
            ))}
          </ul>
        </details>
      )}
    </Columns>
  );
}

function RunNotes({ run, onDelete }: { readonly run: string; onDelete(): void }): ReactNode {
  const { t } = useWords();
  const client = useClient();
  const doing = useDoing();
  const { value, error } = useAnswer('run.show', { run });
  const [text, setText] = useState<string>();
  const notes = text ?? value?.notes ?? '';
  const save = (): void =>
    void doing.run(async () => {
      if (text === undefined || text === value?.notes) return;
      await client.ask('run.note', { run, text });
      changed();
    });
  const problem = error ?? doing.error;
  return (
    <>
      <section>
        <h2 className="break">{run}</h2>
        {problem && <Trouble message={problem.message} mend={problem.mend} />}
        <label className="stack" htmlFor="run-notes">
          {t('runs.notes')}
        </label>
        <textarea
          id="run-notes"
          rows={6}
          value={notes}
          placeholder={t('runs.notesHint')}
          onChange={(event) => setText(event.target.value)}
          onBlur={save}
        />
        <p className="small soft" role="status">
          {text !== undefined && text === value?.notes ? t('runs.saved') : ''}
        </p>
        <div className="row">
          <Link to={{ view: 'train', path: [run] }} className="button">
            {t('runs.curves')}
          </Link>
          <button type="button" className="button" onClick={onDelete}>
            {t('runs.delete')}
          </button>
        </div>
      </section>
      <TakeRun run={run} />
      {value && <RecipeFacts recipe={value.description.recipe} why={[]} images={value.images} />}
    </>
  );
}
