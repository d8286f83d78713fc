import { type ReactNode, useState } from 'react';
import { useBench } from '../../bench/bench.tsx';
import { ConfusionMatrix } from '../../charts/confusion-matrix.tsx';
import { changed, useAnswer, useJob } from '../../client/use-client.tsx';
import { Field } from '../../controls/field.tsx';
import { Columns } from '../../frame/columns.tsx';
import { NothingTrained } from '../../parts/nothing-trained.tsx';
import { Progress } from '../../parts/progress.tsx';
import { Term } from '../../parts/term.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { goTo, useRoute } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import { CellPictures } from './cell-pictures.tsx';
import { ClassFigures } from './class-figures.tsx';
import { Comparison } from './comparison.tsx';
import { Mistakes } from './mistakes.tsx';
import { Robustness } from './robustness.tsx';
import { SlicesTable } from './slices-table.tsx';
import { Sureness } from './sureness.tsx';
import { TakeReport } from './take-report.tsx';
import { type Extras, TestExtras } from './test-extras.tsx';
import { TestFigures } from './test-figures.tsx';
import { Untestable } from './untestable.tsx';

/** The test of a run: figures, confusion matrix → cell → pictures. Address: run, true class, predicted class, picture. */
export default function TestView(): ReactNode {
  const { t, n, numbers } = useWords();
  const { bench, put } = useBench();
  const { path } = useRoute();
  const list = useAnswer('run.list', {});
  const trained = list.value?.runs.filter(({ best }) => best !== undefined) ?? [];
  const run = path[0] ?? (trained.some((one) => one.run === bench.run) ? bench.run : trained[0]?.run);
  const shown = useAnswer('test.show', run === undefined ? undefined : { run });
  const test = useJob('test.run');
  const [extras, setExtras] = useState<Extras>({});
  const result = test.result?.run === run ? test.result : shown.value?.test;
  const looks = shown.value?.looks.length ?? 0;
  const described = trained.find((one) => one.run === run);
  const untestable = !result && described?.images?.test === 0;

  if (list.value && trained.length === 0) {
    return (
      <NothingTrained title={t('thread.test')} missing={t('test.emptyTitle')}>
        {t('test.emptyText')}
      </NothingTrained>
    );
  }
  const classNames = result?.classes.map((one) => one.class) ?? [];
  const row = classNames.indexOf(path[1] ?? '');
  const column = classNames.indexOf(path[2] ?? '');
  const error = shown.error ?? test.error;
  const begin = (): void => {
    if (run !== undefined) test.begin({ run, ...extras });
  };
  return (
    <Columns
      title={t('thread.test')}
      leftLabel={t('classify.model')}
      left={
        <>
          <Field label={t('classify.model')}>
            {({ id }) => (
              <select
                id={id}
                value={run ?? ''}
                onChange={(event) => {
                  put({ run: event.target.value });
                  goTo({ view: 'test', path: [event.target.value], query: {} });
                }}
              >
                {trained.map((one) => (
                  <option key={one.run} value={one.run}>
                    {one.run}
                  </option>
                ))}
              </select>
            )}
          </Field>
          <div className="looks spaced" role="status">
            <p className="figure">{numbers.count(looks)}</p>
            <p className="soft">{n('test.looks', looks)}</p>
            <p className="small soft spaced">{t('test.looksText')}</p>
          </div>
          <TestExtras
            extras={extras}
            runs={trained.map((one) => one.run).filter((one) => one !== run)}
            onChange={setExtras}
          />
        </>
      }
      right={
        result && run !== undefined ? (
          <>
            <TestFigures result={result} />
            <TakeReport key={run} run={run} />
          </>
        ) : undefined
      }
    >
      <div className="head">
        <div>
          <h1>{run ?? t('thread.test')}</h1>
          <p className="status">{result && n('test.on', result.images)}</p>
        </div>
        <button
          type="button"
          className={result ? 'button' : 'button first large'}
          disabled={run === undefined || test.job !== undefined || untestable}
          onClick={begin}
        >
          {result ? t('test.again') : t('test.begin')}
        </button>
      </div>
      {test.job && (
        <Progress
          what={test.job.title}
          done={test.job.progress?.done}
          total={test.job.progress?.total}
          left={test.job.progress?.secondsLeft}
          onCancel={test.cancel}
        />
      )}
      {error && <Trouble message={error.message} mend={error.mend} />}
      {untestable && described && <Untestable run={described} />}
      {!result && !test.job && !untestable && shown.value && <p className="soft prose">{t('test.notYet')}</p>}
      {result && run !== undefined && (
        <div className="stack wide">
          <Mistakes run={run} result={result} classNames={classNames} />
          <section>
            <h2>
              <Term name="confusion-matrix">{t('confusion.title')}</Term>
            </h2>
            <p className="soft prose">{t('confusion.hint')}</p>
            <ConfusionMatrix
              classNames={classNames}
              counts={result.confusion}
              chosen={row >= 0 && column >= 0 ? [row, column] : undefined}
              onChoose={(r, c) => goTo({ view: 'test', path: [run, classNames[r], classNames[c]], query: {} })}
            />
          </section>
          {row >= 0 && column >= 0 && (
            <CellPictures
              key={`${row} ${column}`}
              run={run}
              truth={row}
              predicted={column}
              picture={path[3] === undefined ? undefined : Number(path[3])}
              classNames={classNames}
              onChanged={changed}
            />
          )}
          <ClassFigures classes={result.classes} />
          <Sureness result={result} />
          <SlicesTable slices={result.slices} />
          {result.robustness && <Robustness tested={result.robustness} />}
          <Comparison result={result} />
        </div>
      )}
    </Columns>
  );
}
