import { mismatch } from '../../errors.ts';
import { createWorkbench, type Workbench } from '../workbench.ts';
import { allRuns, type ShownRun } from './described-run.ts';
import type { StudioHost } from './host.ts';
import { createJobs, type Jobs } from './jobs.ts';
import { createDataKeeper, type DataKeeper, type OpenedData } from './opened-data.ts';
import { createExplanationKeeper, type ExplanationKeeper } from './opened-explanations.ts';
import { createModelKeeper, type ModelKeeper } from './opened-models.ts';
import { type LocatedData, listData, locate, locateRun, nameOfRun, type Places, placesIn } from './places.ts';
import { createTakings, type Takings } from './takings.ts';
import { createUploads, type Uploads } from './uploads.ts';

/** What every verb is given: the workbench, and what a studio keeps open between two requests. */
export interface StudioContext {
  readonly host: StudioHost;
  readonly workbench: Workbench;
  readonly places: Places;
  readonly jobs: Jobs;
  readonly data: DataKeeper;
  readonly models: ModelKeeper;
  readonly explanations: ExplanationKeeper;
  readonly uploads: Uploads;
  readonly takings: Takings;
  listData(): Promise<LocatedData[]>;
  /** @throws FoveaError for an id that no data have. */
  locate(id: string): Promise<LocatedData>;
  /** @param onRead told how many bytes of an archive were looked through. */
  open(id: string, signal?: AbortSignal, onRead?: (done: number, total: number) => void): Promise<OpenedData>;
  /** A run's folder. @throws FoveaError for a name that no run has. */
  runPath(id: string): Promise<string>;
  /** Data by where they lie, as a run records them; undefined where the studio does not know them. */
  dataAt(recorded: string): Promise<LocatedData | undefined>;
  /** Runs that ended before their last epoch and that nobody trains: offered to go on. */
  interrupted(): Promise<ShownRun[]>;
  close(): Promise<void>;
}

export interface StudioOptions {
  /** The folder in which everything is kept; default the current one. */
  readonly home?: string;
  /** Data that the person who started it named. */
  readonly given?: readonly string[];
  /** Bytes for pictures that are kept decoded. Default 128 MiB. */
  readonly room?: number;
  /** Bytes that uploads may take together. Default 20 GB. */
  readonly quota?: number;
}

const usualRoom = 128 * 2 ** 20;
const usualQuota = 20e9;

export function createStudio(host: StudioHost, options: StudioOptions = {}): StudioContext {
  const { home = '.', given = [], room = usualRoom, quota = usualQuota } = options;
  const places = placesIn(host.storage, home);
  const jobs = createJobs(host, nameOfRun, host.report);
  const models = createModelKeeper(host);
  const explanations = createExplanationKeeper(host);
  const data = createDataKeeper(host, room);
  const list = (): Promise<LocatedData[]> => listData(host, places, given);
  const find = async (id: string): Promise<LocatedData> => {
    const found = locate(await list(), id);
    if (found.present) return found;
    throw mismatch('data that are here', 'the data', `'${id}', which were not fetched yet`, 'Fetch them first');
  };
  const studio: StudioContext = {
    host,
    workbench: createWorkbench(host),
    places,
    jobs,
    data,
    models,
    explanations,
    uploads: createUploads(host, places, quota),
    takings: createTakings(host, places),
    listData: list,
    locate: find,
    open: async (id, signal, onRead) => data.open(await find(id), signal, onRead),
    runPath: (id) => locateRun(host.storage, places, id),
    async dataAt(recorded) {
      const all = await list();
      return all.find(
        (one) =>
          one.present &&
          (recorded === host.resolveData(one.path) || (one.kind === 'project' && recorded === `project:${one.name}`)),
      );
    },
    async close() {
      await jobs.close();
      await models.close();
      await explanations.close();
    },
    interrupted: async () =>
      (await allRuns(studio)).filter(({ resumable, status }) => resumable && status === 'interrupted'),
  };
  return studio;
}
