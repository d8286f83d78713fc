import { type ReactNode, useEffect, useRef } from 'react';
import { drawSquare, hasCamera, useCamera } from '../../parts/camera.ts';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';

/** Between two pictures, milliseconds; longer where an answer takes longer. */
const pause = 250;
const longest = 448;

/** Pictures of the webcam, one after the other, cut to a square. */
export function Webcam({ onFrame }: { onFrame(picture: Blob): void }): ReactNode {
  const { t } = useWords();
  const { on, ready, failure, video, turn } = useCamera();
  const take = useRef(onFrame);
  take.current = onFrame;
  useEffect(() => {
    if (!ready) return;
    const canvas = document.createElement('canvas');
    let ended = false;
    const next = (): void => {
      if (video.current && drawSquare(video.current, canvas, longest))
        canvas.toBlob((blob) => blob && !ended && take.current(blob), 'image/png');
    };
    next();
    const timer = window.setInterval(next, pause);
    return () => {
      ended = true;
      window.clearInterval(timer);
    };
  }, [ready, video]);
  if (!hasCamera()) return <p className="soft prose">{t('webcam.insecure')}</p>;
  return (
    <div className="stack">
      {on && <video className="webcam" ref={video} autoPlay muted playsInline aria-label={t('webcam.label')} />}
      {failure && <Trouble message={failure} mend={t('webcam.mend')} />}
      <button type="button" className={on ? 'button' : 'button first'} onClick={() => turn(!on)}>
        {on ? t('webcam.stop') : t('webcam.start')}
      </button>
    </div>
  );
}
