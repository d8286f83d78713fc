import type { ReactNode } from 'react';
import type { Fix } from '../../../core/dataset/fixes.ts';
import type { ResultOf } from '../../../core/workbench/studio/index.ts';
import { changed, useAnswer, useClient, useDoing, useJob } from '../../client/use-client.tsx';
import { Progress } from '../../parts/progress.tsx';
import { Said } from '../../parts/said.tsx';
import { Thumbnails } from '../../parts/thumbnails.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';
import { UndoButton } from './picture-inspector.tsx';

interface FindingsPanelProps {
  readonly data: string;
  readonly fixable: boolean;
  /** Shows the pictures of a finding in the gallery. */
  onShow(index: number): void;
  onPicture(id: number): void;
}

type Finding = ResultOf<'data.findings'>['findings'][number];

const shownPictures = 6;
/** More cards at once would be slow to read and to draw. */
const shownFindings = 60;

/** What the doctor found: a card each, with pictures, and the ways out as buttons. All of it can be taken back. */
export function FindingsPanel({ data, fixable, onShow, onPicture }: FindingsPanelProps): ReactNode {
  const { t, n } = useWords();
  const client = useClient();
  const doing = useDoing();
  const known = useAnswer('data.findings', { data });
  const doctor = useJob('data.doctor');
  const finished = doctor.result?.data === data;
  const findings = finished && known.value?.examined !== true ? doctor.result?.findings : known.value?.findings;
  const examined = finished || known.value?.examined === true;
  const decide = (request: { readonly fixes?: Fix[]; readonly mend?: Finding['kind'] }): void =>
    void doing.run(async () => {
      await client.ask('data.fix', { data, ...request });
      changed();
    });
  const error = known.error ?? doctor.error ?? doing.error;
  return (
    <div className="stack">
      <div className="row between">
        <p className="status" role="status">
          {examined ? n('findings.count', findings?.length ?? 0) : t('findings.notYet')}
        </p>
        <div className="row">
          {fixable && <UndoButton data={data} />}
          <button
            type="button"
            className={examined ? 'button' : 'button first'}
            disabled={doctor.job !== undefined}
            onClick={() => doctor.begin({ data })}
          >
            {examined ? t('findings.again') : t('findings.examine')}
          </button>
        </div>
      </div>
      {doctor.job && (
        <Progress
          what={t('doing.examine')}
          done={doctor.job.progress?.done}
          total={doctor.job.progress?.total}
          left={doctor.job.progress?.secondsLeft}
          onCancel={doctor.cancel}
        />
      )}
      {error && <Trouble message={error.message} mend={error.mend} />}
      {examined && findings?.length === 0 && <p className="soft">{t('findings.none')}</p>}
      {findings?.slice(0, shownFindings).map((finding, i) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: findings have no other name than their place.
        <article className="card finding" key={i}>
          <div className="row between">
            <h2>{t(`finding.${finding.kind}`)}</h2>
            <span className={`tag is-${finding.severity}`}>{t(`severity.${finding.severity}`)}</span>
          </div>
          <p className="prose break">
            <Said text={finding.evidence} />
          </p>
          <p className="prose soft">
            <Said text={finding.advice} />
          </p>
          <Thumbnails
            data={data}
            ids={finding.ids.filter((id) => id !== null).slice(0, shownPictures)}
            names={finding.files}
            side={72}
            onChoose={onPicture}
          />
          <div className="row">
            {fixable &&
              finding.mends.map((mend, m) => (
                <button
                  type="button"
                  className="button"
                  // biome-ignore lint/suspicious/noArrayIndexKey: as above.
                  key={m}
                  disabled={doing.busy}
                  onClick={() => decide({ fixes: [...mend.fixes] })}
                >
                  {mendText(mend.fixes, n, t)}
                  {mend.shows !== undefined && t('mend.shows', { name: mend.shows })}
                </button>
              ))}
            {finding.ids.length > shownPictures && (
              <button type="button" className="button plain" onClick={() => onShow(i)}>
                {n('findings.all', finding.ids.length)}
              </button>
            )}
          </div>
        </article>
      ))}
      {findings && findings.length > shownFindings && (
        <p className="soft">{n('findings.more', findings.length - shownFindings)}</p>
      )}
      {examined && !fixable && <p className="soft">{t('data.fixedSet')}</p>}
    </div>
  );
}

type Words = ReturnType<typeof useWords>;

/** What a button would do: `Leave out 3 pictures`. */
function mendText(fixes: readonly Fix[], n: Words['n'], t: Words['t']): string {
  const [first] = fixes;
  if (!first) return '';
  if (first.fix === 'exclude') return n('mend.exclude', fixes.length);
  if (first.fix === 'relabel') return n('mend.relabel', fixes.length, { name: first.class });
  if (first.fix === 'merge') return t('mend.merge', { from: first.from, into: first.into });
  return t('mend.rename', { from: first.from, to: first.to });
}
