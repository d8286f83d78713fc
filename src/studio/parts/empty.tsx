import type { ReactNode } from 'react';

interface EmptyProps {
  readonly title: string;
  /** What belongs here, in a sentence or two. */
  readonly children: ReactNode;
  /** The first step; one of them is the main one. */
  readonly actions?: ReactNode;
}

/** A view with nothing in it yet: what belongs here, and the first step. */
export const Empty = ({ title, children, actions }: EmptyProps): ReactNode => (
  <section className="empty">
    <h1>{title}</h1>
    <p>{children}</p>
    {actions && <div className="row">{actions}</div>}
  </section>
);
