import type { ReactNode } from 'react';
import { packRun, unpackRun } from '../../../core/workbench/studio/run-file.ts';
import { changed, useClient, useDoing } from '../../client/use-client.tsx';
import { FileButton } from '../../parts/file-button.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { goTo } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';

/** Takes a run away as one file: another studio, or the command line where it is unpacked, goes on with it to the same bits. */
export function TakeRun({ run }: { readonly run: string }): ReactNode {
  const { t } = useWords();
  const client = useClient();
  const doing = useDoing();
  const take = (): Promise<void> =>
    doing.run(async () => {
      const { files } = await client.ask('run.take', { run });
      saveFile(`${run}.zip`, await packRun(run, files), 'application/zip');
    });
  return (
    <>
      <button type="button" className="button" disabled={doing.busy} onClick={() => void take()}>
        {t('runs.take')}
      </button>
      {doing.error && <Trouble message={doing.error.message} mend={doing.error.mend} />}
    </>
  );
}

/** Makes a run of such a file. */
export function BringRun(): ReactNode {
  const { t } = useWords();
  const client = useClient();
  const doing = useDoing();
  const bring = (file: File): Promise<void> =>
    doing.run(async () => {
      const { run } = await client.ask('run.bring', await unpackRun(file));
      changed();
      goTo({ view: 'runs', path: [run], query: {} });
    });
  return (
    <>
      <FileButton
        label={t('runs.bring')}
        accept=".zip,application/zip"
        disabled={doing.busy}
        onFile={(file) => void bring(file)}
      />
      {doing.error && <Trouble message={doing.error.message} mend={doing.error.mend} />}
    </>
  );
}
