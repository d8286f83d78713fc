import { addedFile, readAddedLines, writeAddedLines } from '../../dataset/added.ts';
import { builtIns } from '../../dataset/builtin/index.ts';
import { fixesFile } from '../../dataset/fixes.ts';
import { FoveaError, invalid, mismatch } from '../../errors.ts';
import { quotePath } from '../../formats/quote.ts';
import { distinctNames, safeName } from '../../formats/safe-name.ts';
import { suggest } from '../../nearest.ts';
import type { Adapters } from '../adapters.ts';
import { type Lock, takeLock } from '../lock.ts';
import { readText, type Storage } from '../storage.ts';
import type { VerbOptions } from '../verb.ts';
import { foveaVersion } from '../version.ts';
import { formatProject, isProjectText, type ProjectDescription, parseProject, projectFile } from './project-file.ts';

/** Data of a project, by where they are now. */
export interface ProjectData {
  readonly name: string;
  /** As it is written down. */
  readonly source: string | null;
  /** What opens them; undefined where they are not there. */
  readonly path: string | undefined;
  /** What the files about them begin with. */
  readonly stem: string;
  readonly split: string;
}

/** A folder that holds data references, fixes, splits and runs. */
export interface Project {
  readonly folder: string;
  readonly description: ProjectDescription;
  readonly data: readonly ProjectData[];
  /** The folder of runs. */
  readonly runs: string;
  /** The folder of sweeps. */
  readonly sweeps: string;
}

/** @throws FoveaError when the folder holds no project. */
export async function readProject(storage: Storage, folder: string): Promise<Project> {
  const file = storage.join(folder, projectFile);
  if ((await storage.kind(file)) !== 'file') {
    const mend = `Make one: fovea project new ${folder}`;
    throw mismatch('a project', `the folder ${quotePath(folder)}`, `no ${projectFile} in it`, mend);
  }
  return projectOf(storage, folder, parseProject(await readText(storage, file), file));
}

function projectOf(storage: Storage, folder: string, description: ProjectDescription): Project {
  return {
    folder,
    description,
    data: description.data.map(({ name, source }) => ({
      name,
      source,
      path: source === null ? undefined : pathOf(storage, folder, source),
      stem: storage.join(folder, name),
      split: storage.join(folder, `${name}.split.json`),
    })),
    runs: storage.join(folder, 'runs'),
    sweeps: storage.join(folder, 'sweeps'),
  };
}

/** What a reference of a project means: relative ones begin with a dot, others are names of sets or whole paths. */
export const pathOf = (storage: Storage, folder: string, source: string): string =>
  /^\.\.?(\/|$)/.test(source) ? storage.join(folder, ...source.split('/')) : source;

/** The nearest project in this folder or above it. @throws FoveaError when that is one of Fovea's and cannot be read. */
export async function findProject(storage: Storage, start = '.'): Promise<Project | undefined> {
  for (let folder = start; ; ) {
    const file = storage.join(folder, projectFile);
    if ((await storage.kind(file)) === 'file') {
      const text = await readText(storage, file);
      if (isProjectText(text)) return projectOf(storage, folder, parseProject(text, file));
    }
    const above = storage.join(folder, '..');
    if (storage.absolute(above) === storage.absolute(folder)) return undefined;
    folder = above;
  }
}

export const lockProject = (
  adapters: Adapters,
  { folder, description }: Pick<Project, 'folder' | 'description'>,
  doing: string,
  { onEvent }: VerbOptions,
): Promise<Lock> =>
  takeLock(adapters, {
    file: adapters.storage.join(folder, 'project.lock'),
    subject: `project ${quotePath(description.name)}`,
    doing,
    onNote: (text) => onEvent?.({ kind: 'note', text }),
  });

export interface NewProjectRequest {
  readonly folder: string;
  /** Default: the folder's name. */
  readonly name?: string;
  readonly data?: readonly string[];
}

/** Makes a project. @throws FoveaError when there is one, or data are not there. */
export async function createProject(adapters: Adapters, request: NewProjectRequest): Promise<Project> {
  const { storage } = adapters;
  const { folder, data = [] } = request;
  if (folder.trim() === '') throw invalid('the name of a folder', 'the project', folder);
  const own =
    storage
      .absolute(folder)
      .split(/[\\/]/)
      .findLast((step) => step !== '') ?? 'project';
  const sources = await Promise.all(data.map((one) => sourceOf(adapters, folder, one)));
  const names = distinctNames(sources.map(nameOf));
  const description: ProjectDescription = {
    format: 'fovea-project',
    version: 1,
    fovea: foveaVersion,
    name: request.name ?? own,
    created: adapters.now(),
    data: sources.map((source, i) => ({ name: names[i], source })),
  };
  parseProject(formatProject(description), projectFile);
  await storage.makeFolder(folder);
  if (!(await storage.create(storage.join(folder, projectFile), formatProject(description)))) {
    throw mismatch(
      'a folder without a project',
      'the new project',
      `${quotePath(folder)}, which holds one`,
      'Choose another',
    );
  }
  const project = projectOf(storage, folder, description);
  for (const one of project.data) await takeDecisionsAlong(adapters, one);
  return project;
}

/** Adds data to a project, or says where those of a name are by now. */
export async function addProjectData(
  adapters: Adapters,
  request: { readonly project: string; readonly data: string; readonly name?: string },
  options: VerbOptions = {},
): Promise<Project> {
  const { storage } = adapters;
  const found = await readProject(storage, request.project);
  const lock = await lockProject(adapters, found, 'project add', options);
  try {
    const { folder, description } = await readProject(storage, request.project);
    const source = await sourceOf(adapters, folder, request.data);
    const same = description.data.find((one) => one.source === source);
    if (same && (request.name === undefined || request.name === same.name))
      return projectOf(storage, folder, description);
    const taken = description.data.map(({ name }) => name);
    const name = request.name ?? distinctNames([nameOf(source)], taken)[0];
    if (name !== safeName(name))
      throw invalid('a name that every system takes', "option 'name'", name, `Such as ${safeName(name)}`);
    const data = description.data.filter((one) => one.name !== name);
    const next = { ...description, data: [...data, { name, source }] };
    await storage.write(
      storage.join(folder, projectFile),
      formatProject(parseProject(formatProject(next), projectFile)),
    );
    const project = projectOf(storage, folder, next);
    await takeDecisionsAlong(adapters, project.data[data.length]);
    return project;
  } finally {
    await lock.release();
  }
}

/** How data are written down in a project. @throws FoveaError when they are not there. */
async function sourceOf(adapters: Adapters, folder: string, data: string): Promise<string> {
  const { storage } = adapters;
  const resolved = adapters.resolveData(data);
  if (builtIns.has(resolved)) return resolved;
  if ((await storage.kind(resolved)) === undefined) {
    throw mismatch(
      'data',
      `the project ${quotePath(folder)}`,
      `${quotePath(data)}, which is not there`,
      'Check the path',
    );
  }
  return storage.relative(folder, resolved) ?? resolved;
}

const nameOf = (source: string): string =>
  safeName(
    (source.split(/[\\/]/).findLast((step) => step !== '' && !/^\.+$/.test(step)) ?? 'data').replace(
      /\.[A-Za-z0-9.]{1,10}$/,
      '',
    ),
  );

/** What was decided about data before, as a copy of the project's own; from then on the project's counts within it. */
async function takeDecisionsAlong({ storage, ...adapters }: Adapters, { path, stem }: ProjectData): Promise<void> {
  if (path === undefined || builtIns.has(path)) return;
  const before = adapters.beside(path);
  if (storage.absolute(before) === storage.absolute(stem)) return;
  if ((await storage.kind(fixesFile(before))) === 'file') {
    await storage.create(fixesFile(stem), await storage.read(fixesFile(before)));
  }
  const added = addedFile(before);
  if ((await storage.kind(added)) !== 'file') return;
  const lines = readAddedLines(await readText(storage, added), added).map((line) => {
    if (line.add !== 'picture') return line;
    const pool = pathOf(storage, storage.join(added, '..'), line.pool);
    return { ...line, pool: storage.relative(storage.join(stem, '..'), pool) ?? storage.absolute(pool) };
  });
  await storage.create(addedFile(stem), writeAddedLines(lines));
}

/**
 * The data of a project that a person means: the only ones where none are named; by path, or by their name where nothing
 * of that name is in the current folder. Undefined where a path to other data was named.
 */
export async function chooseData(
  storage: Storage,
  project: Project,
  named: string | undefined,
): Promise<(ProjectData & { readonly path: string }) | undefined> {
  const { data, description } = project;
  const names = data.map(({ name }) => name);
  let found: ProjectData | undefined;
  if (named === undefined) {
    const own = `project ${quotePath(description.name)}`;
    if (data.length === 0) throw mismatch('data', own, 'none', 'Add some: fovea project add DATA');
    if (data.length > 1) throw mismatch('the name of data', own, 'none', `There are: ${names.join(', ')}`);
    [found] = data;
  } else {
    // As runs and splits write them, and so what a command suggests may say it.
    found = data.find(
      ({ name, path, source }) =>
        named === `project:${name}` || (path !== undefined && (source === named || samePlace(storage, path, named))),
    );
    if (!found && (await storage.kind(named)) === undefined) found = data.find(({ name }) => name === named);
  }
  if (!found) {
    if (
      named !== undefined &&
      names.length > 0 &&
      !builtIns.has(named) &&
      !/[\\/.]/.test(named) &&
      (await storage.kind(named)) === undefined
    )
      throw invalid('data of the project, or a path', 'the data', named, suggest(named, names));
    return undefined;
  }
  return present(found);
}

export const samePlace = (storage: Storage, path: string, named: string): boolean =>
  path === named || (!builtIns.has(path) && !builtIns.has(named) && storage.absolute(path) === storage.absolute(named));

/** @throws FoveaError when the data are not there. */
export function present(data: ProjectData): ProjectData & { readonly path: string } {
  const { path, name } = data;
  if (path !== undefined) return { ...data, path };
  throw new FoveaError(
    `The data ${quotePath(name)} of this project are not there`,
    `Say where they are: fovea project add PATH --name ${name}`,
  );
}
