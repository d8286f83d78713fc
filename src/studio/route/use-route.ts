import { useCallback, useSyncExternalStore } from 'react';
import { formatRoute, parseRoute, type Route, routeAbove } from './route.ts';

let last: { readonly hash: string; readonly route: Route } | undefined;

/** The same object for the same address, so that a view renders again only when its place changed. */
function currentRoute(): Route {
  const { hash } = window.location;
  if (last?.hash !== hash) last = { hash, route: parseRoute(hash) };
  return last.route;
}

function listen(changed: () => void): () => void {
  window.addEventListener('hashchange', changed);
  return () => window.removeEventListener('hashchange', changed);
}

/** Where the studio is, from the address bar. */
export const useRoute = (): Route => useSyncExternalStore(listen, currentRoute);

/** Goes to a place; `replace` for changes that nobody would want to step back through, such as a slider's. */
export function goTo(route: Route, { replace = false }: { readonly replace?: boolean } = {}): void {
  const hash = formatRoute(route);
  if (hash === window.location.hash) return;
  if (!replace) {
    window.location.hash = hash;
    return;
  }
  window.history.replaceState(null, '', hash);
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}

/** One value in the address's query, and how to set it; the fallback is not written. */
export function useQuery<T extends string>(name: string, fallback: T, known?: readonly T[]): [T, (value: T) => void] {
  const given = useRoute().query[name] as T | undefined;
  const value = given === undefined || (known && !known.includes(given)) ? fallback : given;
  const set = useCallback(
    (next: T) => {
      const route = currentRoute();
      const { [name]: _, ...others } = route.query;
      goTo({ ...route, query: next === fallback ? others : { ...others, [name]: next } }, { replace: true });
    },
    [name, fallback],
  );
  return [value, set];
}

/**
 * Escape goes one step up, everywhere, unless something that is open took it (a sheet, a menu, a field being typed in).
 */
export function followEscape(): () => void {
  const leave = (event: KeyboardEvent): void => {
    if (event.key !== 'Escape' || event.defaultPrevented || event.isComposing) return;
    const { activeElement } = document;
    if (activeElement instanceof HTMLElement && activeElement.matches('input, textarea, select')) {
      activeElement.blur();
      return;
    }
    const above = routeAbove(currentRoute());
    if (above) goTo(above);
  };
  window.addEventListener('keydown', leave);
  return () => window.removeEventListener('keydown', leave);
}
