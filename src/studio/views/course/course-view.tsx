import type { ReactNode } from 'react';
import { useRef, useState } from 'react';
import { longestProgress, readProgress, writeProgress } from '../../../core/workbench/course/progress.ts';
import { useAnswer } from '../../client/use-client.tsx';
import { Columns } from '../../frame/columns.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { useRoute } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import { LessonPage } from './lesson-page.tsx';
import { type KeptProgress, useProgress } from './progress.ts';
import { TeacherPanel } from './teacher-panel.tsx';

/** The course. Address: `#/course/LESSON`. */
export default function CourseView(): ReactNode {
  const { t, n, numbers } = useWords();
  const { path } = useRoute();
  const list = useAnswer('course.list', {});
  const lessons = list.value?.lessons ?? [];
  const { value: lesson, error } = useAnswer('course.lesson', path[0] === undefined ? undefined : { lesson: path[0] });
  const kept = useProgress();
  const done = lessons.filter(({ id }) => kept.progress.done.includes(id)).length;
  const problem = error ?? list.error;
  const first = lessons.find(({ id }) => !kept.progress.done.includes(id));
  const next = lesson && lessons.find(({ number }) => number > lesson.number);
  return (
    <Columns
      title={t('course.title')}
      leftLabel={t('course.lessons')}
      left={
        <>
          <h2>{t('course.lessons')}</h2>
          <ol className="list classes">
            {lessons.map(({ number, id, title, minutes }) => (
              <li key={id}>
                <Link
                  className="item"
                  to={{ view: 'course', path: [id] }}
                  aria-current={lesson?.id === id ? 'true' : undefined}
                >
                  <span>
                    {number}. {title}
                  </span>{' '}
                  <span className="small soft">
                    {kept.progress.done.includes(id) ? t('course.done') : n('course.minutes', minutes)}
                  </span>
                </Link>
              </li>
            ))}
          </ol>
          <p className="small soft spaced">{n('course.progress', done, { total: numbers.count(lessons.length) })}</p>
          <KeepProgress kept={kept} />
        </>
      }
    >
      {problem && <Trouble message={problem.message} mend={problem.mend} />}
      {path[0] === undefined ? (
        <div className="lesson">
          <h1>{t('course.title')}</h1>
          <p className="read">{t('course.intro')}</p>
          {first && (
            <p>
              <Link className="button first large" to={{ view: 'course', path: [first.id] }}>
                {t(done === 0 ? 'course.begin' : 'course.goOn', { title: first.title })}
              </Link>
            </p>
          )}
          <ol className="lessons">
            {lessons.map(({ number, id, title, aims, minutes }) => (
              <li key={id}>
                <h2>
                  <Link to={{ view: 'course', path: [id] }}>
                    {number}. {title}
                  </Link>
                </h2>
                <p className="soft">
                  {n('course.minutes', minutes)}
                  {kept.progress.done.includes(id) && ` · ${t('course.done')}`}
                </p>
                <ul className="aims" lang="en">
                  {aims.map((aim) => (
                    <li key={aim}>{aim}</li>
                  ))}
                </ul>
              </li>
            ))}
          </ol>
          <TeacherPanel />
        </div>
      ) : lesson ? (
        <LessonPage key={lesson.id} lesson={lesson} next={next} kept={kept} />
      ) : (
        !problem && <p className="quiet-wait">{t('course.opening')}</p>
      )}
    </Columns>
  );
}

/** Progress and notes as a file: for another machine, or the teacher. */
function KeepProgress({ kept }: { readonly kept: KeptProgress }): ReactNode {
  const { t } = useWords();
  const input = useRef<HTMLInputElement>(null);
  const [told, setTold] = useState<'brought' | 'wrong'>();
  const save = (): void => saveFile('fovea-course.json', writeProgress(kept.progress), 'application/json');
  const bring = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const other = file.size < longestProgress ? readProgress(await file.text()) : undefined;
    if (other) kept.join(other);
    setTold(other ? 'brought' : 'wrong');
  };
  return (
    <div className="stack spaced">
      <button type="button" className="button" onClick={save}>
        {t('course.keep')}
      </button>
      <button type="button" className="button" onClick={() => input.current?.click()}>
        {t('course.bring')}
      </button>
      <input
        ref={input}
        type="file"
        accept="application/json,.json"
        hidden
        onChange={(event) => {
          void bring(event.target.files?.[0]);
          event.target.value = '';
        }}
      />
      {told === 'brought' && (
        <p role="status" className="small soft">
          {t('course.brought')}
        </p>
      )}
      {told === 'wrong' && <Trouble message={t('course.notProgress')} mend={t('course.notProgressMend')} />}
    </div>
  );
}
