import type { ReactNode } from 'react';

interface ScrollRegionProps {
  readonly label: string;
  readonly className?: string;
  readonly children: ReactNode;
}

/** What may be wider than its place: it scrolls by itself, and is reached by keyboard. */
export const ScrollRegion = ({ label, className = '', children }: ScrollRegionProps): ReactNode => (
  // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
  <section className={`scroll ${className}`.trim()} tabIndex={0} aria-label={label}>
    {children}
  </section>
);
