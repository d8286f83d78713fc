import type { ReactNode } from 'react';
import { useAnswer, useJob } from '../../client/use-client.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { Progress } from '../../parts/progress.tsx';
import { Thumbnails } from '../../parts/thumbnails.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { goTo } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import { explainRoute } from './address.ts';
import type { Asked } from './asked.ts';

/** The training pictures that the network takes for most alike: asked for, since it reads all of them once. */
export function NearestPictures({ asked }: { readonly asked: Asked }): ReactNode {
  const { t, numbers } = useWords();
  const { job, result, error, begin, cancel } = useJob('explain.nearest');
  const classNames = useAnswer('explain.open', asked).value?.classNames ?? [];
  const here = result?.near.filter(({ id }) => id !== undefined) ?? [];
  const { data } = result ?? {};
  return (
    <section>
      <h2>
        <Glossed text={t('explain.nearest')} />
      </h2>
      <p className="soft prose">{t('explain.nearestText')}</p>
      {error && <Trouble message={error.message} mend={error.mend} />}
      {job && !result && job.ended === undefined ? (
        <Progress
          what={t('doing.nearest')}
          done={job.progress?.done}
          total={job.progress?.total}
          left={job.progress?.secondsLeft}
          onCancel={cancel}
        />
      ) : (
        !result && (
          <button type="button" className="button spaced" onClick={() => begin({ ...asked, most: 12 })}>
            {t('explain.findNearest')}
          </button>
        )
      )}
      {result && data !== undefined && (
        <div className="spaced">
          <Thumbnails
            data={data}
            ids={here.map(({ id }) => id as number)}
            names={here.map(({ origin }) => origin)}
            captions={here.map(({ label, distance }) => `${classNames[label]} ${numbers.rate(distance)}`)}
            side={72}
            onChoose={(id) => goTo(explainRoute({ run: asked.run, data, picture: String(id) }))}
          />
        </div>
      )}
      {result && data === undefined && <p className="soft">{t('explain.nearestGone')}</p>}
    </section>
  );
}
