import { type ReactNode, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';

interface InPlaceProps {
  readonly children: ReactNode;
  /** What is said of it; undefined while it is on its way. */
  readonly meaning: ReactNode;
  /** The language of what is said. */
  readonly language: string;
  /** What a screen reader calls the words, where they are none. */
  readonly label?: string;
}

/** For so long a pointer rests on words before they say what they mean, in milliseconds. */
const rest = 300;
const edge = 8;

/**
 * Words that say in place what stands behind them: a term's meaning, a source. A resting pointer shows it while it rests,
 * a press or Enter until Escape, a press elsewhere or scrolling closes it.
 */
export function InPlace({ children, meaning, language, label }: InPlaceProps): ReactNode {
  const id = useId();
  const whole = useRef<HTMLSpanElement>(null);
  const said = useRef<HTMLSpanElement>(null);
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const [open, setOpen] = useState<'resting' | 'kept'>();
  useEffect(() => () => clearTimeout(waiting.current), []);
  useEffect(() => {
    if (!open) return;
    const close = (event: Event): void => {
      if (event instanceof KeyboardEvent ? event.key !== 'Escape' : whole.current?.contains(event.target as Node))
        return;
      // Escape closes what is open before it goes a step up.
      if (event instanceof KeyboardEvent) event.preventDefault();
      setOpen(undefined);
    };
    const events = ['keydown', 'pointerdown', 'scroll'] as const;
    for (const name of events) window.addEventListener(name, close, { capture: true });
    return () => {
      for (const name of events) window.removeEventListener(name, close, { capture: true });
    };
  }, [open]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a meaning that arrives changes the size.
  useLayoutEffect(() => {
    const panel = said.current;
    if (!panel || !whole.current) return;
    if (!open) {
      panel.hidePopover();
      return;
    }
    panel.showPopover();
    // Within the window, wherever its words stand.
    const words = whole.current.getBoundingClientRect();
    const { width, height } = panel.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    const fits = words.bottom + height + edge < clientHeight;
    panel.style.left = `${Math.max(edge, Math.min(words.left, clientWidth - width - edge))}px`;
    panel.style.top = `${fits ? words.bottom : Math.max(edge, words.top - height)}px`;
  }, [open, meaning]);
  return (
    <span
      className="term"
      ref={whole}
      onPointerEnter={({ pointerType }) => {
        if (pointerType === 'mouse') waiting.current = setTimeout(() => setOpen((now) => now ?? 'resting'), rest);
      }}
      onPointerLeave={() => {
        clearTimeout(waiting.current);
        setOpen((now) => (now === 'resting' ? undefined : now));
      }}
    >
      <button
        type="button"
        aria-label={label}
        aria-expanded={open !== undefined}
        aria-controls={id}
        onClick={(event) => {
          // Where a heading or a row can be pressed itself, this press is not meant for it.
          event.stopPropagation();
          clearTimeout(waiting.current);
          setOpen(open === 'kept' ? undefined : 'kept');
        }}
      >
        {children}
      </button>
      <span className="meaning" id={id} role="status" popover="manual" ref={said} lang={language}>
        {open && meaning}
      </span>
    </span>
  );
}
