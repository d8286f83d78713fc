import type { ReactNode } from 'react';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { useJobs } from '../../client/use-client.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/use-words.tsx';

export type ListedRun = ResultOf<'run.list'>['runs'][number];

/** Trainings, the newest first, and the way to a new one. */
export function RunList({
  runs,
  chosen,
}: {
  readonly runs: readonly ListedRun[];
  readonly chosen: string | undefined;
}): ReactNode {
  const { t, numbers } = useWords();
  const jobs = useJobs();
  return (
    <>
      <h2>
        <Glossed text={t('runs.title')} />
      </h2>
      <ul className="list spaced">
        <li>
          <Link
            to={{ view: 'train', path: ['new'] }}
            className="item"
            aria-current={chosen === undefined ? 'true' : undefined}
          >
            <span>{t('train.new')}</span>
          </Link>
        </li>
        {runs.map(({ run, status, best, job, epochs, epochsDone }) => {
          const paused = jobs.find(({ id }) => id === job)?.state === 'paused';
          const state = paused ? 'paused' : (status ?? 'failed');
          return (
            <li key={run}>
              <Link
                to={{ view: 'train', path: [run] }}
                className="item"
                aria-current={chosen === run ? 'true' : undefined}
              >
                <span className="break">{run}</span>
                <span className="aside">{best ? numbers.percent(best.valAccuracy) : ''}</span>
                <span className="below">
                  {t(`state.${state}`)}
                  {epochs !== undefined &&
                    ` · ${t('train.epochOf', { epoch: numbers.count(epochsDone ?? 0), epochs: numbers.count(epochs) })}`}
                </span>
              </Link>
            </li>
          );
        })}
      </ul>
    </>
  );
}
