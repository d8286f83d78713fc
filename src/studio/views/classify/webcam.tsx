import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Trouble } from '../../parts/trouble.tsx';
import { useWords } from '../../words/use-words.tsx';

/** Between two pictures, milliseconds; longer where an answer takes longer. */
const pause = 250;

/** Pictures of the webcam, one after the other, cut to a square. */
export function Webcam({ onFrame }: { onFrame(picture: Blob): void }): ReactNode {
  const { t } = useWords();
  const video = useRef<HTMLVideoElement>(null);
  const [on, setOn] = useState(false);
  const [failure, setFailure] = useState<string>();
  const take = useRef(onFrame);
  take.current = onFrame;
  useEffect(() => {
    if (!on) return;
    let stream: MediaStream | undefined;
    let ended = false;
    let timer: number | undefined;
    const canvas = document.createElement('canvas');
    const next = (): void => {
      const element = video.current;
      if (ended || !element) return;
      const side = Math.min(element.videoWidth, element.videoHeight);
      if (side > 0 && !document.hidden) {
        canvas.width = canvas.height = Math.min(side, 448);
        canvas
          .getContext('2d')
          ?.drawImage(
            element,
            (element.videoWidth - side) / 2,
            (element.videoHeight - side) / 2,
            side,
            side,
            0,
            0,
            canvas.width,
            canvas.height,
          );
        canvas.toBlob((blob) => blob && !ended && take.current(blob), 'image/png');
      }
      timer = window.setTimeout(next, pause);
    };
    navigator.mediaDevices.getUserMedia({ video: true }).then(
      (got) => {
        stream = got;
        if (ended || !video.current) return got.getTracks().forEach((track) => void track.stop());
        video.current.srcObject = got;
        next();
      },
      (error: Error) => {
        setFailure(error.message);
        setOn(false);
      },
    );
    return () => {
      ended = true;
      window.clearTimeout(timer);
      for (const track of stream?.getTracks() ?? []) track.stop();
    };
  }, [on]);
  // Browsers give the webcam to secure pages alone.
  if (!navigator.mediaDevices?.getUserMedia) return <p className="soft prose">{t('webcam.insecure')}</p>;
  return (
    <div className="stack">
      {on && <video className="webcam" ref={video} autoPlay muted playsInline aria-label={t('webcam.label')} />}
      {failure && <Trouble message={failure} mend={t('webcam.mend')} />}
      <button
        type="button"
        className={on ? 'button' : 'button first'}
        onClick={() => {
          setFailure(undefined);
          setOn(!on);
        }}
      >
        {on ? t('webcam.stop') : t('webcam.start')}
      </button>
    </div>
  );
}
