import { type AddedPicture, addedFile, addedPictures, readAddedLines, writeAddedLines } from '../../dataset/added.ts';
import { builtIns } from '../../dataset/builtin/index.ts';
import { fixesFile } from '../../dataset/fixes.ts';
import { mismatch } from '../../errors.ts';
import { quotePath } from '../../formats/quote.ts';
import { distinctNames } from '../../formats/safe-name.ts';
import { packZip, type ZipItem } from '../../formats/write-zip.ts';
import type { Adapters } from '../adapters.ts';
import { looksFile } from '../looks.ts';
import { runFiles } from '../run-folder.ts';
import { readText } from '../storage.ts';
import { sweepFile } from '../sweep-file.ts';
import type { VerbOptions } from '../verb.ts';
import { countRuns, projectPlaces } from './places.ts';
import { lockProject, type Project, type ProjectData, pathOf, present, readProject } from './project.ts';
import { formatProject, projectFile } from './project-file.ts';

export interface ExportRequest {
  readonly project: string;
  /** The .zip file to write. */
  readonly file: string;
  /** Copies of the data and of pictures that were added to them. */
  readonly withData?: boolean;
  readonly withRuns?: boolean;
}

export interface ExportOutcome {
  readonly file: string;
  readonly files: number;
  /** Before packing. */
  readonly bytes: number;
  readonly runs: number;
  /** Names of data whose files are in it. */
  readonly data: readonly string[];
  /** What is not in it, a sentence each. */
  readonly notes: readonly string[];
}

/**
 * Writes a project as one file to hand out. What it names lies within it: data without a copy are named and not there.
 * @throws FoveaError when somebody writes it, or it takes more than 4 GB.
 */
export async function exportProject(
  adapters: Adapters,
  request: ExportRequest,
  options: VerbOptions = {},
): Promise<ExportOutcome> {
  const { storage } = adapters;
  const project = await readProject(storage, request.project);
  await storage.checkWritable(storage.join(request.file, '..'));
  if ((await storage.kind(request.file)) !== undefined) {
    throw mismatch('a new file', 'the export', `${quotePath(request.file)}, which is there already`, 'Name another');
  }
  const lock = await lockProject(adapters, project, 'project export', options);
  try {
    const notes: string[] = [];
    const items = await itemsOf(adapters, project, request, notes, options.signal);
    const total = { files: 0, bytes: 0 };
    const pieces = packZip(items, {
      subject: quotePath(request.file),
      mend: 'Pass the data on separately: leave --with-data out',
      signal: options.signal,
      onPacked({ bytes }) {
        total.files++;
        total.bytes += bytes;
        options.onEvent?.({ kind: 'reading', done: total.files, total: items.length });
      },
    });
    await storage.writeFrom(request.file, pieces);
    const data = request.withData
      ? project.data.filter(({ name }) => items.some(({ path }) => path.startsWith(`data/${name}/`)))
      : [];
    return {
      file: request.file,
      ...total,
      runs: countRuns(items.map(({ path }) => path)),
      data: data.map(({ name }) => name),
      notes,
    };
  } finally {
    await lock.release();
  }
}

async function itemsOf(
  adapters: Adapters,
  project: Project,
  { withData = false, withRuns = false }: ExportRequest,
  notes: string[],
  signal: AbortSignal | undefined,
): Promise<ZipItem[]> {
  const { storage } = adapters;
  const items: ZipItem[] = [];
  const text = (path: string, content: string): void => {
    items.push({ path, read: async () => new TextEncoder().encode(content) });
  };
  const data = [];
  for (const one of project.data) {
    data.push({ name: one.name, source: await sourceIn(adapters, one, withData, items, notes, signal) });
    const decisions = [
      [`${one.name}.fixes.jsonl`, fixesFile(one.stem)],
      [`${one.name}.split.json`, one.split],
    ];
    for (const [path, file] of decisions) {
      if ((await storage.kind(file)) === 'file') text(path, await readText(storage, file));
    }
    const added = addedFile(one.stem);
    if ((await storage.kind(added)) !== 'file') continue;
    const pictures = addedPictures(readAddedLines(await readText(storage, added), added));
    if (pictures.length === 0) continue;
    if (!withData) notes.push(`${pictures.length} pictures that were added to ${quotePath(one.name)} are not in it.`);
    else
      text(
        `${one.name}.added.jsonl`,
        writeAddedLines(await withPools(adapters, project, pictures, items, notes, signal)),
      );
  }
  text(projectFile, formatProject({ ...project.description, data }));
  if (withRuns) items.push(...(await runItems(adapters, project)));
  else if ((await storage.list(project.runs)).length + (await storage.list(project.sweeps)).length > 0)
    notes.push('The runs are not in it.');
  for (const { path } of items) {
    const reason = projectPlaces(path);
    if (reason !== undefined) notes.push(`Left out ${quotePath(path)}: ${reason}.`);
  }
  return items.filter(({ path }) => projectPlaces(path) === undefined);
}

/** What data are called within the file. */
async function sourceIn(
  adapters: Adapters,
  data: ProjectData,
  withData: boolean,
  items: ZipItem[],
  notes: string[],
  signal: AbortSignal | undefined,
): Promise<string | null> {
  const { name, source, path } = data;
  if (source !== null && builtIns.has(source)) return source;
  if (!withData || path === undefined) {
    notes.push(`The data ${quotePath(name)} are not in it; whoever opens it says where they are.`);
    return null;
  }
  if (/\.(csv|tsv|jsonl|ndjson|txt)$/i.test(path)) {
    throw mismatch(
      'data whose files are known',
      quotePath(name),
      'a list of files that lie beside it',
      'Export without data, or add the folder instead',
    );
  }
  const { files, skipped } = await adapters.listFiles(present(data).path, signal);
  for (const { origin, reason } of skipped)
    notes.push(`Left out ${quotePath(origin)} of ${quotePath(name)}: ${reason}.`);
  for (const file of files) items.push({ path: `data/${name}/${file.path}`, read: file.bytes });
  const whole = (await adapters.storage.kind(path)) === 'folder';
  return whole ? `./data/${name}` : `./data/${name}/${files[0].path}`;
}

/** Added pictures with the folders of their pools within the file. */
async function withPools(
  { storage, listFiles }: Adapters,
  project: Project,
  pictures: readonly AddedPicture[],
  items: ZipItem[],
  notes: string[],
  signal: AbortSignal | undefined,
): Promise<AddedPicture[]> {
  const pools = [...new Set(pictures.map(({ pool }) => pool))];
  const names = distinctNames(pools.map((pool) => pool.split(/[\\/]/).at(-1) ?? 'pool'));
  const kept: AddedPicture[] = [];
  for (const [i, pool] of pools.entries()) {
    const own = pictures.filter((one) => one.pool === pool);
    const path = pathOf(storage, project.folder, pool);
    if ((await storage.kind(path)) === undefined) {
      notes.push(
        `${own.length} added pictures of the pool ${quotePath(pool)} are not in it, since the pool is not there.`,
      );
      continue;
    }
    const wanted = new Set(own.map(({ file }) => file));
    const whole = (await storage.kind(path)) === 'folder';
    const known = new Set(items.map((item) => item.path));
    for (const file of (await listFiles(path, signal)).files) {
      const place = `pools/${names[i]}/${file.path}`;
      if ((!whole || wanted.has(file.path)) && !known.has(place)) items.push({ path: place, read: file.bytes });
    }
    kept.push(
      ...own.map((one) => ({ ...one, pool: `./pools/${names[i]}${whole ? '' : `/${path.split(/[\\/]/).at(-1)}`}` })),
    );
  }
  return kept;
}

async function runItems(adapters: Adapters, { runs, sweeps }: Project): Promise<ZipItem[]> {
  const { storage } = adapters;
  const items = await runsBelow(adapters, 'runs', runs, [looksFile]);
  for (const sweep of await storage.list(sweeps)) {
    const folder = storage.join(sweeps, sweep);
    if ((await storage.kind(storage.join(folder, sweepFile))) !== 'file') continue;
    items.push(...(await runsBelow(adapters, `sweeps/${sweep}`, folder, [sweepFile, looksFile])));
  }
  return items;
}

/** The runs of a folder, and files that lie beside them. @param place the folder within the export. */
async function runsBelow(
  { storage }: Adapters,
  place: string,
  folder: string,
  beside: readonly string[],
): Promise<ZipItem[]> {
  const items: ZipItem[] = [];
  const take = async (path: string, file: string): Promise<void> => {
    if ((await storage.kind(file)) === 'file') items.push({ path, read: () => storage.read(file) });
  };
  for (const name of beside) await take(`${place}/${name}`, storage.join(folder, name));
  for (const run of await storage.list(folder)) {
    if ((await storage.kind(storage.join(folder, run, runFiles.description))) !== 'file') continue;
    const { lock: _, ...files } = runFiles;
    for (const name of [...Object.values(files), looksFile]) {
      await take(`${place}/${run}/${name}`, storage.join(folder, run, name));
    }
  }
  return items;
}
