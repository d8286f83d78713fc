import type { ReactNode } from 'react';
import { useClient, useDoing } from '../client/use-client.tsx';
import { useWords } from '../words/use-words.tsx';
import { saveFile } from './save-file.ts';
import { Trouble } from './trouble.tsx';

/** Takes a run's model away as one file, which every other host and the command line read. */
export function TakeModel({ run }: { readonly run: string }): ReactNode {
  const { t } = useWords();
  const client = useClient();
  const doing = useDoing();
  const take = (): Promise<void> =>
    doing.run(async () => {
      const { name, bytes } = await client.ask('model.take', { run });
      saveFile(name, bytes, 'application/octet-stream');
    });
  return (
    <>
      <button type="button" className="button" disabled={doing.busy} onClick={() => void take()}>
        {t('take.model')}
      </button>
      {doing.error && <Trouble message={doing.error.message} mend={doing.error.mend} />}
    </>
  );
}
