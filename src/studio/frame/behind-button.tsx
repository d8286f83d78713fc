import { type ReactNode, useEffect, useId, useRef } from 'react';

interface BehindButtonProps {
  /** Of the button, and of the panel for screen readers. */
  readonly label: string;
  readonly className: string;
  onToggle?(open: boolean): void;
  readonly children: ReactNode;
}

/** A panel over the view, behind a button; Escape closes it, and the view stays where it is. */
export function BehindButton({ label, className, onToggle, children }: BehindButtonProps): ReactNode {
  const id = useId();
  const panel = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // Escape closes the panel; the view must not take it as a step up.
    const swallow = (event: KeyboardEvent): void => {
      if (event.key !== 'Escape' || !panel.current?.matches(':popover-open')) return;
      event.preventDefault();
      panel.current.hidePopover();
    };
    window.addEventListener('keydown', swallow, { capture: true });
    return () => window.removeEventListener('keydown', swallow, { capture: true });
  }, []);
  return (
    <>
      <button type="button" popoverTarget={id}>
        {label}
      </button>
      <div
        className={className}
        id={id}
        popover="auto"
        ref={panel}
        role="dialog"
        aria-label={label}
        onToggle={(event) => onToggle?.(event.newState === 'open')}
      >
        {children}
      </div>
    </>
  );
}
