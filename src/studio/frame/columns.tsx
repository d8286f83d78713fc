import { type ReactNode, useEffect, useRef, useState } from 'react';
import { useWords } from '../words/use-words.tsx';

interface ColumnsProps {
  /** What the view is called; read out, and the page's title. */
  readonly title: string;
  /** The things themselves: classes, layers, runs, findings. */
  readonly left?: ReactNode;
  readonly leftLabel?: string;
  /** The picture of the thing. */
  readonly children: ReactNode;
  /** Why: numbers, words, definitions. On small screens a sheet. */
  readonly right?: ReactNode;
  /** Changes when something else is inspected; the sheet opens then, where it is one. */
  readonly inspected?: string;
}

/** The bench: what there is, its picture, and why. */
export function Columns({ title, left, leftLabel, children, right, inspected }: ColumnsProps): ReactNode {
  const { t } = useWords();
  const [open, setOpen] = useState(false);
  const sheet = useRef<HTMLElement>(null);
  const opener = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    document.title = `${title} – Fovea`;
  }, [title]);
  useEffect(() => {
    setOpen(inspected !== undefined);
  }, [inspected]);
  useEffect(() => {
    if (!open) return;
    const close = (event: KeyboardEvent): void => {
      // Where the inspector is a column there is no sheet to close.
      if (event.key !== 'Escape' || !opener.current?.offsetParent) return;
      event.preventDefault();
      setOpen(false);
      opener.current.focus();
    };
    window.addEventListener('keydown', close, { capture: true });
    return () => window.removeEventListener('keydown', close, { capture: true });
  }, [open]);
  const shape = ['columns', left ? '' : 'no-left', right ? '' : 'no-right'].join(' ');
  return (
    <main className={shape} id="main" tabIndex={-1} aria-label={title}>
      {left && (
        <section className="left" aria-label={leftLabel}>
          {left}
        </section>
      )}
      <div className="centre">{children}</div>
      {right && (
        <>
          <button
            type="button"
            className="button open-right"
            ref={opener}
            aria-expanded={open}
            onClick={() => {
              setOpen(true);
              requestAnimationFrame(() => sheet.current?.querySelector<HTMLElement>('.close-right')?.focus());
            }}
          >
            {t('inspector.open')}
          </button>
          <aside className={open ? 'right open' : 'right'} ref={sheet} aria-label={t('inspector.label')}>
            <button type="button" className="button plain close-right" onClick={() => setOpen(false)}>
              {t('inspector.close')}
            </button>
            {right}
          </aside>
        </>
      )}
    </main>
  );
}
