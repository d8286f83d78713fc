import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { useWords } from '../words/use-words.tsx';

interface DrawingPadProps {
  /** Told a moment after each stroke, and while one goes on. */
  onDraw(picture: Blob): void;
  onClear(): void;
}

const side = 280;
const settle = 120;

/** White on black, with a finger, a pen or a mouse, as digits of most sets are. */
export function DrawingPad({ onDraw, onClear }: DrawingPadProps): ReactNode {
  const { t } = useWords();
  const canvas = useRef<HTMLCanvasElement>(null);
  const last = useRef<readonly [number, number] | undefined>(undefined);
  const timer = useRef<number | undefined>(undefined);
  const [empty, setEmpty] = useState(true);
  const wipe = (): void => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.fillStyle = '#000';
    context.fillRect(0, 0, side, side);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: the ground is prepared once; a later render must not wipe a drawing.
  useEffect(() => {
    wipe();
    return () => window.clearTimeout(timer.current);
  }, []);
  return (
    <div className="stack">
      <div className="pad">
        <Surface
          canvas={canvas}
          last={last}
          label={t('pad.label')}
          onStroke={() => {
            setEmpty(false);
            window.clearTimeout(timer.current);
            timer.current = window.setTimeout(() => {
              canvas.current?.toBlob((blob) => blob && onDraw(blob), 'image/png');
            }, settle);
          }}
        />
        {empty && <p>{t('pad.empty')}</p>}
      </div>
      <button
        type="button"
        className="button"
        disabled={empty}
        onClick={() => {
          wipe();
          setEmpty(true);
          onClear();
        }}
      >
        {t('pad.clear')}
      </button>
    </div>
  );
}

interface SurfaceProps {
  readonly canvas: { current: HTMLCanvasElement | null };
  readonly last: { current: readonly [number, number] | undefined };
  readonly label: string;
  onStroke(): void;
}

function Surface({ canvas, last, label, onStroke }: SurfaceProps): ReactNode {
  const at = (event: PointerEvent): readonly [number, number] => {
    const { left, top, width } = (canvas.current as HTMLCanvasElement).getBoundingClientRect();
    return [((event.clientX - left) * side) / width, ((event.clientY - top) * side) / width];
  };
  const paint = (to: readonly [number, number]): void => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    context.strokeStyle = '#fff';
    context.lineWidth = 20;
    context.lineCap = 'round';
    context.lineJoin = 'round';
    context.beginPath();
    context.moveTo(...(last.current ?? to));
    context.lineTo(...to);
    context.stroke();
    last.current = to;
    onStroke();
  };
  return (
    <canvas
      ref={canvas}
      width={side}
      height={side}
      role="img"
      aria-label={label}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        last.current = undefined;
        paint(at(event));
      }}
      onPointerMove={(event) => event.buttons > 0 && last.current && paint(at(event))}
      onPointerUp={() => {
        last.current = undefined;
      }}
    />
  );
}
