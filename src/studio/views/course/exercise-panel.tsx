import { type ReactNode, useState } from 'react';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { useJob } from '../../client/use-client.tsx';
import { OptionForm } from '../../controls/option-form.tsx';
import { Figures } from '../../figures/figure.tsx';
import { Progress } from '../../parts/progress.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';
import { Prose } from './prose.tsx';
import { type HearAttempts, useAttempts } from './use-attempts.ts';

interface ExercisePanelProps {
  readonly lesson: string;
  readonly exercise: ResultOf<'course.lesson'>['exercise'];
  /** Told what was tried, for the score. */
  readonly onAttempts: HearAttempts;
}

/** A task whose answer is tried out: right, or the hint that fits the mistake. */
export function ExercisePanel({ lesson, exercise, onAttempts }: ExercisePanelProps): ReactNode {
  const { t } = useWords();
  // A switch that was not touched says no.
  const [answer, setAnswer] = useState<Readonly<Record<string, unknown>>>(() =>
    Object.fromEntries(
      Object.entries(exercise.options).flatMap(([name, option]) =>
        option.type === 'boolean' ? [[name, option.default ?? false]] : [],
      ),
    ),
  );
  const { job, result, error, begin, cancel } = useJob('course.check');
  useAttempts(result, onAttempts);
  const busy = job !== undefined && job.ended === undefined;
  return (
    <section className="experiment" aria-label={t('course.exercise')}>
      <h2>{t('course.exercise')}</h2>
      <p className="read">
        <Prose text={exercise.task} />
      </p>
      <form
        className="form spaced"
        onSubmit={(event) => {
          event.preventDefault();
          begin({ lesson, answer });
        }}
      >
        <OptionForm
          options={exercise.options}
          values={answer}
          onChange={(name, value) => setAnswer((before) => ({ ...before, [name]: value }))}
        />
        <div className="experiment-run spaced">
          {busy ? (
            <Progress
              what={t('course.checking')}
              done={job.progress?.done}
              total={job.progress?.total}
              left={job.progress?.secondsLeft}
              onCancel={cancel}
            />
          ) : (
            <button type="submit" className="button first">
              {t('course.answer')}
            </button>
          )}
        </div>
      </form>
      {error && <Trouble message={error.message} mend={error.mend} />}
      <div role="status" aria-live="polite">
        {result && (
          <p className={result.right ? 'read verdict right' : 'read verdict'}>
            <b>{result.right ? t('course.isRight') : t('course.notYet')}</b> <Prose text={result.words} />
          </p>
        )}
      </div>
      <Figures figures={result?.figures} />
    </section>
  );
}
