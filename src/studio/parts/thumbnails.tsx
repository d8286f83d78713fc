import { type ReactNode, useEffect, useRef } from 'react';
import { useAnswer } from '../client/use-client.tsx';
import { useWords } from '../words/use-words.tsx';

interface ThumbnailsProps {
  readonly data: string;
  readonly ids: readonly number[];
  /** What each is called, read out. */
  readonly names?: readonly string[];
  /** A word beneath each: a class, a probability. */
  readonly captions?: readonly string[];
  readonly side: number;
  onChoose(id: number): void;
}

/** A few small pictures, each of which opens. For many there is the gallery. */
export function Thumbnails({ data, ids, names, captions, side, onChoose }: ThumbnailsProps): ReactNode {
  const { t } = useWords();
  const { value } = useAnswer('data.thumbnails', ids.length === 0 ? undefined : { data, ids: [...ids], side: 96 });
  if (ids.length === 0) return null;
  const bytes = value ? 4 * value.side * value.side : 0;
  return (
    <ul className="thumbnails">
      {ids.map((id, i) => (
        <li key={id}>
          <button
            type="button"
            onClick={() => onChoose(id)}
            aria-label={[captions?.[i], names?.[i] ?? t('data.pictureNumber', { id: String(id) })]
              .filter(Boolean)
              .join(', ')}
            style={{ minHeight: side }}
          >
            <Small
              side={side}
              size={value?.side}
              pixels={value && i < value.count ? value.pixels.subarray(i * bytes, (i + 1) * bytes) : undefined}
            />
            {captions && <span className="small">{captions[i]}</span>}
          </button>
        </li>
      ))}
    </ul>
  );
}

function Small({
  side,
  size,
  pixels,
}: {
  readonly side: number;
  readonly size: number | undefined;
  readonly pixels: Uint8Array | undefined;
}): ReactNode {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (!pixels || !size) return;
    canvas.current?.getContext('2d')?.putImageData(new ImageData(new Uint8ClampedArray(pixels), size, size), 0, 0);
  }, [pixels, size]);
  return <canvas ref={canvas} width={size ?? 1} height={size ?? 1} style={{ width: side, height: side }} />;
}
