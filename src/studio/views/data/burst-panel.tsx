import { type ReactNode, useEffect, useRef, useState } from 'react';
import { drawSquare, hasCamera, useCamera } from '../../parts/camera.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';
import { type BurstClass, filesOf, type Snapshot, takeAway } from './bursts.ts';
import { useBring } from './drop-place.tsx';

/** Between two pictures of a burst, milliseconds: ten a second, a little apart from each other. */
const pause = 100;
/** Pixels a side: what common networks for photos are trained at. */
const longest = 224;
/** The newest of a class that are shown. */
const shown = 8;

/** Classes of one's own by the webcam: whoever holds a class's button takes pictures for it. */
export function BurstPanel(): ReactNode {
  const { t, n, numbers } = useWords();
  const bring = useBring();
  const camera = useCamera();
  const { video, ready } = camera;
  const [name, setName] = useState('');
  const [classes, setClasses] = useState<readonly BurstClass[]>(() =>
    ['1', '2'].map((number) => ({ name: t('burst.className', { number }), pictures: [] })),
  );
  const [recording, setRecording] = useState<number>();
  const burst = useRef(0);
  useEffect(() => {
    if (recording === undefined || !ready) return;
    const canvas = document.createElement('canvas');
    const number = ++burst.current;
    const next = (): void => {
      if (!video.current || !drawSquare(video.current, canvas, longest)) return;
      canvas.toBlob(
        (blob) => {
          if (!blob) return;
          const snapshot: Snapshot = { blob, burst: number, url: URL.createObjectURL(blob) };
          setClasses((all) =>
            all.map((one, i) => (i === recording ? { ...one, pictures: [...one.pictures, snapshot] } : one)),
          );
        },
        'image/jpeg',
        0.92,
      );
    };
    next();
    const timer = window.setInterval(next, pause);
    return () => window.clearInterval(timer);
  }, [recording, ready, video]);
  // A finger that is lifted elsewhere ends the burst as well.
  useEffect(() => {
    if (recording === undefined) return;
    const stop = (): void => setRecording(undefined);
    const events = ['pointerup', 'pointercancel', 'keyup', 'blur'] as const;
    for (const event of events) window.addEventListener(event, stop);
    return () => {
      for (const event of events) window.removeEventListener(event, stop);
    };
  }, [recording]);
  const all = useRef(classes);
  all.current = classes;
  useEffect(() => () => takeAway(all.current.flatMap(({ pictures }) => pictures)), []);

  if (!hasCamera()) return <p className="soft prose">{t('webcam.insecure')}</p>;
  const change = (at: number, next: Partial<BurstClass>): void =>
    setClasses((before) => before.map((one, i) => (i === at ? { ...one, ...next } : one)));
  const names = classes.map((one) => one.name.trim());
  const filled = classes.filter(({ pictures }) => pictures.length > 0);
  const wrong =
    names.some((one) => one === '') || new Set(names).size < names.length
      ? t('burst.names')
      : filled.length < 2
        ? t('burst.two')
        : undefined;
  const pictures = classes.reduce((sum, one) => sum + one.pictures.length, 0);
  return (
    <div className="burst">
      <div className="stack">
        <div className="lens">
          {camera.on && (
            <video className="webcam" ref={video} autoPlay muted playsInline aria-label={t('webcam.label')} />
          )}
        </div>
        {camera.failure && <Trouble message={camera.failure} mend={t('webcam.mend')} />}
        <button type="button" className={camera.on ? 'button' : 'button first'} onClick={() => camera.turn(!camera.on)}>
          {camera.on ? t('webcam.stop') : t('webcam.start')}
        </button>
        <p className="soft prose">{t('burst.hint')}</p>
      </div>
      <div className="stack">
        {classes.map((one, at) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: a class is its place, whatever it is called meanwhile.
          <section className="card" key={at} aria-label={one.name}>
            <div className="row">
              <input
                type="text"
                aria-label={t('burst.name', { number: String(at + 1) })}
                value={one.name}
                maxLength={80}
                onChange={(event) => change(at, { name: event.target.value })}
              />
              <span className="soft number">{n('data.found', one.pictures.length)}</span>
            </div>
            <ul className="snapshots" aria-hidden="true">
              {one.pictures.slice(-shown).map(({ url }) => (
                <li key={url}>
                  <img src={url} alt="" width={48} height={48} />
                </li>
              ))}
            </ul>
            <div className="row">
              <button
                type="button"
                className={recording === at ? 'button is-recording' : 'button'}
                disabled={!ready}
                onPointerDown={(event) => {
                  event.currentTarget.releasePointerCapture?.(event.pointerId);
                  setRecording(at);
                }}
                onKeyDown={(event) => {
                  if (event.key !== ' ' && event.key !== 'Enter') return;
                  event.preventDefault();
                  if (!event.repeat) setRecording(at);
                }}
                onContextMenu={(event) => event.preventDefault()}
              >
                {recording === at ? t('burst.recording') : t('burst.hold')}
              </button>
              <button
                type="button"
                className="button plain"
                disabled={one.pictures.length === 0}
                onClick={() => {
                  const last = one.pictures.at(-1)?.burst;
                  takeAway(one.pictures.filter((picture) => picture.burst === last));
                  change(at, { pictures: one.pictures.filter((picture) => picture.burst !== last) });
                }}
              >
                {t('burst.undo')}
              </button>
              {classes.length > 2 && (
                <button
                  type="button"
                  className="button plain"
                  onClick={() => {
                    takeAway(one.pictures);
                    setClasses(classes.filter((_, i) => i !== at));
                  }}
                >
                  {t('burst.removeClass')}
                </button>
              )}
            </div>
          </section>
        ))}
        <div className="row">
          <button
            type="button"
            className="button"
            onClick={() =>
              setClasses([
                ...classes,
                { name: t('burst.className', { number: String(classes.length + 1) }), pictures: [] },
              ])
            }
          >
            {t('burst.addClass')}
          </button>
        </div>
        <div className="row spaced">
          <input
            type="text"
            aria-label={t('burst.dataName')}
            placeholder={t('burst.dataName')}
            value={name}
            maxLength={80}
            onChange={(event) => setName(event.target.value)}
          />
          <button
            type="button"
            className="button first"
            disabled={wrong !== undefined}
            onClick={() => bring(filesOf(name.trim() || t('burst.usualName'), classes))}
          >
            {t('burst.take', { count: numbers.count(pictures) })}
          </button>
        </div>
        <p className="small soft" role="status">
          {wrong ?? ''}
        </p>
      </div>
    </div>
  );
}
