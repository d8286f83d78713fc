import { type ReactNode, useEffect, useId, useRef, useState } from 'react';
import { useWords } from '../words/use-words.tsx';

interface InPlaceProps {
  readonly children: ReactNode;
  /** What is said of it; undefined while it is on its way. */
  readonly meaning: ReactNode;
  onOpen?(): void;
}

/** Words that say in place what stands behind them: a term's meaning, a source. Escape and a press elsewhere close it. */
export function InPlace({ children, meaning, onOpen }: InPlaceProps): ReactNode {
  const { t } = useWords();
  const id = useId();
  const whole = useRef<HTMLSpanElement>(null);
  const [open, setOpen] = useState(false);
  const [shift, setShift] = useState(0);
  useEffect(() => {
    if (!open) return;
    const close = (event: KeyboardEvent | PointerEvent): void => {
      if (event instanceof KeyboardEvent ? event.key !== 'Escape' : whole.current?.contains(event.target as Node))
        return;
      // Escape closes what is open before it goes a step up.
      if (event instanceof KeyboardEvent) event.preventDefault();
      setOpen(false);
    };
    window.addEventListener('keydown', close, { capture: true });
    window.addEventListener('pointerdown', close);
    return () => {
      window.removeEventListener('keydown', close, { capture: true });
      window.removeEventListener('pointerdown', close);
    };
  }, [open]);
  return (
    <span className="term" ref={whole}>
      <button
        type="button"
        aria-expanded={open}
        aria-controls={id}
        title={t('term.what')}
        onClick={() => {
          onOpen?.();
          // It stays within the window, wherever its word stands.
          const left = whole.current?.getBoundingClientRect().left ?? 0;
          setShift(Math.min(0, document.documentElement.clientWidth - left - 352));
          setOpen(!open);
        }}
      >
        {children}
      </button>
      <span
        className="meaning"
        id={id}
        role="status"
        hidden={!open}
        lang="en"
        style={{ left: Math.max(shift, 16 - (whole.current?.getBoundingClientRect().left ?? 16)) }}
      >
        {open && meaning}
      </span>
    </span>
  );
}
