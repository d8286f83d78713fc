import { dirname, join } from 'node:path';
import { type NamedSet, nameOfSet, parseSetName, readHubListing } from '../core/dataset/catalogue.ts';
import { FoveaError, invalid } from '../core/errors.ts';
import type { FetchedData, FetchedFile, FetchOptions, FetchRequest } from '../core/workbench/download.ts';
import { planFiles, sourceFile } from '../core/workbench/fetch-plan.ts';
import { type DownloadRequest, download, heldOf } from './download.ts';
import { AddressError, httpText } from './http-get.ts';
import { defaultFolder } from './named-data.ts';
import { fileStorage } from './storage.ts';

export const hub = 'https://huggingface.co/';
/** A list of 10,000 addresses is about 1 MB. */
const listingLimit = 8e6;
const defaultLimit = 10e9;

/** What is to be fetched, whatever kind of set it is. */
interface Plan {
  readonly licence: string;
  readonly homepage: string;
  readonly files: readonly (Pick<DownloadRequest, 'addresses' | 'size' | 'sha256'> & { readonly path: string })[];
  readonly plainHttp: 'loopback' | 'any';
  /** Which file is named when the set is read; empty: the folder. */
  readonly entry: string;
  readonly classNames?: readonly string[];
  readonly leftOut: readonly string[];
}

/** Fetches a set of the catalogue or of Hugging Face into a folder; see `fovea data get`. */
export async function fetchData(request: FetchRequest, options: FetchOptions = {}): Promise<FetchedData> {
  const named = parseSetName(request.name);
  const folder = request.out ?? defaultFolder(named);
  const mirrors = request.mirrors?.map(asBase) ?? [];
  const limit = request.limit ?? defaultLimit;
  const plan = named.kind === 'catalogue' ? planSet(named, mirrors) : await planHub(named, mirrors, request, options);
  const { licence, homepage, leftOut, entry } = plan;
  const name = nameOfSet(named);
  options.onEvent?.({ kind: 'begin', name, licence, folder });
  const known = plan.files.reduce<number | undefined>(
    (sum, { size }) => (sum === undefined || size === undefined ? undefined : sum + size),
    0,
  );
  if (known !== undefined && known > limit)
    throw invalid(`at most ${limit} bytes`, name, `${known} bytes`, 'Raise --limit');
  const files: FetchedFile[] = [];
  const data = request.out === undefined ? name : join(folder, entry);
  const result = { name, folder, data, licence, homepage, files, leftOut };
  let before = 0;
  for (const file of plan.files) {
    const path = join(folder, ...file.path.split('/'));
    await fileStorage.makeFolder(dirname(path));
    try {
      const fetched = await download({
        ...file,
        path,
        plainHttp: plan.plainHttp,
        limit: limit - before,
        signal: options.signal,
        onProgress: (done, total) =>
          options.onEvent?.({
            kind: 'progress',
            file: file.path,
            done,
            total,
            ...(known === undefined ? {} : { set: { name, done: before + done, total: known } }),
          }),
        onFailure: (address, reason) => options.onEvent?.({ kind: 'failure', file: file.path, address, reason }),
        mend: byHand(folder, plan.files, request),
      });
      before += fetched.size;
      files.push({ ...fetched, path: file.path });
      options.onEvent?.({ kind: 'file', file: files[files.length - 1] });
    } catch (error) {
      if (!options.signal?.aborted) throw error;
      return { ...result, stopped: { file: file.path, kept: await heldOf(path) } };
    }
  }
  if (plan.classNames) await fileStorage.write(join(folder, 'classes.txt'), `${plan.classNames.join('\n')}\n`);
  const record = { name, licence, homepage, fetched: new Date().toISOString(), files, leftOut };
  await fileStorage.write(join(folder, sourceFile), `${JSON.stringify(record, undefined, 2)}\n`);
  return result;
}

function planSet({ set }: NamedSet & { kind: 'catalogue' }, mirrors: readonly URL[]): Plan {
  const { name, licence, homepage, classNames, entry = '' } = set;
  const bases = mirrors.length > 0 ? mirrors.map((mirror) => new URL(`${name}/`, mirror).href) : set.bases;
  return {
    licence,
    homepage,
    files: planFiles(set, bases),
    // The table's checksum vouches for the content, so that a mirror in a school needs no certificate.
    plainHttp: 'any',
    entry,
    classNames,
    leftOut: [],
  };
}

async function planHub(
  named: NamedSet & { kind: 'hub' },
  mirrors: readonly URL[],
  { subset }: FetchRequest,
  { signal }: FetchOptions,
): Promise<Plan> {
  const bases = mirrors.length > 0 ? mirrors : [new URL(hub)];
  const title = nameOfSet(named);
  const failures: string[] = [];
  for (const base of bases) {
    const address = new URL(`api/datasets/${named.owner}/${named.name}/parquet`, base).href;
    try {
      const text = await httpText(address, listingLimit, { signal });
      const { files, leftOut } = readHubListing(parseListing(text, title), named, subset);
      return {
        licence: `As its page says: ${hub}datasets/${named.owner}/${named.name}`,
        homepage: `${hub}datasets/${named.owner}/${named.name}`,
        files: files.map((file) => ({
          path: file.path,
          addresses: bases.map((one) => new URL(file.address, one).href),
        })),
        plainHttp: 'loopback',
        entry: '',
        leftOut,
      };
    } catch (error) {
      if (signal?.aborted) throw new FoveaError('Interrupted before anything was fetched');
      if (!(error instanceof AddressError)) throw error;
      failures.push(`${address}: ${error.message}`);
    }
  }
  throw new FoveaError(
    `Cannot fetch the list of files of ${title}: ${failures.join('; ')}`,
    `Check the name (the set must be public), or fetch its Parquet files by hand from ${hub}datasets/${named.owner}/${named.name} into a folder and name that`,
  );
}

function parseListing(text: string, title: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new AddressError(`no list of the files of ${title}`);
  }
}

/** A mirror as a folder that addresses are relative to. */
export function asBase(text: string): URL {
  try {
    const url = new URL(text.endsWith('/') ? text : `${text}/`);
    if (url.protocol === 'https:' || url.protocol === 'http:') return url;
  } catch {
    // Told below.
  }
  throw invalid('an address such as https://mirror.example/data', 'a mirror', text);
}

/** How to go on without a connection. */
function byHand(folder: string, files: Plan['files'], request: FetchRequest): string {
  const out = request.out === undefined ? '' : ` --out '${request.out}'`;
  const some = files.slice(0, 4).map(({ path, size }) => `${path}${size === undefined ? '' : ` (${size} bytes)`}`);
  const more = files.length > some.length ? ` and ${files.length - some.length} more` : '';
  return `Without a connection: put ${some.join(', ')}${more} into '${folder}' and run npx fovea data get ${request.name}${out} again, which verifies them; or name a mirror with --mirror`;
}
