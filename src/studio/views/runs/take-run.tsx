import { type ReactNode, useEffect, useRef, useState } from 'react';
import { readTaken } from '../../../core/workbench/studio/client.ts';
import { useAnswer, useClient, useDoing, useJob } from '../../client/use-client.tsx';
import { Switch } from '../../controls/switch.tsx';
import { Progress } from '../../parts/progress.tsx';
import { saveFile } from '../../parts/save-file.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';

/** Takes a run away as one file, with its pictures if that is wanted: another studio, or the command line, goes on with it to the same bits. */
export function TakeRun({ run }: { readonly run: string }): ReactNode {
  const { t } = useWords();
  const client = useClient();
  const packing = useJob('run.take');
  const taking = useDoing();
  const [withPictures, setWithPictures] = useState(false);
  const [got, setGot] = useState<number>();
  const { result } = packing;
  const { run: take } = taking;
  const taken = useRef<unknown>(undefined);
  const control = useRef<AbortController>(undefined);
  useEffect(() => {
    // What was packed is taken once, and by the view that asked for it.
    if (!result || taken.current === result) return;
    taken.current = result;
    const abort = new AbortController();
    control.current = abort;
    void take(async () => {
      // Each piece a Blob of its own: the browser lays those on the disk when they are many.
      const pieces: Blob[] = [];
      let bytes = 0;
      setGot(0);
      try {
        for await (const piece of readTaken(client, result.taken, abort.signal)) {
          pieces.push(new Blob([piece as Uint8Array<ArrayBuffer>]));
          bytes += piece.length;
          setGot(bytes);
        }
      } finally {
        setGot(undefined);
      }
      saveFile(result.name, new Blob(pieces), 'application/zip');
    });
  }, [client, result, take]);
  const error = packing.error ?? taking.error;
  const progress = packing.job?.progress;
  return (
    <section className="stack">
      <h2>{t('runs.takeTitle')}</h2>
      <p className="small soft">{t('runs.takeHint')}</p>
      <Weight run={run} withPictures={withPictures} onWithPictures={setWithPictures} />
      {packing.job && (
        <Progress
          what={t('runs.packing')}
          done={progress?.done}
          total={progress?.total}
          left={progress?.secondsLeft}
          bytes={progress?.unit === 'bytes'}
          onCancel={packing.cancel}
        />
      )}
      {got !== undefined && (
        <Progress
          what={t('runs.taking')}
          done={got}
          total={result?.bytes}
          bytes
          onCancel={() => control.current?.abort(new DOMException('', 'AbortError'))}
        />
      )}
      {!packing.job && got === undefined && (
        <button
          type="button"
          className="button"
          disabled={taking.busy}
          onClick={() => packing.begin({ run, withPictures })}
        >
          {t('runs.take')}
        </button>
      )}
      {error && <Trouble message={error.message} mend={error.mend} />}
    </section>
  );
}

/** What it will take, and whether its pictures go along. */
function Weight({
  run,
  withPictures,
  onWithPictures,
}: {
  readonly run: string;
  readonly withPictures: boolean;
  onWithPictures(on: boolean): void;
}): ReactNode {
  const { t, numbers } = useWords();
  const { value } = useAnswer('run.weigh', { run });
  if (!value) return null;
  const { bytes, pictures } = value;
  if (!pictures) {
    return (
      <p className="small">
        {t('runs.weight', { bytes: numbers.bytes(bytes) })} {t('runs.picturesBuiltIn')}
      </p>
    );
  }
  const [height, width] = pictures.size;
  const size = `${height}\u00d7${width}`;
  const told = { bytes: numbers.bytes(bytes), count: numbers.count(pictures.count), size };
  return (
    <>
      <p className="small">{t('runs.weightWith', { ...told, pictures: numbers.bytes(pictures.bytes) })}</p>
      {pictures.here && <Switch label={t('runs.withPictures')} on={withPictures} onChange={onWithPictures} />}
      <p className="small soft">
        {!pictures.here ? t('runs.picturesGone') : withPictures ? t('runs.picturesAlong') : t('runs.picturesStay')}
      </p>
    </>
  );
}
