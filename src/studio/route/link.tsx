import type { AnchorHTMLAttributes, ReactNode } from 'react';
import { formatRoute, type Route } from './route.ts';

interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  readonly to: Pick<Route, 'view'> & Partial<Route>;
  readonly children: ReactNode;
}

/** A link to a place in the studio: it can be copied, opened in a second tab, and reached by Tab. */
export const Link = ({ to, children, ...rest }: LinkProps): ReactNode => (
  <a href={formatRoute({ path: [], query: {}, ...to })} {...rest}>
    {children}
  </a>
);
