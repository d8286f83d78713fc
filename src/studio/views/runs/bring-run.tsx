import { type ReactNode, useRef, useState } from 'react';
import { finish } from '../../../core/workbench/studio/client.ts';
import { type UploadProgress, uploadFiles } from '../../../core/workbench/studio/upload-files.ts';
import { changed, isOver, useClient, useDoing, useJobs } from '../../client/use-client.tsx';
import { FileButton } from '../../parts/file-button.tsx';
import { Progress } from '../../parts/progress.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { goTo } from '../../route/use-route.ts';
import { useWords } from '../../words/use-words.tsx';

/**
 * Makes a run of a file that was taken elsewhere. @returns the button that asks for it, and what stands below: how far it
 * is, what became of the run's pictures, what went wrong.
 */
export function useBringRun(): { readonly button: ReactNode; readonly told: ReactNode } {
  const { t } = useWords();
  const client = useClient();
  const doing = useDoing();
  const [progress, setProgress] = useState<UploadProgress>();
  const [brought, setBrought] = useState<string>();
  const control = useRef<AbortController>(undefined);
  const unpacking = useJobs().find((one) => one.verb === 'run.bring' && !isOver(one));
  const bring = (file: File): Promise<void> =>
    doing.run(async () => {
      const abort = new AbortController();
      control.current = abort;
      setBrought(undefined);
      try {
        const upload = await uploadFiles(client, file.name, [{ path: file.name, file }], setProgress, abort.signal);
        const { run, pictures } = await finish(client, 'run.bring', { upload });
        changed();
        setBrought(t(`runs.brought.${pictures}`, { run }));
        goTo({ view: 'runs', path: [run], query: {} });
      } catch (error) {
        // A person who takes it back wants no trouble told.
        abort.signal.throwIfAborted();
        throw error;
      } finally {
        setProgress(undefined);
      }
    });
  const cancel = (): void => {
    control.current?.abort(new DOMException('', 'AbortError'));
    if (unpacking) void client.ask('job.cancel', { job: unpacking.id }).catch(() => undefined);
  };
  const button = (
    <FileButton
      label={t('runs.bring')}
      accept=".zip,application/zip"
      disabled={doing.busy}
      onFile={(file) => void bring(file)}
    />
  );
  const told = (progress || brought || doing.error) && (
    <div className="stack told">
      {progress && (
        <Progress
          what={t(unpacking ? 'runs.unpacking' : 'runs.bringing')}
          done={unpacking ? unpacking.progress?.done : progress.bytes}
          total={unpacking ? unpacking.progress?.total : progress.totalBytes}
          left={unpacking?.progress?.secondsLeft}
          bytes={!unpacking || unpacking.progress?.unit === 'bytes'}
          onCancel={cancel}
        />
      )}
      {brought && (
        <p className="prose" role="status">
          {brought}
        </p>
      )}
      {doing.error && <Trouble message={doing.error.message} mend={doing.error.mend} />}
    </div>
  );
  return { button, told };
}
