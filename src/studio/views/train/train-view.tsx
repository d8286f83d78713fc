import type { ReactNode } from 'react';
import type { RequestOf } from '../../../core/workbench/studio/index.ts';
import { builtInData, useBench } from '../../bench/bench.tsx';
import { useAnswer, useClient, useDoing, useJobs } from '../../client/use-client.tsx';
import { Columns } from '../../frame/columns.tsx';
import { Empty } from '../../parts/empty.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { goTo, useRoute } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import { RecipeForm } from './recipe-form.tsx';
import { RunList } from './run-list.tsx';
import { RunPanel } from './run-panel.tsx';

/** Enough to pass 98 % on the built-in digits in a minute on two cores. */
const firstEpochs = 5;

/** Training: a first one at one click, a new one by a recipe, or one that goes on or has ended. */
export default function TrainView(): ReactNode {
  const { t, numbers } = useWords();
  const { put } = useBench();
  const { path } = useRoute();
  const client = useClient();
  const jobs = useJobs();
  const doing = useDoing();
  const { value: listed, error: listError } = useAnswer('run.list', { limit: 200 });
  const trainings = jobs.filter(({ verb }) => verb === 'train.start' || verb === 'train.resume');
  const [place, name] = path;

  const start = (request: RequestOf<'train.start'>): Promise<void> =>
    doing.run(async () => {
      const job = await client.begin('train.start', request);
      put({ data: request.data });
      goTo({ view: 'train', path: ['job', job.id], query: {} });
    });

  const isFirst = listed?.runs.length === 0 && trainings.length === 0;
  if (place !== undefined && place !== 'new') {
    return (
      <RunPanel
        key={path.join('/')}
        run={place === 'job' ? undefined : place}
        job={place === 'job' ? name : undefined}
        runs={listed?.runs ?? []}
      />
    );
  }
  if (!listed && !listError && place === undefined) return <p className="quiet-wait view-wait">{t('wait.view')}</p>;
  if (isFirst && place === undefined) {
    return (
      <Columns title={t('thread.train')}>
        <Empty
          title={t('first.title')}
          actions={
            <>
              <button
                type="button"
                className="button first large"
                disabled={doing.busy}
                onClick={() => void start({ data: builtInData, epochs: firstEpochs })}
              >
                {t('first.begin', { epochs: numbers.count(firstEpochs) })}
              </button>
              <Link to={{ view: 'data' }} className="button large">
                {t('first.own')}
              </Link>
            </>
          }
        >
          {t('first.text')}
        </Empty>
        {doing.error && <Trouble message={doing.error.message} mend={doing.error.mend} />}
      </Columns>
    );
  }
  return (
    <RecipeForm
      left={<RunList runs={listed?.runs ?? []} chosen={undefined} />}
      busy={doing.busy}
      error={doing.error}
      onStart={(request) => void start(request)}
    />
  );
}
