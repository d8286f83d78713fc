import { type ReactNode, useState } from 'react';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { useJob } from '../../client/use-client.tsx';
import { useFollowedAnswer } from '../../client/use-followed-answer.ts';
import { OptionForm } from '../../controls/option-form.tsx';
import { Figures } from '../../figures/figure.tsx';
import type { HearPlaces, PlaceValues } from '../../figures/use-places.ts';
import { Progress } from '../../parts/progress.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';
import { type HearAttempts, useAttempts } from './use-attempts.ts';

type Lesson = ResultOf<'course.lesson'>;
export type Experiment = Extract<Lesson['blocks'][number], { readonly kind: 'experiment' }>['experiment'];
type Values = Readonly<Record<string, unknown>>;

interface ExperimentPanelProps {
  readonly lesson: string;
  readonly experiment: Experiment;
  /** Told what was tried, for the score. */
  readonly onAttempts: HearAttempts;
}

/** Controls and figures of an experiment: instant ones follow the controls, others are run. */
export function ExperimentPanel({ lesson, experiment, onAttempts }: ExperimentPanelProps): ReactNode {
  const [kept, setKept] = useState<Values>({});
  /** What a person points at counts as long as they do. */
  const [pointed, setPointed] = useState<PlaceValues>();
  const values = { ...kept, ...pointed };
  const keep = (more: Values): void => {
    setPointed(undefined);
    setKept((before) => ({ ...before, ...more }));
  };
  return (
    <section className="experiment" aria-label={experiment.title}>
      <h3>{experiment.title}</h3>
      <p className="soft">{experiment.doc}</p>
      <div className="experiment-parts">
        <div className="form">
          <OptionForm
            options={experiment.options}
            values={values}
            onChange={(name, value) => keep({ [name]: value })}
          />
        </div>
        {experiment.pace === 'instant' ? (
          <Instant lesson={lesson} id={experiment.id} values={values} places={{ point: setPointed, keep }} />
        ) : (
          <Lasting
            lesson={lesson}
            id={experiment.id}
            values={values}
            seconds={experiment.pace.seconds}
            onAttempts={onAttempts}
          />
        )}
      </div>
    </section>
  );
}

interface RunnerProps {
  readonly lesson: string;
  readonly id: string;
  readonly values: Values;
}

interface InstantProps extends RunnerProps {
  readonly places: HearPlaces;
}

function Instant({ lesson, id, values, places }: InstantProps): ReactNode {
  const { value, error } = useFollowedAnswer('course.try', { lesson, experiment: id, options: given(values) });
  return (
    <div>
      {error && <Trouble message={error.message} mend={error.mend} />}
      <Figures figures={value?.figures} places={places} />
    </div>
  );
}

interface LastingProps extends RunnerProps {
  readonly seconds: number;
  readonly onAttempts: HearAttempts;
}

function Lasting({ lesson, id, values, seconds, onAttempts }: LastingProps): ReactNode {
  const { t, numbers } = useWords();
  const { job, result, error, begin, cancel } = useJob('course.run');
  useAttempts(result, onAttempts);
  const busy = job !== undefined && job.ended === undefined;
  return (
    <div>
      <div className="experiment-run">
        {busy ? (
          <Progress
            what={job.progress?.what ?? t('course.running')}
            done={job.progress?.done}
            total={job.progress?.total}
            left={job.progress?.secondsLeft}
            onCancel={cancel}
          />
        ) : (
          <button
            type="button"
            className="button first"
            onClick={() => begin({ lesson, experiment: id, options: given(values) })}
          >
            {t('course.run', { seconds: numbers.count(seconds) })}
          </button>
        )}
      </div>
      {error && <Trouble message={error.message} mend={error.mend} />}
      <Figures figures={result?.figures} />
      {result?.hash !== undefined && (
        <p className="hash small soft">
          {t('course.hash')} <code className="break">{result.hash}</code>. {t('course.hashText')}
        </p>
      )}
    </div>
  );
}

/** Options that were set back to their default are left out. */
const given = (values: Values): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
