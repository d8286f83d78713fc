import type { ReactNode } from 'react';
import { useAnswer, useClient, useDoing } from '../../client/use-client.tsx';
import { Said } from '../../parts/said.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { goTo } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';

interface DiagnosisPanelProps {
  readonly run: string;
  /** Changes when there is more to say: epochs that are done, and whether it still trains. */
  readonly stage: string;
  /** Nothing is begun beside a training that is not over. */
  readonly over: boolean;
}

/** What the curves mean, in words, each with the experiment that would show whether it is so. */
export function DiagnosisPanel({ run, stage, over }: DiagnosisPanelProps): ReactNode {
  return <Diagnosis key={stage} run={run} over={over} />;
}

function Diagnosis({ run, over }: Pick<DiagnosisPanelProps, 'run' | 'over'>): ReactNode {
  const { t, n } = useWords();
  const say = (kind: string): string => t(`diagnosis.kind.${kind}` as 'diagnosis.kind.overfitting');
  const client = useClient();
  const doing = useDoing();
  const { value } = useAnswer('run.diagnose', { run });
  const tryOut = (overrides: Readonly<Record<string, unknown>>): Promise<void> =>
    doing.run(async () => {
      const begun = await client.begin('train.like', { run, overrides: { ...overrides } });
      goTo({ view: 'train', path: ['job', begun.id], query: {} });
    });
  return (
    <section className="diagnosis" aria-label={t('diagnosis.title')}>
      <h2>{t('diagnosis.title')}</h2>
      {doing.error && <Trouble message={doing.error.message} mend={doing.error.mend} />}
      {value?.diagnosis.length === 0 && <p className="soft">{t('diagnosis.fine')}</p>}
      <ul className="spaced">
        {value?.diagnosis.map(({ kind, severity, since, words, next }) => (
          <li key={kind} className={`card ${severity}`}>
            <h3>{say(kind)}</h3>
            <p className="small soft">
              <span className={severity === 'problem' ? 'wrong' : undefined}>{t(`diagnosis.${severity}`)}</span>
              {since !== undefined && ` · ${t('diagnosis.since', { epoch: String(since) })}`}
            </p>
            <p className="prose">
              <Said text={words} />
            </p>
            <p className="prose soft">
              <Said text={next.words} />
            </p>
            {next.overrides && over && (
              <p className="row spaced">
                <button
                  type="button"
                  className="button"
                  disabled={doing.busy}
                  onClick={() => void tryOut(next.overrides ?? {})}
                >
                  {t('diagnosis.try')}
                </button>
                <code className="small break">
                  {Object.entries(next.overrides)
                    .map(([field, to]) => `${field} = ${typeof to === 'object' ? JSON.stringify(to) : String(to)}`)
                    .join(', ')}
                </code>
              </p>
            )}
          </li>
        ))}
      </ul>
      {value && value.missing.length > 0 && (
        <details className="small soft">
          <summary>{n('diagnosis.missing', value.missing.length)}</summary>
          <span lang="en">{value.missing.join(' ')}</span>
        </details>
      )}
    </section>
  );
}
