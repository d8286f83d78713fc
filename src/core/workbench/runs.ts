import { FoveaError, invalid, mismatch } from '../errors.ts';
import type { Adapters } from './adapters.ts';
import { defaultRuns, openRunFolder, type RunDescription, type RunStatus, runFiles } from './run-folder.ts';

/** A run as a list shows it; `error` where its description cannot be read. */
export type ListedRun =
  | { readonly run: string; readonly description: RunDescription }
  | { readonly run: string; readonly error: string };

/** What runs can be sorted and chosen by: metrics are those of the best epoch. */
export const runMetrics = ['created', 'epochs', 'loss', 'valLoss', 'accuracy', 'valAccuracy'] as const;
export type RunMetric = (typeof runMetrics)[number];

/** `valAccuracy>=0.9`. */
export interface MetricBound {
  readonly metric: Exclude<RunMetric, 'created'>;
  readonly sign: '<' | '<=' | '>' | '>=';
  readonly value: number;
}

export interface RunsQuery {
  /** Default `runs`, which need not be there; a run's own folder means that run. */
  readonly folder?: string;
  /** Parts of the names of data and model, in small or capital letters. */
  readonly data?: string;
  readonly model?: string;
  readonly status?: RunStatus;
  readonly bounds?: readonly MetricBound[];
  /** The best, or newest, first; runs without that metric last. Absent: by name. */
  readonly sort?: RunMetric;
  /** The first so many. */
  readonly limit?: number;
}

/** Runs in a folder. @throws FoveaError when a named folder is none. */
export async function listRuns(
  { storage }: Adapters,
  query: RunsQuery | string = {},
  usual = defaultRuns,
): Promise<ListedRun[]> {
  const { folder, ...filter } = typeof query === 'string' ? { folder: query } : query;
  const listed: ListedRun[] = [];
  if (folder !== undefined && (await storage.kind(folder)) !== 'folder') {
    const received = (await storage.kind(folder)) === undefined ? 'nothing there' : 'a file';
    throw mismatch('a folder of runs', `'${folder}'`, received, 'Check the path');
  }
  const where = folder ?? usual;
  // A run's own folder means that run.
  const own = (await storage.kind(storage.join(where, runFiles.description))) === 'file';
  for (const path of own ? [where] : (await storage.list(where)).map((name) => storage.join(where, name))) {
    if ((await storage.kind(storage.join(path, runFiles.description))) !== 'file') continue;
    try {
      listed.push({ run: path, description: await openRunFolder(storage, path).readDescription() });
    } catch (error) {
      if (!(error instanceof FoveaError)) throw error;
      listed.push({ run: path, error: error.message });
    }
  }
  return chooseRuns(listed, filter);
}

/** Runs that cannot be read pass where nothing is asked of them. */
export function chooseRuns(
  listed: readonly ListedRun[],
  { data, model, status, bounds = [], sort, limit = Infinity }: Omit<RunsQuery, 'folder'>,
): ListedRun[] {
  const has = (text: string, part: string | undefined): boolean =>
    part === undefined || text.toLowerCase().includes(part.toLowerCase());
  const asked = [data, model, status].some((one) => one !== undefined) || bounds.length > 0;
  const chosen = listed.filter((one) => {
    if ('error' in one) return !asked;
    const { description } = one;
    return (
      (has(description.data.name, data) || has(description.data.source, data)) &&
      has(description.recipe.modelName, model) &&
      (status === undefined || description.status === status) &&
      bounds.every((bound) => within(metricOf(description, bound.metric), bound))
    );
  });
  if (sort !== undefined) chosen.sort((a, b) => rank(b, sort) - rank(a, sort));
  return chosen.slice(0, limit);
}

/** A number of a run's best epoch; undefined before the first. */
function metricOf(description: RunDescription, metric: RunMetric): number | undefined {
  if (metric === 'created') return Date.parse(description.created);
  if (metric === 'epochs') return description.epochsDone;
  return description.best?.[metric];
}

/** Larger is better. */
function rank(one: ListedRun, metric: RunMetric): number {
  const value = 'error' in one ? undefined : metricOf(one.description, metric);
  if (value === undefined || Number.isNaN(value)) return -Number.MAX_VALUE;
  return metric === 'loss' || metric === 'valLoss' ? -value : value;
}

function within(value: number | undefined, { sign, value: bound }: MetricBound): boolean {
  if (value === undefined) return false;
  if (sign === '<') return value < bound;
  if (sign === '<=') return value <= bound;
  return sign === '>' ? value > bound : value >= bound;
}

/** `valAccuracy>0.9`, or several with commas. @throws FoveaError */
export function parseBounds(text: string): MetricBound[] {
  return text.split(',').map((part) => {
    const match = /^\s*(\w+)\s*(<=|>=|<|>)\s*(\S+)\s*$/.exec(part);
    const [, metric = '', sign = '', number = ''] = match ?? [];
    const value = Number(number);
    const known = runMetrics.filter((name) => name !== 'created');
    if (!match || !known.includes(metric as MetricBound['metric']) || !Number.isFinite(value)) {
      throw invalid(`a bound such as valAccuracy>0.9 (of ${known.join(', ')})`, "option 'where'", part);
    }
    return { metric: metric as MetricBound['metric'], sign: sign as MetricBound['sign'], value };
  });
}
