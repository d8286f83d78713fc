import { type ReactNode, useEffect, useMemo } from 'react';
import { useBench } from '../../bench/bench.tsx';
import { classInk } from '../../charts/colours.ts';
import { useAnswer } from '../../client/use-client.tsx';
import { Choices } from '../../controls/choices.tsx';
import { Columns } from '../../frame/columns.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { goTo, useQuery, useRoute } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import { AugmentPanel } from './augment-panel.tsx';
import { BurstPanel } from './burst-panel.tsx';
import { DataFacts } from './data-facts.tsx';
import { DataSource } from './data-source.tsx';
import { DropPlace } from './drop-place.tsx';
import { FindingsPanel } from './findings-panel.tsx';
import { PictureInspector } from './picture-inspector.tsx';
import { type Filter, PicturesPanel } from './pictures-panel.tsx';
import { PredictionFilter, verdicts } from './prediction-filter.tsx';
import { SplitPanel } from './split-panel.tsx';

const tabs = ['pictures', 'findings', 'split', 'augment'] as const;
/** New data by the webcam stand in the stead of what is shown of those that are there. */
const places = [...tabs, 'webcam'] as const;
const parts = ['train', 'val', 'test'] as const;

/** Data on the bench: their classes, their pictures, what may be wrong with them. */
export default function DataPlace(): ReactNode {
  const { t, numbers } = useWords();
  const { bench, put } = useBench();
  const { path } = useRoute();
  const [tab, setTab] = useQuery('as', 'pictures', places);
  const [className, setClass] = useQuery<string>('class', '');
  const [part, setPart] = useQuery<'' | (typeof parts)[number]>('part', '', ['', ...parts]);
  const [finding, setFinding] = useQuery<string>('finding', '');
  const [search, setSearch] = useQuery<string>('search', '');
  const [asked] = useQuery<string>('run', '');
  const [said, setSaid] = useQuery<string>('said', '');
  const [verdict, setVerdict] = useQuery('verdict', '', verdicts);
  const data = path[0] ?? bench.data;
  const picture = path[1] === undefined ? undefined : Number(path[1]);
  useEffect(() => {
    if (data !== bench.data) put({ data, run: undefined });
  }, [data, bench.data, put]);
  const opened = useAnswer('data.open', { data });
  const known = opened.value?.id === data ? opened.value : undefined;
  const filter = useMemo(
    (): Filter => ({
      ...(className === '' ? {} : { class: className }),
      ...(part === '' ? {} : { part }),
      ...(finding === '' ? {} : { finding: Number(finding) }),
      ...(search === '' ? {} : { search }),
      ...(asked === ''
        ? {}
        : {
            predicted: {
              run: asked,
              ...(said === '' ? {} : { class: said }),
              ...(verdict === '' ? {} : { right: verdict === 'right' }),
            },
          }),
    }),
    [className, part, finding, search, asked, said, verdict],
  );
  const counts =
    known?.classNames.map((_, label) =>
      Object.values(known.parts).reduce((sum, one) => sum + (one?.classCounts[label] ?? 0), 0),
    ) ?? [];
  const most = Math.max(1, ...counts);
  const place = (id: number | undefined): void =>
    goTo(
      { view: 'data', path: id === undefined ? [data] : [data, String(id)], query: queryOf(tab, filter) },
      { replace: picture !== undefined && id !== undefined },
    );

  return (
    <Columns
      title={t('thread.data')}
      leftLabel={t('data.classes')}
      left={
        <>
          <DataSource data={data} onChoose={(id) => goTo({ view: 'data', path: [id], query: {} })} />
          {known && (
            <ul className="list classes" aria-label={t('data.classes')}>
              <li>
                <button type="button" className="item" aria-pressed={className === ''} onClick={() => setClass('')}>
                  <span>{t('data.allClasses')}</span>
                  <span className="aside">{numbers.count(known.images)}</span>
                </button>
              </li>
              {known.classNames.map((name, label) => (
                <li key={name}>
                  <button
                    type="button"
                    className="item"
                    aria-pressed={className === name}
                    onClick={() => setClass(className === name ? '' : name)}
                  >
                    <span className="break">
                      <i className="key" style={{ background: classInk(label) }} />
                      {name}
                    </span>
                    <span className="aside">{numbers.count(counts[label])}</span>
                    <span className="balance">
                      <i style={{ width: `${(100 * counts[label]) / most}%`, background: classInk(label) }} />
                    </span>
                  </button>
                </li>
              ))}
            </ul>
          )}
        </>
      }
      right={
        picture !== undefined && known ? (
          <PictureInspector
            data={data}
            id={picture}
            classNames={known.classNames}
            fixable={known.fixable}
            onLeave={() => place(undefined)}
          />
        ) : (
          (known && <DataFacts known={known} />) || <p className="quiet-wait">{t('wait.data')}</p>
        )
      }
      inspected={picture === undefined ? undefined : String(picture)}
    >
      <DropPlace onImported={(id) => goTo({ view: 'data', path: [id], query: {} })}>
        <div className="head">
          <div>
            <h1>{tab === 'webcam' ? t('burst.title') : (known?.name ?? data)}</h1>
            <p className="status">
              {known &&
                tab !== 'webcam' &&
                t('data.summary', {
                  images: numbers.count(known.images),
                  classes: numbers.count(known.classNames.length),
                })}
            </p>
          </div>
          <Choices<(typeof places)[number]>
            label={t('data.as')}
            value={tab}
            choices={tabs.map((value) => ({ value, label: t(`data.as.${value}`) }))}
            onChange={setTab}
          />
        </div>
        {!known && !opened.error && <p className="quiet-wait">{t('wait.data')}</p>}
        {opened.error && <Trouble message={opened.error.message} mend={opened.error.mend} />}
        {tab === 'pictures' && known && (
          <>
            <div className="row filters">
              <Choices
                label={t('data.part')}
                value={part}
                choices={[
                  { value: '', label: t('data.all') },
                  ...parts.filter((one) => known.parts[one]).map((one) => ({ value: one, label: t(`part.${one}`) })),
                ]}
                onChange={setPart}
              />
              <input
                type="search"
                className="fit"
                aria-label={t('data.search')}
                placeholder={t('data.search')}
                value={search}
                onChange={(event) => setSearch(event.target.value)}
              />
              {finding !== '' && (
                <button type="button" className="button" onClick={() => setFinding('')}>
                  {t('data.clearFinding')}
                </button>
              )}
            </div>
            <PredictionFilter
              data={data}
              classNames={known.classNames}
              run={asked}
              said={said}
              verdict={verdict}
              onRun={(run) =>
                goTo({
                  view: 'data',
                  path: [data],
                  query: queryOf(tab, { ...filter, predicted: run === '' ? undefined : { run } }),
                })
              }
              onSaid={setSaid}
              onVerdict={setVerdict}
            />
            <PicturesPanel
              data={data}
              version={String(known.version)}
              filter={filter}
              classNames={known.classNames}
              fixable={known.fixable}
              chosen={picture}
              onChoose={place}
            />
          </>
        )}
        {tab === 'webcam' && <BurstPanel />}
        {tab === 'findings' && known && (
          <FindingsPanel
            data={data}
            fixable={known.fixable}
            onShow={(index) => goTo({ view: 'data', path: [data], query: { finding: String(index) } })}
            onPicture={place}
          />
        )}
        {tab === 'split' && known && <SplitPanel data={data} classNames={known.classNames} />}
        {tab === 'augment' && known && <AugmentPanel data={data} version={String(known.version)} />}
      </DropPlace>
    </Columns>
  );
}

function queryOf(tab: string, { class: className, part, finding, search, predicted }: Filter): Record<string, string> {
  const all = {
    as: tab === 'pictures' ? '' : tab,
    class: className ?? '',
    part: part ?? '',
    finding: finding === undefined ? '' : String(finding),
    search: search ?? '',
    run: predicted?.run ?? '',
    said: predicted?.class ?? '',
    verdict: predicted?.right === undefined ? '' : predicted.right ? 'right' : 'wrong',
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}
