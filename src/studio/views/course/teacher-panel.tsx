import type { ReactNode } from 'react';
import { useJob } from '../../client/use-client.tsx';
import { Progress } from '../../parts/progress.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';

/** Makes the teacher's page, computed by this engine, and gives it as a file. */
export function TeacherPanel(): ReactNode {
  const { t } = useWords();
  const { job, result, error, begin, cancel } = useJob('course.teacher');
  return (
    <section className="experiment" aria-label={t('course.teacher')}>
      <h2>{t('course.teacher')}</h2>
      <p className="read">{t('course.teacherText')}</p>
      <div className="experiment-run spaced">
        {job ? (
          <Progress
            what={job.progress?.what ?? t('course.running')}
            done={job.progress?.done === undefined ? undefined : Math.floor(job.progress.done)}
            total={job.progress?.total}
            left={job.progress?.secondsLeft}
            onCancel={cancel}
          />
        ) : result ? (
          <button
            type="button"
            className="button first"
            onClick={() => saveFile('fovea-teacher.html', result.html, 'text/html')}
          >
            {t('course.teacherSave')}
          </button>
        ) : (
          <button type="button" className="button" onClick={() => begin({})}>
            {t('course.teacherMake')}
          </button>
        )}
      </div>
      {error && <Trouble message={error.message} mend={error.mend} />}
    </section>
  );
}
