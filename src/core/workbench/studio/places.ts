import { builtIns } from '../../dataset/builtin/index.ts';
import { catalogue } from '../../dataset/catalogue.ts';
import { mismatch } from '../../errors.ts';
import { lastName, quotePath } from '../../formats/quote.ts';
import { suggest } from '../../nearest.ts';
import { dataNames, defaultData, splitBeside } from '../data-folder.ts';
import { findProject } from '../project/project.ts';
import { defaultRuns, runFiles } from '../run-folder.ts';
import type { Storage } from '../storage.ts';

/** Where a studio keeps things: all within one folder. */
export interface Places {
  readonly home: string;
  /** A folder or file for each data set that was brought here. */
  readonly data: string;
  readonly runs: string;
  /** Models that were saved, a JSON file each. */
  readonly models: string;
  /** Uploads that are not whole yet. */
  readonly incoming: string;
  /** Files that are made to be taken away, until they are. */
  readonly outgoing: string;
  /** Runs that were deleted. */
  readonly bin: string;
}

export const placesIn = (storage: Storage, home: string): Places => ({
  home,
  data: storage.join(home, defaultData),
  runs: storage.join(home, defaultRuns),
  models: storage.join(home, 'models'),
  incoming: storage.join(home, '.fovea', 'incoming'),
  outgoing: storage.join(home, '.fovea', 'outgoing'),
  bin: storage.join(home, '.fovea', 'bin'),
});

/** Data that can be opened: the protocol knows them by `id` alone. */
export interface DataPlace {
  readonly id: string;
  readonly name: string;
  readonly kind: 'built-in' | 'named' | 'project' | 'given' | 'folder';
  /** One sentence, where there is more to say than the name. */
  readonly doc: string;
  /** False for a set that must be fetched first. */
  readonly present: boolean;
}

export interface LocatedData extends DataPlace {
  /** What opens it. */
  readonly path: string;
  /** A project's data: what the files of decisions begin with, and its split. */
  readonly beside?: string;
  readonly split: string;
  readonly project?: string;
}

export interface PlacesHost {
  readonly storage: Storage;
  resolveData(nameOrPath: string): string;
}

/**
 * All data that a request may name. An id is looked up here and nowhere else, so that no text of a request is ever taken
 * for a path.
 * @param given paths that the person who started the studio named.
 */
export async function listData(
  { storage, resolveData }: PlacesHost,
  places: Places,
  given: readonly string[],
): Promise<LocatedData[]> {
  const found: LocatedData[] = [...builtIns.values()].map(({ name, about }) => ({
    id: name,
    name,
    kind: 'built-in' as const,
    doc: about,
    present: true,
    path: name,
    split: storage.join(places.home, `${name}.split.json`),
  }));
  const add = (data: LocatedData): void => {
    if (!found.some(({ id }) => id === data.id)) found.push(data);
  };
  for (const path of given) {
    const name = lastName(storage.absolute(path));
    add({
      id: `given:${name}`,
      name,
      kind: 'given',
      doc: path,
      present: true,
      path,
      split: `${storage.absolute(path)}.split.json`,
    });
  }
  const project = await findProject(storage, places.home);
  for (const { name, path, stem, split } of project?.data ?? []) {
    add({
      id: `project:${name}`,
      name,
      kind: 'project',
      doc: `Of the project '${project?.description.name}'`,
      present: path !== undefined,
      path: path ?? name,
      beside: stem,
      split,
      project: project?.folder,
    });
  }
  const sets = new Set(catalogue.map(({ name }) => name));
  for (const name of await dataNames(storage, places.data)) {
    if (sets.has(name)) continue;
    const path = storage.join(places.data, name);
    add({ id: `data:${name}`, name, kind: 'folder', doc: '', present: true, path, split: splitBeside(path) });
  }
  for (const { name, doc } of catalogue) {
    // A name that was fetched means the place where its files lie.
    const present = resolveData(name) !== storage.absolute(name);
    const split = `${storage.join(places.data, name)}.split.json`;
    add({ id: `named:${name}`, name, kind: 'named', doc, present, path: name, split });
  }
  return found;
}

/** @throws FoveaError for data that are not listed. */
export function locate(all: readonly LocatedData[], id: string): LocatedData {
  const found = all.find((one) => one.id === id);
  if (found) return found;
  const ids = all.map((one) => one.id);
  throw mismatch('data that the studio knows', 'the data', quotePath(id), suggest(id, ids) || 'data.list tells which');
}

/** A run's folder, by its name in the folder of runs. @throws FoveaError where there is none. */
export async function locateRun(storage: Storage, places: Places, id: string): Promise<string> {
  const names = await storage.list(places.runs);
  const path = storage.join(places.runs, names.includes(id) ? id : '.');
  if (names.includes(id) && (await storage.kind(storage.join(path, runFiles.description))) === 'file') return path;
  throw mismatch(
    'a run that the studio knows',
    'the run',
    quotePath(id),
    suggest(id, names) || 'runs.list tells which',
  );
}

/** What the protocol calls a run's folder. */
export const nameOfRun = lastName;

/** A run as commands call it that are given in the studio's folder; of a page: where its run is laid when it is taken away. */
export const runInCommands = (id: string): string => `${defaultRuns}/${id}`;

/** Data as those commands call them. */
export const dataInCommands = ({ kind, name, doc }: LocatedData): string =>
  kind === 'folder' ? `data/${name}` : kind === 'given' ? doc : name;
