import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { Panel } from '../../../core/explain/panel.ts';
import { arrowSteps } from '../../parts/arrow-steps.ts';
import { PanelPicture } from '../../parts/panel-picture.tsx';
import { useWords } from '../../words/use-words.tsx';

interface ChannelMapProps {
  readonly panel: Panel & { readonly kind: 'values' };
  readonly chosen: { readonly y?: number; readonly x?: number };
  onChoose(y: number, x: number): void;
}

const side = 320;

/** One channel, large: a click or the arrow keys choose a value; the number under the pointer stands beneath. */
export function ChannelMap({ panel, chosen, onChoose }: ChannelMapProps): ReactNode {
  const { t, numbers } = useWords();
  const { height, width, values } = panel;
  const [under, setUnder] = useState<readonly [y: number, x: number]>();
  const placeOf = (event: PointerEvent<HTMLElement>): readonly [number, number] => {
    const box = event.currentTarget.getBoundingClientRect();
    const within = (share: number, count: number): number =>
      Math.max(0, Math.min(count - 1, Math.floor(share * count)));
    return [
      within((event.clientY - box.top) / box.height, height),
      within((event.clientX - box.left) / box.width, width),
    ];
  };
  const at = chosen.y === undefined || chosen.x === undefined ? undefined : ([chosen.y, chosen.x] as const);
  const [y, x] = under ?? at ?? [0, 0];
  // Keys may come faster than the address, and with it `chosen`, follows: each goes on from where the last one led.
  const moved = useRef<readonly [y: number, x: number] | undefined>(undefined);
  useEffect(() => {
    moved.current = chosen.y === undefined || chosen.x === undefined ? undefined : [chosen.y, chosen.x];
  }, [chosen.y, chosen.x]);
  const step = (event: KeyboardEvent): void => {
    const move = arrowSteps[event.key];
    if (!move && event.key !== 'Enter') return;
    event.preventDefault();
    const from = moved.current;
    const [fromY, fromX] = from ?? [Math.floor(height / 2), Math.floor(width / 2)];
    const [dy, dx] = move && from ? move : [0, 0];
    const next = [Math.max(0, Math.min(height - 1, fromY + dy)), Math.max(0, Math.min(width - 1, fromX + dx))] as const;
    moved.current = next;
    onChoose(...next);
  };
  return (
    <div>
      <button
        type="button"
        className="channel-map"
        style={{ width: side, aspectRatio: `${width} / ${height}` }}
        aria-label={t('explain.chooseValue')}
        onKeyDown={step}
        onPointerMove={(event) => setUnder(placeOf(event))}
        onPointerLeave={() => setUnder(undefined)}
        onPointerUp={(event) => onChoose(...placeOf(event))}
      >
        <PanelPicture panel={panel} side={side} />
        {at && (
          <i
            className="chosen"
            style={{
              left: `${(100 * at[1]) / width}%`,
              top: `${(100 * at[0]) / height}%`,
              width: `${100 / width}%`,
              height: `${100 / height}%`,
            }}
          />
        )}
      </button>
      <p className="small soft" style={{ minHeight: '1.5em' }}>
        {under || at
          ? t('explain.valueAt', { row: String(y), column: String(x), value: numbers.exact(values[y * width + x]) })
          : t('explain.chooseValue')}
      </p>
      <p className="small soft">
        {t('explain.scale', { low: numbers.exact(panel.low), high: numbers.exact(panel.high) })}
      </p>
    </div>
  );
}
