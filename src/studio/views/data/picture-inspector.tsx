import type { ReactNode } from 'react';
import { useCurrentRun } from '../../bench/use-current-run.ts';
import { changed, useAnswer, useClient, useDoing } from '../../client/use-client.tsx';
import { SelectField } from '../../controls/select-field.tsx';
import { Glossed } from '../../glossary/glossed.tsx';
import { RgbPicture } from '../../parts/rgb-picture.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { Link } from '../../route/link.tsx';
import { useWords } from '../../words/use-words.tsx';

interface PictureInspectorProps {
  readonly data: string;
  readonly id: number;
  readonly classNames: readonly string[];
  readonly fixable: boolean;
  /** The run to look into with it; default the one on the bench. */
  readonly run?: string;
  onLeave(): void;
}

/** One picture: as it is, as a model sees it, and what a person may decide about it. */
export function PictureInspector({
  data,
  id,
  classNames,
  fixable,
  run: given,
  onLeave,
}: PictureInspectorProps): ReactNode {
  const { t, numbers } = useWords();
  const client = useClient();
  const doing = useDoing();
  const onBench = useCurrentRun();
  const run = given ?? onBench;
  const { value, error } = useAnswer('data.picture', { data, id, longest: 640 });
  const decide = (work: () => Promise<unknown>): void =>
    void doing.run(async () => {
      await work();
      changed();
    });
  const problem = error ?? doing.error;
  return (
    <section>
      {problem && <Trouble message={problem.message} mend={problem.mend} />}
      {value ? (
        <>
          <RgbPicture
            {...value.picture}
            pixels={value.picture.data}
            label={t('data.pictureOfClass', { name: classNames[value.label] ?? '?' })}
          />
          <h2 className="spaced">{classNames[value.label]}</h2>
          <dl className="facts">
            <dt>{t('data.file')}</dt>
            <dd className="break">{value.origin}</dd>
            <dt>
              <Glossed text={t('data.part')} />
            </dt>
            <dd>{value.part ? t(`part.${value.part}`) : '–'}</dd>
            <dt>{t('data.size')}</dt>
            <dd>{t('data.pixels', { width: numbers.count(value.width), height: numbers.count(value.height) })}</dd>
          </dl>
          <h3 className="spaced">
            <Glossed text={t('data.seen')} />
          </h3>
          <p className="small soft">
            {t('data.pixels', { width: numbers.count(value.seen.width), height: numbers.count(value.seen.height) })}
          </p>
          <RgbPicture {...value.seen} pixels={value.seen.data} side={128} label={t('data.seen')} />
          {run !== undefined && (
            <Link className="button spaced" to={{ view: 'explain', path: [run, data, String(id)] }}>
              {t('explain.look')}
            </Link>
          )}
          {fixable ? (
            <div className="spaced">
              <SelectField
                label={t('data.class')}
                value={classNames[value.label]}
                choices={classNames.map((name) => ({ value: name, label: name }))}
                onChange={(name) =>
                  decide(() =>
                    client.ask('data.fix', { data, fixes: [{ fix: 'relabel', file: value.origin, class: name }] }),
                  )
                }
              />
              <div className="row spaced">
                <button
                  type="button"
                  className="button"
                  onClick={() =>
                    decide(async () => {
                      await client.ask('data.fix', { data, fixes: [{ fix: 'exclude', file: value.origin }] });
                      onLeave();
                    })
                  }
                >
                  {t('data.exclude')}
                </button>
                <UndoButton data={data} />
              </div>
            </div>
          ) : (
            <p className="small soft spaced">{t('data.fixedSet')}</p>
          )}
        </>
      ) : (
        <p className="quiet-wait">{problem ? '' : t('wait.picture')}</p>
      )}
    </section>
  );
}

/** Takes the last decision about the data back. */
export function UndoButton({ data }: { readonly data: string }): ReactNode {
  const { t, n } = useWords();
  const client = useClient();
  const doing = useDoing();
  const count = useAnswer('data.fixes', { data }).value?.fixes.length ?? 0;
  return (
    <button
      type="button"
      className="button"
      disabled={count === 0 || doing.busy}
      onClick={() =>
        void doing.run(async () => {
          await client.ask('data.unfix', { data });
          changed();
        })
      }
    >
      {count === 0 ? t('data.undone') : n('data.undo', count)}
    </button>
  );
}
