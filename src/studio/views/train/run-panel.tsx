import { type ReactNode, useEffect } from 'react';
import type { JobSummary } from '../../../core/workbench/studio/jobs.ts';
import { useBench } from '../../bench/bench.tsx';
import { changed, isOver, useAnswer, useClient, useDoing, useJobs } from '../../client/use-client.tsx';
import { Columns } from '../../frame/columns.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { Notes } from '../../parts/notes.tsx';
import { TakeModel } from '../../parts/take-model.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { goTo } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import { DiagnosisPanel } from './diagnosis-panel.tsx';
import type { Followed } from './followed.ts';
import { RecipeFacts } from './recipe-facts.tsx';
import { type ListedRun, RunList } from './run-list.tsx';
import { TrainingCharts } from './training-charts.tsx';
import { useFollowed } from './use-followed.ts';

interface RunPanelProps {
  /** Its name; undefined while its job has not made it yet. */
  readonly run: string | undefined;
  readonly job: string | undefined;
  readonly runs: readonly ListedRun[];
}

/** One training, while it goes on and afterwards. */
export function RunPanel({ run, job, runs }: RunPanelProps): ReactNode {
  const { t, numbers } = useWords();
  const { put } = useBench();
  const client = useClient();
  const jobs = useJobs();
  const doing = useDoing();
  const own = job ?? jobs.findLast((one) => one.run === run)?.id;
  const shown = useAnswer('run.show', run === undefined ? undefined : { run });
  const { followed, job: live } = useFollowed(own, shown.value?.history);
  const summary = jobs.find(({ id }) => id === own) ?? live;
  const active = summary !== undefined && !isOver(summary);
  const made = summary?.run;
  useEffect(() => {
    // The run has a name now: its own address, which outlives the job.
    if (run !== undefined || made === undefined) return;
    put({ run: made });
    goTo({ view: 'train', path: [made], query: {} }, { replace: true });
    changed();
  }, [run, made, put]);
  const ended = summary?.ended;
  // biome-ignore lint/correctness/useExhaustiveDependencies: an epoch or an end changes what lists tell of the run.
  useEffect(() => {
    if (run !== undefined) changed();
  }, [run, ended, followed.records.length]);

  const description = shown.value?.description;
  // What is written down is asked for once it has ended: until that comes, the job knows better.
  const written = shown.value?.status === 'running' && !active ? summary?.state : shown.value?.status;
  const state = summary && active ? summary.state : (written ?? summary?.state ?? 'queued');
  const epochs = followed.epochs ?? description?.recipe.epochs;
  // A run of before has no events: what it has written down is told in their stead.
  const complete: Followed = {
    ...followed,
    epochs,
    trainImages: followed.trainImages ?? shown.value?.images?.train,
    ended: active ? undefined : (followed.ended ?? 'finished'),
  };
  const failure = summary?.error ?? (shown.error && { message: shown.error.message, mend: shown.error.mend });
  const act = (verb: 'job.pause' | 'job.resume' | 'job.cancel' | 'job.step'): void =>
    void doing.run(() => client.ask(verb, { job: own as string }));
  const goOn = (): void =>
    void doing.run(async () => {
      const begun = await client.begin('train.resume', { run: run as string });
      goTo({ view: 'train', path: ['job', begun.id], query: {} }, { replace: true });
    });

  return (
    <Columns
      title={run ?? t('thread.train')}
      leftLabel={t('runs.title')}
      left={<RunList runs={runs} chosen={run} />}
      right={
        <>
          <section>
            <h2>{t('train.now')}</h2>
            <Figures followed={complete} />
          </section>
          {description && <RecipeFacts recipe={description.recipe} why={[]} images={shown.value?.images} />}
          {followed.notes.length > 0 && (
            <section>
              <h2>{t('train.notes')}</h2>
              <Notes notes={followed.notes} />
            </section>
          )}
        </>
      }
    >
      <div className="head">
        <div>
          <h1>{run ?? t('thread.train')}</h1>
          <p className="status" role="status">
            {t(`state.${state}`)}
            {epochs !== undefined &&
              ` · ${t('train.epochOf', { epoch: numbers.count(currentEpoch(followed)), epochs: numbers.count(epochs) })}`}
            {active &&
              summary.progress?.unit === 'steps' &&
              summary.progress.secondsLeft !== undefined &&
              ` · ${t('progress.left', { time: numbers.duration(summary.progress.secondsLeft) })}`}
            {active &&
              summary.state === 'queued' &&
              summary.waitsFor[0] !== undefined &&
              ` · ${t('train.waits', { job: summary.waitsFor[0] })}`}
          </p>
        </div>
        <div className="row">
          {active && summary.state === 'running' && (
            <button type="button" className="button" onClick={() => act('job.pause')}>
              {t('train.pause')}
            </button>
          )}
          {active && summary.state === 'paused' && (
            <>
              <button type="button" className="button first" onClick={() => act('job.resume')}>
                {t('train.resume')}
              </button>
              <button type="button" className="button" onClick={() => act('job.step')}>
                {t('train.step')}
              </button>
            </>
          )}
          {active && (
            <button type="button" className="button" onClick={() => act('job.cancel')}>
              {t('train.stop')}
            </button>
          )}
          {!active && shown.value?.resumable && (
            <button type="button" className="button first" disabled={doing.busy} onClick={goOn}>
              {t('train.goOn')}
            </button>
          )}
          {!active && run !== undefined && followed.best && (
            <>
              <Link
                to={{ view: 'test', path: [run] }}
                className={shown.value?.resumable ? 'button' : 'button first'}
                onClick={() => put({ run })}
              >
                {t('train.test')}
              </Link>
              <Link to={{ view: 'classify', path: [run] }} className="button" onClick={() => put({ run })}>
                {t('train.classify')}
              </Link>
              <TakeModel run={run} />
            </>
          )}
        </div>
      </div>
      {(failure || doing.error) && (
        <Trouble message={(failure ?? doing.error)?.message ?? ''} mend={(failure ?? doing.error)?.mend} />
      )}
      <Bar
        followed={complete}
        active={active}
        what={summary?.progress}
        done={shown.value?.resumable ? (shown.value.epochsDone ?? 0) / (shown.value.epochs || 1) : 1}
      />
      <TrainingCharts followed={complete} />
      {run !== undefined && followed.records.length > 0 && (
        <DiagnosisPanel run={run} stage={`${run} ${followed.records.length} ${active}`} over={!active} />
      )}
    </Columns>
  );
}

const currentEpoch = ({ records, steps, epochs }: Followed): number =>
  Math.max(records.length, Math.min(Math.ceil(steps.x.at(-1) ?? 0), epochs ?? Number.POSITIVE_INFINITY));

/** How far it is, as a thin line that always has its place. */
function Bar({
  followed,
  active,
  what,
  done,
}: {
  readonly followed: Followed;
  readonly active: boolean;
  readonly what: JobSummary['progress'];
  /** How far it came, where nobody trains it now; 0 … 1. */
  readonly done: number;
}): ReactNode {
  const { t, numbers } = useWords();
  const { doing } = followed;
  const words = !active
    ? ''
    : doing
      ? t(`train.${doing.what}`, { done: numbers.count(doing.done), total: numbers.count(doing.total) })
      : what?.unit === 'steps'
        ? t('train.steps', {
            done: numbers.count(what.done),
            total: what.total === undefined ? '?' : numbers.count(what.total),
          })
        : t('train.preparing');
  return (
    <div className="bar-line">
      <progress
        aria-label={t('train.progress')}
        max={active ? (what?.total ?? 1) : 1}
        value={active ? (what?.total === undefined ? undefined : what.done) : done}
      />
      <p className="small soft">{words} </p>
    </div>
  );
}

/** The numbers of the moment, each in its place before it is there. */
function Figures({ followed }: { readonly followed: Followed }): ReactNode {
  const { t, numbers } = useWords();
  const last = followed.records.at(-1);
  const rows = [
    [t('charts.head.valAccuracy'), last && numbers.percent(last.valAccuracy)],
    [t('charts.head.val'), last && numbers.loss(last.valLoss)],
    [
      t('charts.head.train'),
      last
        ? numbers.loss(last.loss)
        : followed.steps.loss.length > 0 && numbers.loss(followed.steps.loss.at(-1) as number),
    ],
    [t('train.best'), followed.best && t('train.bestEpoch', { epoch: numbers.count(followed.best.epoch) })],
    [
      t('train.speed'),
      followed.imagesPerSecond !== undefined &&
        t('train.perSecond', { count: numbers.count(followed.imagesPerSecond) }),
    ],
    [t('train.images'), followed.trainImages !== undefined && numbers.count(followed.trainImages)],
  ] as const;
  return (
    <dl className="facts">
      {rows.map(([name, value]) => (
        <div className="pair" key={name}>
          <dt>
            <Glossed text={name} />
          </dt>
          <dd>{value || '–'}</dd>
        </div>
      ))}
    </dl>
  );
}
