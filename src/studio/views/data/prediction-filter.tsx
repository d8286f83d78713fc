import { type ReactNode, useEffect } from 'react';
import { changed, useAnswer, useJob } from '../../client/use-client.tsx';
import { Choices } from '../../controls/choices.tsx';
import { Progress } from '../../parts/progress.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/use-words.tsx';

export const verdicts = ['', 'right', 'wrong'] as const;
export type Verdict = (typeof verdicts)[number];
/** Test pictures are asked by a test alone, which counts the look. */
const askable = ['train', 'val'] as const;

interface PredictionFilterProps {
  readonly data: string;
  readonly classNames: readonly string[];
  /** The run whose predictions count; empty: none. */
  readonly run: string;
  /** The class that it says; empty: any. */
  readonly said: string;
  readonly verdict: Verdict;
  onRun(run: string): void;
  onSaid(className: string): void;
  onVerdict(verdict: Verdict): void;
}

/** Pictures by what a run says of them; which of them it was not asked about yet, and the way to ask. */
export function PredictionFilter(props: PredictionFilterProps): ReactNode {
  const { data, classNames, run, said, verdict, onRun, onSaid, onVerdict } = props;
  const { t } = useWords();
  const runs = useAnswer('run.list', {}).value?.runs ?? [];
  const trained = runs.filter((one) => one.best !== undefined && one.dataId === data);
  const page = useAnswer('data.page', run === '' ? undefined : { data, predicted: { run }, limit: 0 });
  const parts = useAnswer('data.open', { data }).value?.parts;
  const predict = useJob('test.predict');
  useEffect(() => {
    if (predict.result) changed();
  }, [predict.result]);
  if (trained.length === 0 && run === '') return null;
  const asked = page.value?.asked;
  const error = page.error ?? predict.error;
  return (
    <div className="predictions">
      <div className="row filters">
        <select
          className="fit"
          aria-label={t('predicted.run')}
          value={run}
          onChange={(event) => onRun(event.target.value)}
        >
          <option value="">{t('predicted.none')}</option>
          {trained.map((one) => (
            <option key={one.run} value={one.run}>
              {t('predicted.by', { run: one.run })}
            </option>
          ))}
        </select>
        {run !== '' && (
          <>
            <Choices
              label={t('predicted.verdict')}
              value={verdict}
              choices={[
                { value: '', label: t('data.all') },
                { value: 'right', label: t('predicted.right') },
                { value: 'wrong', label: t('predicted.wrong') },
              ]}
              onChange={onVerdict}
            />
            <select
              className="fit"
              aria-label={t('predicted.class')}
              value={said}
              onChange={(event) => onSaid(event.target.value)}
            >
              <option value="">{t('predicted.anyClass')}</option>
              {classNames.map((name) => (
                <option key={name} value={name}>
                  {t('predicted.says', { name })}
                </option>
              ))}
            </select>
            {askable
              .filter((part) => asked && !asked.includes(part) && (part === 'val' || parts?.train))
              .map((part) => (
                <button
                  type="button"
                  className="button"
                  key={part}
                  disabled={predict.job !== undefined}
                  onClick={() => predict.begin({ run, part })}
                >
                  {t('predicted.ask', { part: t(`part.${part}`) })}
                </button>
              ))}
          </>
        )}
      </div>
      {predict.job && (
        <Progress
          what={t('doing.ask')}
          done={predict.job.progress?.done}
          total={predict.job.progress?.total}
          left={predict.job.progress?.secondsLeft}
          onCancel={predict.cancel}
        />
      )}
      {error && <Trouble message={error.message} mend={error.mend} />}
      {asked && parts?.test && !asked.includes('test') && (
        <p className="small soft">
          {t('predicted.untested')} <Link to={{ view: 'test', path: [run] }}>{t('train.test')}</Link>
        </p>
      )}
    </div>
  );
}
