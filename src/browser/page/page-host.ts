import { builtIns } from '../../core/dataset/builtin/index.ts';
import { bytesOf, filesBelow } from '../../core/dataset/sources/tree.ts';
import { FoveaError } from '../../core/errors.ts';
import { quotePath } from '../../core/formats/quote.ts';
import type { OpenDataRequest, OpenedPicture } from '../../core/workbench/adapters.ts';
import { UnreadablePicture } from '../../core/workbench/pictures/codec.ts';
import { describeFound } from '../../core/workbench/pictures/describe-found.ts';
import { listPictures } from '../../core/workbench/pictures/fixed-data.ts';
import type { FoundData } from '../../core/workbench/pictures/found-data.ts';
import { openFound } from '../../core/workbench/pictures/open-found.ts';
import { survey } from '../../core/workbench/pictures/survey.ts';
import { galleryOf } from '../../core/workbench/studio/gallery.ts';
import { waitBeforeRuns } from '../../core/workbench/studio/gated-adapters.ts';
import type { StudioHost } from '../../core/workbench/studio/host.ts';
import { createEngine } from '../engine.ts';
import { breathe } from './breathe.ts';
import { type FileStore, nameIn, tidy } from './file-store.ts';
import type { NamedData } from './named-data.ts';
import { pageCodec } from './page-codec.ts';
import { type FindOptions, fileSource, findData, folderTree } from './page-data.ts';
import { createPageStorage } from './page-storage.ts';
import { thumbnails } from './page-thumbnails.ts';

export interface PageHostOptions {
  /** The folder of the engine's kernels; default: where the package has them. */
  readonly kernels?: string;
  /** Sets that were fetched into this page. */
  readonly named: NamedData;
  /** The address of a folder with sets beside the page. */
  readonly sets?: string;
}

/** What a page gives the studio: runs within a web worker. */
export function createPageHost(
  files: FileStore,
  report: (error: unknown) => void,
  { kernels, named, sets }: PageHostOptions,
): StudioHost {
  const storage = createPageStorage(files);
  const isolated = globalThis.crossOriginIsolated === true;
  const cores = Math.min(navigator.hardwareConcurrency || 1, 64);
  const find = (data: string, request: FindOptions = {}) =>
    findData(files, storage, named.pathOf(data) ?? data, request);
  const cautions = [
    ...(isolated ? [] : ['One thread: this page is not isolated, so the browser gives it no shared memory.']),
    ...(files.name === 'IndexedDB'
      ? ['This browser has no origin-private files: everything is kept in IndexedDB.']
      : []),
  ];
  const inner = (path: string): Promise<number> => bytesBelow(files, tidy(path));
  return {
    place: 'page',
    threads: isolated ? cores : 1,
    cautions,
    report,
    storage,
    async createEngine({ threads, inline }) {
      const engine = await createEngine({ threads: inline ? 1 : threads, kernels });
      // On the worker's own thread: what comes meanwhile must get its turn.
      return isolated ? engine : waitBeforeRuns(engine, breathe);
    },

    async openData(data, request) {
      const found = leaveOut(await find(data, request), request);
      return openFound(pageCodec, found, await describeFound(pageCodec, found, request.signal), request);
    },
    describeData: async (data, request) => describeFound(pageCodec, await find(data, request), request.signal),
    survey: async (data, request) => survey(pageCodec, await find(data, request), request),
    async listPictures(data, { signal, beside } = {}) {
      const found = await find(data, { signal, beside });
      return { ...listPictures(found), arrays: 'source' in found };
    },
    thumbnails: async (data, origins, { signal, beside, onProgress } = {}) =>
      thumbnails(galleryOf(pageCodec, await find(data, { signal, beside })), origins, { signal, onProgress }),
    openGallery: async (data, request) => galleryOf(pageCodec, await find(data, request)),
    // Loaded when first asked for: it brings a library of charts along.
    drawReport: async (content) =>
      (await import('../../report/test-page.ts')).testPage(content, { windows: /^Win/.test(navigator.platform) }),
    decodePicture: (bytes, subject) => pageCodec.decode(bytes, { subject, limitPixels: 50e6 }),

    async *openPictures(paths, { channels, signal }): AsyncGenerator<OpenedPicture> {
      for (const path of paths) {
        const isFolder = (await storage.kind(path)) === 'folder';
        const entries = isFolder
          ? [...filesBelow((await folderTree(files, tidy(path), signal)).root)].map((entry) => ({
              name: `${path}/${entry.path}`,
              bytes: () => bytesOf(entry, quotePath(entry.path)),
            }))
          : [{ name: path, bytes: () => storage.read(path) }];
        for (const { name, bytes } of entries) {
          const decode = async (depth: 1 | 3) => pageCodec.decode(await bytes(), { channels: depth, subject: name });
          try {
            yield { file: name, picture: await decode(channels), source: { decode, bytes } };
          } catch (error) {
            if (!(error instanceof FoveaError)) throw error;
            yield { file: name, error: error instanceof UnreadablePicture ? error.reason : error.message };
          }
        }
      }
    },
    async listFiles(path, signal) {
      if ((await storage.kind(path)) === 'file') {
        return { files: [{ path: nameIn(tidy(path)), bytes: () => storage.read(path) }], skipped: [] };
      }
      const { root, skipped } = await folderTree(files, tidy(path), signal);
      const entries = [...filesBelow(root)];
      return {
        files: entries.map((entry) => ({ path: entry.path, bytes: () => bytesOf(entry, quotePath(entry.path)) })),
        skipped,
      };
    },
    openFile: (path) => fileSource(files, path),
    resolveData: (data) => (builtIns.has(data) ? data : `/${tidy(named.pathOf(data) ?? data)}`),
    locate: (recorded) => recorded,
    beside: (data) => (builtIns.has(data) ? data : tidy(named.pathOf(data) ?? data)),
    fetchData: async (request, options) =>
      (await import('./fetch-data.ts')).fetchData({ files, storage, named, sets }, request, options),
    clock: () => performance.now(),
    now: () => new Date().toISOString(),
    // There is one worker of an origin at a time (see `leader.ts`): a lock that another one left behind is nobody's.
    writer: { process: writerNumber, machine: 'this browser', isAlive: () => false },
    every(milliseconds, work) {
      const timer = setInterval(work, milliseconds);
      return () => clearInterval(timer);
    },
    environment: { browser: navigator.userAgent, cores },

    append: storage.append,
    bytesOf: inner,
    async move(from, to, onMoved) {
      if ((await storage.kind(to)) !== undefined) {
        throw new FoveaError(
          `Cannot move '${from}': something of the name '${to}' is there already`,
          'Rename that first',
        );
      }
      return storage.rename(from, to, onMoved);
    },
  };
}

/** Tells this worker from one before it, as a process number does. */
const writerNumber = crypto.getRandomValues(new Uint32Array(1))[0];

async function bytesBelow(files: FileStore, path: string): Promise<number> {
  const blob = await files.read(path);
  if (blob) return blob.size;
  let sum = 0;
  for (const { name } of await files.list(path)) sum += await bytesBelow(files, path === '' ? name : `${path}/${name}`);
  return sum;
}

/** Pictures of parts that nobody needs are not decoded. */
function leaveOut(found: FoundData, { only }: OpenDataRequest): FoundData {
  if (!('pictures' in found) || only === undefined) return found;
  const pictures = found.pictures.pictures.filter(({ part }) => part === only);
  return pictures.length === 0 ? found : { ...found, pictures: { ...found.pictures, pictures } };
}
