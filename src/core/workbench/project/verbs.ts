import { mismatch } from '../../errors.ts';
import type { Adapters, DataDescription, LookRequest } from '../adapters.ts';
import { type AddOutcome, type AddRequest, addLabelled } from '../add.ts';
import { type CalibrateOutcome, type CalibrateRequest, calibrateRun } from '../calibrate.ts';
import { type CompareRequest, type Comparison, compareRuns } from '../compare.ts';
import { type Examination, type ExamineRequest, examineData } from '../doctor.ts';
import { type FixOutcome, type FixRequest, fixData } from '../fixes.ts';
import { gatherReport, type ReportContent, type ReportRequest } from '../report.ts';
import { type ListedRun, listRuns, type RunsQuery } from '../runs.ts';
import { type SplitOutcome, type SplitRequest, splitData } from '../split.ts';
import { type SuspectsOutcome, type SuspectsRequest, suspectLabels } from '../suspects.ts';
import { type SweepOptions, type SweepOutcome, type SweepRequest, sweepRuns } from '../sweep.ts';
import { type TestOutcome, type TestRequest, testRun } from '../test.ts';
import type { TorchrunOutcome, TorchrunRequest } from '../torch/export-torchrun.ts';
import { trainRun } from '../train.ts';
import type { TrainOutcome, TrainRequest } from '../train-request.ts';
import type { VerbOptions } from '../verb.ts';
import { inProject } from './inside.ts';
import { chooseData, findProject, lockProject, type Project, readProject, samePlace } from './project.ts';

/** Where a verb works. */
export interface Within {
  /** A project's folder: its data, fixes, split and runs are meant. */
  readonly project?: string;
}

/** A request whose data may be left out within a project. */
export type DataWithin<T extends { readonly data: string }> = Omit<T, 'data'> & Within & { readonly data?: string };

interface Place {
  readonly adapters: Adapters;
  readonly data: string;
  readonly project: Project | undefined;
  /** The project's split of these data, whether there is one or not. */
  readonly split: string | undefined;
}

async function placeOf(adapters: Adapters, { project: folder, data }: Within & { data?: string }): Promise<Place> {
  if (folder === undefined) {
    if (data === undefined) throw mismatch('data', 'this work', 'none', 'Name them, or work within a project');
    return { adapters, data, project: undefined, split: undefined };
  }
  const project = await readProject(adapters.storage, folder);
  const own = await chooseData(adapters.storage, project, data);
  return { adapters: inProject(adapters, project), data: own?.path ?? (data as string), project, split: own?.split };
}

async function locked<T>(
  adapters: Adapters,
  project: Project | undefined,
  doing: string,
  options: VerbOptions,
  work: () => Promise<T>,
): Promise<T> {
  if (!project) return work();
  const lock = await lockProject(adapters, project, doing, options);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

/** A run by its path, or within a project by its name in the folder of runs. */
export async function runOf(adapters: Adapters, folder: string | undefined, run: string): Promise<string> {
  const { storage } = adapters;
  if (folder === undefined || (await storage.kind(run)) !== undefined) return run;
  const { runs } = await readProject(storage, folder);
  const named = storage.join(runs, run);
  return (await storage.kind(named)) === undefined ? run : named;
}

/** The project that a run lies in, wherever this is asked from. */
async function projectOfRun({ storage }: Adapters, run: string): Promise<Project | undefined> {
  return findProject(storage, (await storage.kind(run)) === 'file' ? storage.join(run, '..') : run);
}

export async function trainWithin(
  adapters: Adapters,
  { project: folder, ...request }: TrainRequest & Within,
  options: VerbOptions = {},
): Promise<TrainOutcome> {
  if (request.resume !== undefined) {
    const resume = await runOf(adapters, folder, request.resume);
    const project = await projectOfRun(adapters, resume);
    const inside = project ? inProject(adapters, project) : adapters;
    return locked(adapters, project, 'train', options, () => trainRun(inside, { ...request, resume }, options));
  }
  if (request.like !== undefined) {
    const like = await runOf(adapters, folder, request.like);
    const project = await projectOfRun(adapters, like);
    const inside = project ? inProject(adapters, project) : adapters;
    const runs = request.runs ?? project?.runs;
    return locked(adapters, project, 'train', options, () => trainRun(inside, { ...request, like, runs }, options));
  }
  if (folder === undefined) return trainRun(adapters, request, options);
  const place = await placeOf(adapters, { project: folder, data: request.data });
  const { adapters: inside, data, project } = place;
  const split = request.split ?? (await splitOf(adapters, place));
  const runs = request.runs ?? project!.runs;
  return locked(adapters, project, 'train', options, () =>
    trainRun(inside, { ...request, data, split, runs }, options),
  );
}

/** A sweep goes to the project's sweeps, by its split where it names no other; one that goes on is named by path or name. */
export async function sweepWithin(
  adapters: Adapters,
  { project: folder, ...request }: SweepRequest & Within,
  options: SweepOptions = {},
): Promise<SweepOutcome> {
  if (request.resume !== undefined) {
    const resume = await sweepOf(adapters, folder, request.resume);
    const project = await projectOfRun(adapters, resume);
    const inside = project ? inProject(adapters, project) : adapters;
    return locked(adapters, project, 'sweep', options, () => sweepRuns(inside, { ...request, resume }, options));
  }
  if (folder === undefined) return sweepRuns(adapters, request, options);
  const place = await placeOf(adapters, { project: folder, data: request.data });
  const project = place.project!;
  const base = { ...request.base, split: request.base?.split ?? (await splitOf(adapters, place)) };
  const own = { ...request, data: place.data, base, sweeps: request.sweeps ?? project.sweeps };
  return locked(adapters, project, 'sweep', options, () => sweepRuns(place.adapters, own, options));
}

async function sweepOf({ storage }: Adapters, folder: string | undefined, sweep: string): Promise<string> {
  if (folder === undefined || (await storage.kind(sweep)) !== undefined) return sweep;
  const named = storage.join((await readProject(storage, folder)).sweeps, sweep);
  return (await storage.kind(named)) === undefined ? sweep : named;
}

/** The project's split of the data, where there is one. */
const splitOf = async ({ storage }: Adapters, { split }: Place): Promise<string | undefined> =>
  split !== undefined && (await storage.kind(split)) === 'file' ? split : undefined;

export async function exportTorchrunWithin(
  adapters: Adapters,
  { project: folder, ...request }: TorchrunRequest & Within,
  options: VerbOptions = {},
): Promise<TorchrunOutcome> {
  const run = await runOf(adapters, folder, request.run);
  const project = await projectOfRun(adapters, run);
  // Loaded when first needed: other verbs start without it.
  const { exportTorchrun } = await import('../torch/export-torchrun.ts');
  return exportTorchrun(project ? inProject(adapters, project) : adapters, { ...request, run }, options);
}

export async function testWithin(
  adapters: Adapters,
  { project: folder, ...request }: TestRequest & Within,
  options: VerbOptions = {},
): Promise<TestOutcome> {
  const run = await runOf(adapters, folder, request.run);
  const others = await Promise.all((request.others ?? []).map((other) => runOf(adapters, folder, other)));
  const project =
    (await projectOfRun(adapters, run)) ??
    (folder === undefined ? undefined : await readProject(adapters.storage, folder));
  if (!project) return testRun(adapters, { ...request, run, others }, options);
  const own = request.data === undefined ? undefined : await chooseData(adapters.storage, project, request.data);
  return testRun(inProject(adapters, project), { ...request, run, others, data: own?.path ?? request.data }, options);
}

/** @param request `run` is a path already. */
export async function calibrateWithin(
  adapters: Adapters,
  { project: _, ...request }: CalibrateRequest & Within,
  options?: VerbOptions,
): Promise<CalibrateOutcome> {
  const project = await projectOfRun(adapters, request.run);
  return calibrateRun(project ? inProject(adapters, project) : adapters, request, options);
}

/** @param request `run` is a path already. */
export async function reportWithin(
  adapters: Adapters,
  { project: _, ...request }: ReportRequest & Within,
  options?: VerbOptions,
): Promise<ReportContent> {
  const project = await projectOfRun(adapters, request.run);
  return gatherReport(project ? inProject(adapters, project) : adapters, request, options);
}

export async function showWithin(
  adapters: Adapters,
  named: string | undefined,
  { project, ...request }: LookRequest & Within = {},
): Promise<DataDescription> {
  const { adapters: inside, data } = await placeOf(adapters, { project, data: named });
  return inside.describeData(data, request);
}

export async function examineWithin(
  adapters: Adapters,
  { project, ...request }: DataWithin<ExamineRequest>,
  options?: VerbOptions,
): Promise<Examination> {
  const { adapters: inside, data } = await placeOf(adapters, { project, data: request.data });
  return examineData(inside, { ...request, data }, options);
}

export async function suspectsWithin(
  adapters: Adapters,
  { project, ...request }: DataWithin<SuspectsRequest>,
  options?: VerbOptions,
): Promise<SuspectsOutcome> {
  const { adapters: inside, data } = await placeOf(adapters, { project, data: request.data });
  return suspectLabels(inside, { ...request, data }, options);
}

export async function thumbnailsWithin(
  adapters: Adapters,
  named: string,
  origins: readonly string[],
  { project, signal }: Within & { readonly signal?: AbortSignal },
): Promise<ReadonlyMap<string, string>> {
  const { adapters: inside, data } = await placeOf(adapters, { project, data: named });
  return inside.thumbnails(data, origins, { signal });
}

export async function fixWithin(
  adapters: Adapters,
  { project: folder, ...request }: DataWithin<FixRequest>,
  options: VerbOptions = {},
): Promise<FixOutcome> {
  const { adapters: inside, data, project } = await placeOf(adapters, { project: folder, data: request.data });
  const { undo, mend, from, fixes = [] } = request;
  const reads = !undo && mend === undefined && from === undefined && fixes.length === 0;
  return locked(adapters, reads ? undefined : project, 'data fix', options, () =>
    fixData(inside, { ...request, data }, options),
  );
}

export async function addWithin(
  adapters: Adapters,
  { project: folder, ...request }: DataWithin<AddRequest>,
  options: VerbOptions = {},
): Promise<AddOutcome> {
  const { adapters: inside, data, project } = await placeOf(adapters, { project: folder, data: request.data });
  return locked(adapters, project, 'data add', options, () => addLabelled(inside, { ...request, data }, options));
}

/** Without `out`, the project's split; outside of one, `split.json`. */
export async function splitWithin(
  adapters: Adapters,
  { project: folder, ...request }: Omit<DataWithin<SplitRequest>, 'out'> & { readonly out?: string },
  options: VerbOptions = {},
): Promise<SplitOutcome> {
  const { adapters: inside, data, project, split } = await placeOf(adapters, { project: folder, data: request.data });
  const out = request.out ?? split ?? 'split.json';
  await adapters.storage.checkWritable(adapters.storage.join(out, '..'));
  return locked(adapters, project, 'data split', options, () => splitData(inside, { ...request, data, out }, options));
}

export async function runsWithin(
  adapters: Adapters,
  query: RunsQuery | string | undefined,
  { project }: Within = {},
): Promise<ListedRun[]> {
  const where = project === undefined ? undefined : (await readProject(adapters.storage, project)).runs;
  return listRuns(adapters, query, where);
}

/** Runs by path or by name. Their data are a project's where all lie in that one. */
export async function compareWithin(
  adapters: Adapters,
  { project: folder, ...request }: CompareRequest & Within,
  options?: VerbOptions,
): Promise<Comparison> {
  const runs = await Promise.all(request.runs.map((run) => runOf(adapters, folder, run)));
  const [project, ...others] = await Promise.all(runs.map((run) => projectOfRun(adapters, run)));
  const one = project && others.every((other) => other && samePlace(adapters.storage, other.folder, project.folder));
  return compareRuns(one ? inProject(adapters, project) : adapters, { ...request, runs }, options);
}
