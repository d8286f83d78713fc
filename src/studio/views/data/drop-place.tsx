import { createContext, type DragEvent, type ReactNode, useContext, useRef, useState } from 'react';
import { finish } from '../../../core/workbench/studio/client.ts';
import { type UploadProgress, uploadFiles } from '../../../core/workbench/studio/upload-files.ts';
import { changed, isOver, useClient, useDoing, useJobs } from '../../client/use-client.tsx';
import { Progress } from '../../parts/progress.tsx';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';
import { collectChosen, collectDropped, type Found } from './collect-files.ts';

/** Brings what was chosen elsewhere on the page into the one place that shows how far it is. */
const bring = { current: (_: readonly Found[]): void => undefined };
const BringContext = createContext(bring);

interface DropPlaceProps {
  onImported(data: string): void;
  readonly children: ReactNode;
}

/** Takes folders, archives and pictures that are dropped on it, and shows the import. */
export function DropPlace({ onImported, children }: DropPlaceProps): ReactNode {
  const { t, numbers } = useWords();
  const client = useClient();
  const doing = useDoing();
  const [over, setOver] = useState(0);
  const [progress, setProgress] = useState<UploadProgress>();
  const [control, setControl] = useState<AbortController>();
  const taking = useJobs().find((one) => one.verb === 'upload.finish' && !isOver(one));
  const take = (found: readonly Found[]): void => {
    if (found.length === 0) return;
    const abort = new AbortController();
    setControl(abort);
    setProgress({ files: 0, totalFiles: found.length, bytes: 0, totalBytes: 0 });
    void doing.run(async () => {
      try {
        const name = found[0].path.split('/')[0];
        const upload = await uploadFiles(client, name, found, setProgress, abort.signal);
        const { data } = await finish(client, 'upload.finish', { upload });
        changed();
        onImported(data);
      } catch (error) {
        // A person who takes it back wants no trouble told.
        abort.signal.throwIfAborted();
        throw error;
      } finally {
        setProgress(undefined);
        setControl(undefined);
      }
    });
  };
  bring.current = take;
  const drag = (by: number) => (event: DragEvent) => {
    if (!event.dataTransfer.types.includes('Files')) return;
    event.preventDefault();
    setOver((count) => Math.max(0, count + by));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the buttons do the same.
    <div
      className={over > 0 ? 'drop over' : 'drop'}
      onDragEnter={drag(1)}
      onDragOver={drag(0)}
      onDragLeave={drag(-1)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(0);
        void doing.run(async () => take(await collectDropped(event.dataTransfer.items)));
      }}
    >
      {progress && taking && (
        <Progress
          what={t('data.takingIn')}
          done={taking.progress?.done}
          total={taking.progress?.total}
          left={taking.progress?.secondsLeft}
          bytes={taking.progress?.unit === 'bytes'}
          onCancel={() => {
            control?.abort(new DOMException('', 'AbortError'));
            void client.ask('job.cancel', { job: taking.id }).catch(() => undefined);
          }}
        />
      )}
      {progress && !taking && (
        <Progress
          what={t('data.importing', {
            files: numbers.count(progress.files),
            total: numbers.count(progress.totalFiles),
          })}
          done={progress.bytes}
          total={progress.totalBytes}
          bytes
          onCancel={() => control?.abort(new DOMException('', 'AbortError'))}
        />
      )}
      {doing.error && <Trouble message={doing.error.message} mend={doing.error.mend} />}
      {children}
    </div>
  );
}

/** Brings files that were made on the page: the place that they are brought to shows how far it is. */
export const useBring = (): ((found: readonly Found[]) => void) => {
  const place = useContext(BringContext);
  return (found) => place.current(found);
};

/** The same by a dialogue: a folder with one folder a class, or an archive. */
export function ImportButtons(): ReactNode {
  const { t } = useWords();
  const bringFiles = useBring();
  const folder = useRef<HTMLInputElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const take = (input: HTMLInputElement): void => {
    if (input.files) bringFiles(collectChosen(input.files));
    input.value = '';
  };
  return (
    <>
      <button type="button" className="button" onClick={() => folder.current?.click()}>
        {t('data.importFolder')}
      </button>
      <button type="button" className="button" onClick={() => files.current?.click()}>
        {t('data.importFiles')}
      </button>
      <input
        ref={(input) => {
          folder.current = input;
          input?.setAttribute('webkitdirectory', '');
        }}
        type="file"
        hidden
        onChange={(event) => take(event.target)}
      />
      <input ref={files} type="file" hidden multiple onChange={(event) => take(event.target)} />
    </>
  );
}
