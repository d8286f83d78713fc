import { type ReactNode, useEffect, useRef } from 'react';
import { useAnswer } from '../../client/use-client.tsx';
import { Columns } from '../../frame/columns.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { useRoute } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';
import { KeepProgress } from './keep-progress.tsx';
import { LessonPage } from './lesson-page.tsx';
import { useProgress } from './progress.ts';
import { TeacherPanel } from './teacher-panel.tsx';

/** The course. Address: `#/course/LESSON`. */
export default function CourseView(): ReactNode {
  const { t, n, numbers } = useWords();
  const { path } = useRoute();
  const listed = useAnswer('course.list', {});
  const lessons = listed.value?.lessons ?? [];
  const { value: lesson, error } = useAnswer('course.lesson', path[0] === undefined ? undefined : { lesson: path[0] });
  const kept = useProgress();
  const done = lessons.filter(({ id }) => kept.progress.done.includes(id)).length;
  const problem = error ?? listed.error;
  const first = lessons.find(({ id }) => !kept.progress.done.includes(id));
  // On a small screen the lessons run along: the one that is read is in sight.
  const list = useRef<HTMLOListElement>(null);
  const open = lesson?.id;
  useEffect(() => {
    const strip = list.current;
    const item = open === undefined ? undefined : strip?.querySelector('[aria-current]')?.parentElement;
    if (strip && item)
      strip.scrollLeft = item.offsetLeft - strip.offsetLeft - (strip.clientWidth - item.clientWidth) / 2;
  }, [open]);
  const next = lesson && lessons.find(({ number }) => number > lesson.number);
  return (
    <Columns
      title={t('course.title')}
      leftLabel={t('course.lessons')}
      left={
        <>
          <h2>{t('course.lessons')}</h2>
          <ol className="list classes" ref={list}>
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
          {path[0] === undefined && <KeepProgress kept={kept} />}
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
