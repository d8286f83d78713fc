import { summarize } from '../../model/summary.ts';
import type { EpochRecord } from '../../train/history.ts';
import type { RunDescription, RunStatus } from '../run-folder.ts';
import { chooseRuns, type ListedRun, listRuns, type RunsQuery } from '../runs.ts';
import type { StudioContext } from './context.ts';
import { nameOfRun } from './places.ts';

/** A run as a list shows it. */
export interface ShownRun {
  readonly run: string;
  readonly error?: string;
  readonly status?: RunStatus;
  readonly created?: string;
  readonly updated?: string;
  readonly model?: string;
  readonly parameters?: number;
  /** Height, width and channels of what the model takes. */
  readonly input?: readonly number[];
  /** The data's name, and its id where the studio knows them. */
  readonly data?: string;
  readonly dataId?: string;
  readonly images?: RunDescription['data']['images'];
  readonly epochs?: number;
  readonly epochsDone?: number;
  readonly best?: EpochRecord;
  readonly seed?: number;
  /** The job that trains it now. */
  readonly job?: string;
  /** True where it ended before its last epoch and nobody trains it now: it can go on. */
  readonly resumable?: boolean;
  readonly notes?: string;
}

export async function shownRun(context: StudioContext, listed: ListedRun): Promise<ShownRun> {
  const run = nameOfRun(listed.run);
  if ('error' in listed) return { run, error: listed.error };
  const { description } = listed;
  const { status, created, updated, recipe, data, epochsDone, best } = description;
  const job = context.jobs.list().find((one) => one.run === run && one.ended === undefined)?.id;
  const known = await context.dataAt(data.source);
  return {
    run,
    status: status === 'running' && job === undefined ? 'interrupted' : status,
    created,
    updated,
    model: recipe.modelName,
    parameters: summarize(recipe.model).parameters,
    input: recipe.model.input,
    data: data.name,
    dataId: known?.id,
    images: data.images,
    epochs: recipe.epochs,
    epochsDone,
    best,
    seed: recipe.seed,
    job,
    resumable: job === undefined && epochsDone < recipe.epochs && status !== 'failed',
    notes: await readNotes(context, listed.run),
  };
}

/** All runs, filtered and sorted, the newest first where nothing else is asked for; none where there is no folder of runs yet. */
export async function allRuns(context: StudioContext, filter: RunsQuery = {}): Promise<ShownRun[]> {
  const { host, places } = context;
  if ((await host.storage.kind(places.runs)) !== 'folder') return [];
  const listed = chooseRuns(await listRuns(host, { folder: places.runs }), { sort: 'created', ...filter });
  return Promise.all(listed.map((one) => shownRun(context, one)));
}

/** What a person wrote about a run, in a file of its folder. */
const notesFile = 'notes.txt';

export async function readNotes({ host: { storage } }: StudioContext, path: string): Promise<string> {
  const file = storage.join(path, notesFile);
  return (await storage.kind(file)) === 'file' ? new TextDecoder().decode(await storage.read(file)) : '';
}

export const writeNotes = ({ host: { storage } }: StudioContext, path: string, text: string): Promise<void> =>
  storage.write(storage.join(path, notesFile), text);
