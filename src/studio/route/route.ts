/** A place in the studio: the view, and what is looked at within it, from the whole to the part. */
export interface Route {
  readonly view: View;
  /** Names that a person may have given (classes, files, layers): never markup, never paths. */
  readonly path: readonly string[];
  /** What changes how a place is shown but not which it is: filters, tabs, scales. */
  readonly query: Readonly<Record<string, string>>;
}

/** The views of the thread in its order, then those beside it. */
export const threadViews = ['data', 'model', 'train', 'test', 'classify'] as const;
export const views = [...threadViews, 'runs', 'explain', 'course'] as const;
export type View = (typeof views)[number];
export type ThreadView = (typeof threadViews)[number];

/** Where a person starts: training is the heart of it. */
export const home: Route = { view: 'train', path: [], query: {} };

/** The part of an address behind `#`. Each name is percent-encoded, so that slashes in it are no steps. */
export function formatRoute({ view, path, query }: Route): string {
  const steps = [view, ...path].map(encodeURIComponent).join('/');
  const entries = Object.entries(query).filter(([, value]) => value !== '');
  return `#/${steps}${entries.length > 0 ? `?${new URLSearchParams(entries)}` : ''}`;
}

/** Reads the part of an address behind `#`; what is no place of the studio is its home. */
export function parseRoute(hash: string): Route {
  const [steps, search = ''] = hash.replace(/^#\/?/, '').split('?', 2);
  const [view, ...path] = steps.split('/').map(decode);
  if (!isView(view)) return home;
  return { view, path: path.filter((step) => step !== ''), query: Object.fromEntries(new URLSearchParams(search)) };
}

/** One step up: from a part to its whole; undefined at the top of a view. */
export function routeAbove({ view, path }: Route): Route | undefined {
  return path.length === 0 ? undefined : { view, path: path.slice(0, -1), query: {} };
}

const isView = (name: string | undefined): name is View => views.includes(name as View);

/** An address that somebody cut in two must not break the page. */
function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
