import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useChartColours } from '../charts/colours.ts';
import { type BlockImage, type Blocks, createBlocks, type PictureBlock } from './blocks.ts';
import { nearby } from './nearby.ts';

export interface GalleryProps {
  readonly label: string;
  readonly count: number;
  /** Pictures a block has, the last one excepted. */
  readonly blockSize: number;
  /** Changes whenever other pictures are shown: what was loaded is let go. */
  readonly identity: string;
  load(block: number, signal: AbortSignal): Promise<PictureBlock>;
  /** What a block shows until it is there: the same pictures, smaller. Undefined: nothing yet. */
  standIn?(block: number): BlockImage | undefined;
  /** Whether something stands in for every block. */
  readonly standInWhole?: boolean;
  /** Side of a picture as it is shown, in CSS pixels. */
  readonly side?: number;
  /** What a picture is called, read out when it is reached. */
  describe(index: number): string;
  readonly chosen?: number;
  onChoose(index: number): void;
  /** Opens it: Enter, or a second press. */
  onOpen?(index: number): void;
  /** Keys that the gallery does not take itself: digits to label, X to exclude. */
  onKey?(key: string, index: number): void;
  onFailure?(error: Error): void;
}

const gap = 4;
/** Pictures of so few pixels are shown as squares. */
const tinySide = 8;

/**
 * As many pictures as there are, of which only those in sight are drawn, on one canvas that stands still while the page
 * scrolls beneath it. Arrow keys, Page Up and Down, Home and End move; Enter opens.
 */
export function Gallery(props: GalleryProps): ReactNode {
  const { label, count, blockSize, identity, side: smallest = 72, describe, chosen, onChoose, onOpen, onKey } = props;
  const id = useId();
  const place = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const latest = useRef(props);
  latest.current = props;
  const colours = useChartColours();
  const [size, setSize] = useState({ width: 0, height: 0 });
  const columns = Math.max(1, Math.floor((size.width + gap) / (smallest + gap)));
  // A little larger than asked for, so that the pictures end where the column ends.
  const side = Math.max(smallest, Math.floor((size.width + gap) / columns) - gap);
  const pitch = side + gap;
  const rows = Math.ceil(count / columns);
  const draw = useRef<() => void>(() => undefined);
  const blocks = useRef<Blocks | undefined>(undefined);
  /** Where the last frame began, and whether it had gone up or down. */
  const scrolled = useRef({ top: 0, down: true });
  const active = Math.min(chosen ?? 0, Math.max(0, count - 1));
  // Keys may come faster than the address, and with it `chosen`, follows: each goes on from where the last one led.
  const moved = useRef(chosen);
  useEffect(() => {
    moved.current = chosen;
  }, [chosen]);

  useEffect(() => {
    const element = place.current as HTMLDivElement;
    const follow = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }));
    follow.observe(element);
    return () => follow.disconnect();
  }, []);

  // biome-ignore lint/correctness/useExhaustiveDependencies: another identity means other pictures.
  useEffect(() => {
    const made = createBlocks(
      (block, signal) => latest.current.load(block, signal),
      (failure) => {
        if (failure) latest.current.onFailure?.(failure);
        requestAnimationFrame(() => draw.current());
      },
    );
    blocks.current = made;
    (place.current as HTMLDivElement).scrollTop = 0;
    requestAnimationFrame(() => draw.current());
    return () => made.close();
  }, [identity, blockSize]);

  draw.current = () => {
    const element = place.current;
    const surface = canvas.current;
    if (!element || !surface || !blocks.current || size.width === 0) return;
    const ratio = devicePixelRatio;
    if (surface.width !== Math.round(size.width * ratio) || surface.height !== Math.round(size.height * ratio)) {
      surface.width = Math.round(size.width * ratio);
      surface.height = Math.round(size.height * ratio);
    }
    const context = surface.getContext('2d') as CanvasRenderingContext2D;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, size.width, size.height);
    const top = element.scrollTop;
    const first = Math.floor(top / pitch) * columns;
    const last = Math.min(count, Math.ceil((top + size.height) / pitch) * columns);
    let unfilled = 0;
    for (let i = first; i < last; i++) {
      const x = (i % columns) * pitch;
      const y = Math.floor(i / columns) * pitch - top;
      const number = Math.floor(i / blockSize);
      const whole = blocks.current.get(number);
      const block = whole ?? latest.current.standIn?.(number);
      if (!block) {
        unfilled++;
        context.fillStyle = colours.line;
        context.fillRect(x, y, side, side);
        continue;
      }
      const within = i % blockSize;
      // Very small data show their pixels; what stands in is better blurred.
      context.imageSmoothingEnabled = block !== whole || block.side > tinySide;
      context.drawImage(
        block.image,
        (within % block.perRow) * block.side,
        Math.floor(within / block.perRow) * block.side,
        block.side,
        block.side,
        x,
        y,
        side,
        side,
      );
      if (i === chosen) {
        context.strokeStyle = colours.card;
        context.lineWidth = 6;
        context.strokeRect(x + 2, y + 2, side - 4, side - 4);
        context.strokeStyle = colours.train;
        context.lineWidth = 3;
        context.strokeRect(x + 1.5, y + 1.5, side - 3, side - 3);
      }
    }
    // Told to who measures, and to nobody else: how many cells in sight have nothing to show yet.
    surface.dataset.unfilled = String(unfilled);
    if (top !== scrolled.current.top) scrolled.current = { top, down: top > scrolled.current.top };
    blocks.current.want(
      nearby(
        Math.floor(first / blockSize),
        Math.floor(Math.max(first, last - 1) / blockSize),
        Math.ceil(count / blockSize),
        scrolled.current.down,
      ),
    );
  };
  useEffect(() => {
    draw.current();
  });

  const reveal = (index: number): void => {
    const element = place.current as HTMLDivElement;
    const y = Math.floor(index / columns) * pitch;
    if (y < element.scrollTop) element.scrollTop = y;
    else if (y + pitch > element.scrollTop + size.height) element.scrollTop = y + pitch - size.height;
  };
  const move = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const page = Math.max(1, Math.floor(size.height / pitch)) * columns;
    const steps: Readonly<Record<string, number>> = {
      ArrowLeft: -1,
      ArrowRight: 1,
      ArrowUp: -columns,
      ArrowDown: columns,
      PageUp: -page,
      PageDown: page,
      Home: -count,
      End: count,
    };
    const step = steps[event.key];
    if (step !== undefined) {
      event.preventDefault();
      const from = moved.current;
      const next = from === undefined ? 0 : Math.min(count - 1, Math.max(0, from + step));
      moved.current = next;
      reveal(next);
      onChoose(next);
    } else if (event.key === 'Enter') {
      event.preventDefault();
      if (onOpen) onOpen(active);
      else onChoose(active);
    } else if (chosen !== undefined) onKey?.(event.key, chosen);
  };
  const press = (event: PointerEvent): void => {
    const { left, top } = (place.current as HTMLDivElement).getBoundingClientRect();
    const column = Math.floor((event.clientX - left) / pitch);
    const row = Math.floor((event.clientY - top + (place.current as HTMLDivElement).scrollTop) / pitch);
    const index = row * columns + column;
    if (column >= columns || index >= count) return;
    if (index === chosen) onOpen?.(index);
    else onChoose(index);
  };
  return (
    <div
      className="gallery"
      data-overview={props.standInWhole ? 'whole' : undefined}
      ref={place}
      role="listbox"
      aria-label={label}
      aria-activedescendant={count > 0 ? `${id}-${active}` : undefined}
      tabIndex={0}
      onKeyDown={move}
      onClick={(event) => press(event as unknown as PointerEvent)}
      onScroll={() => requestAnimationFrame(() => draw.current())}
    >
      <canvas ref={canvas} style={{ width: size.width, height: size.height }} />
      <div className="ground" style={{ height: Math.max(0, rows * pitch - gap) }}>
        {count > 0 && (
          // biome-ignore lint/a11y/useFocusableInteractive: the list box has the focus and names its active option.
          <div
            className="heard"
            role="option"
            id={`${id}-${active}`}
            aria-selected={chosen === active}
            aria-posinset={active + 1}
            aria-setsize={count}
          >
            {describe(active)}
          </div>
        )}
      </div>
    </div>
  );
}
