import { type CatalogueSet, parseSetName, sizeOfSet } from '../../core/dataset/catalogue.ts';
import { FoveaError, mismatch } from '../../core/errors.ts';
import type { FetchedData, FetchedFile, FetchOptions, FetchRequest } from '../../core/workbench/download.ts';
import { folderOf, planFiles, sourceFile } from '../../core/workbench/fetch-plan.ts';
import type { FileStore } from './file-store.ts';
import type { NamedData } from './named-data.ts';
import { downloadInto } from './page-download.ts';
import type { PageStorage } from './page-storage.ts';

export interface PageFetching {
  readonly files: FileStore;
  readonly storage: PageStorage;
  readonly named: NamedData;
  /** The address of a folder beside the page in which its host may have laid sets: `sets/NAME/FILE`. */
  readonly sets: string | undefined;
}

/**
 * Fetches a set of the catalogue into the page's files: from beside the page, else from its official addresses, of which
 * browsers let a page read only those whose hosts allow it (CORS). @throws FoveaError that says so, and the ways out.
 */
export async function fetchData(
  { files, storage, named, sets }: PageFetching,
  request: FetchRequest,
  { signal, onEvent }: FetchOptions = {},
): Promise<FetchedData> {
  const parsed = parseSetName(request.name);
  if (parsed.kind === 'hub') throw mismatch('a set of the list', 'the set to fetch', request.name);
  const { set } = parsed;
  const { name, licence, homepage } = set;
  const folder = folderOf(set);
  const total = sizeOfSet(set);
  onEvent?.({ kind: 'begin', name, licence, folder });
  await storage.makeFolder(folder);
  const fetched: FetchedFile[] = [];
  const result = { name, folder, data: name, licence, homepage, files: fetched, leftOut: [] };
  const failures: string[] = [];
  let before = 0;
  for (const file of planFiles(set, [...(sets === undefined ? [] : [`${sets}${name}/`]), ...set.bases])) {
    const path = `${folder}/${file.path}`;
    try {
      const there = (await files.read(path))?.size === file.size;
      const came = there
        ? { resumedAt: 0 }
        : await downloadInto({ files, storage }, path, file, {
            signal,
            onProgress: (done) =>
              onEvent?.({
                kind: 'progress',
                file: file.path,
                done,
                total: file.size,
                set: { name, done: before + done, total },
              }),
            onFailure(address, reason) {
              failures.push(`${address}: ${reason}`);
              onEvent?.({ kind: 'failure', file: file.path, address, reason });
            },
          });
      if (!came) throw new FoveaError(`Cannot fetch '${name}' into this page: ${failures.join('; ')}`, byHand(set));
      before += file.size;
      fetched.push({ path: file.path, size: file.size, sha256: file.sha256, verified: true, ...came });
    } catch (error) {
      if (!signal?.aborted) throw error;
      return { ...result, stopped: { file: file.path, kept: (await files.read(`${path}.part`))?.size ?? 0 } };
    }
  }
  if (set.classNames) await storage.write(`${folder}/classes.txt`, `${set.classNames.join('\n')}\n`);
  const record = { name, licence, homepage, fetched: new Date().toISOString(), files: fetched, leftOut: [] };
  await storage.write(`${folder}/${sourceFile}`, `${JSON.stringify(record, undefined, 2)}\n`);
  named.arrived(set);
  return result;
}

/** The ways out, where no address may be read. */
function byHand({ name, files, bases }: CatalogueSet): string {
  const links = files.map((file) => bases[0] + file.name).join(', ');
  return `Load ${links} by hand and drop ${files.length === 1 ? 'it' : 'them together'} here; or begin fovea studio on a computer, which may fetch them; who hosts this page can lay them beside it in sets/${name}/`;
}
