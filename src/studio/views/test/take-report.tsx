import { type ReactNode, useEffect, useRef } from 'react';
import { useClient, useDoing, useJob } from '../../client/use-client.tsx';
import { Progress } from '../../parts/progress.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';

/** Takes the page about a test away as one file, which opens anywhere and asks nobody for anything. */
export function TakeReport({ run }: { readonly run: string }): ReactNode {
  const { t } = useWords();
  const client = useClient();
  const making = useJob('report.make');
  const taking = useDoing();
  const { result } = making;
  const { run: take } = taking;
  const taken = useRef<unknown>(undefined);
  useEffect(() => {
    // What was made is taken once, and by the view that asked for it.
    if (!result || taken.current === result || result.run !== run) return;
    taken.current = result;
    void take(async () => {
      const { name, html } = await client.ask('report.take', { run });
      saveFile(name, html, 'text/html');
    });
  }, [client, result, run, take]);
  const error = making.error ?? taking.error;
  return (
    <section className="take-report">
      <p className="small soft">{t('report.text')}</p>
      {making.job ? (
        <Progress
          what={t('report.making')}
          done={making.job.progress?.done}
          total={making.job.progress?.total}
          left={making.job.progress?.secondsLeft}
          onCancel={making.cancel}
        />
      ) : (
        <button type="button" className="button spaced" disabled={taking.busy} onClick={() => making.begin({ run })}>
          {t('report.take')}
        </button>
      )}
      {error && <Trouble message={error.message} mend={error.mend} />}
    </section>
  );
}
