import { availableParallelism, cpus, hostname, totalmem } from 'node:os';
import { basename, resolve } from 'node:path';
import { builtIns } from '../core/dataset/builtin/index.ts';
import { bytesOf, filesBelow } from '../core/dataset/sources/tree.ts';
import { FoveaError } from '../core/errors.ts';
import type { Adapters, OpenDataRequest, OpenedPicture } from '../core/workbench/adapters.ts';
import { listPictures } from './apply-fixes.ts';
import { fileCache } from './cache.ts';
import { recompress, UnreadablePicture } from './codec.ts';
import { encodePng } from './encode.ts';
import { createEngine } from './engine.ts';
import { fileSource } from './file-source.ts';
import { folderTree, quotePath, statPath } from './files.ts';
import { readBuilt } from './kernels.ts';
import type { ReadLimits } from './limits.ts';
import { fetchedPath } from './named-data.ts';
import { describeData, describeFound, type FoundData, findData, openFound, openPictures } from './open-data.ts';
import { pictureSizes } from './picture-sizes.ts';
import { fileStorage } from './storage.ts';
import { survey } from './survey.ts';
import { thumbnails } from './thumbnails.ts';

/** What Node gives the workbench. @param limits that all reading of pictures keeps to. */
export const createNodeAdapters = (limits?: ReadLimits): Adapters => ({
  storage: fileStorage,
  cache: fileCache,
  createEngine: ({ threads, inline }) => createEngine({ threads, inline }),

  async openData(nameOrPath, request) {
    const found = await findData(nameOrPath, { ...request, limits });
    const needed = leaveOut(found, request);
    return openFound(needed, await describeFound(needed, request.signal), request);
  },

  describeData: (nameOrPath, request) => describeData(nameOrPath, { ...request, limits }),

  survey: async (nameOrPath, request) => survey(await findData(nameOrPath, { ...request, limits }), request),

  async listPictures(nameOrPath, { signal, beside } = {}) {
    const found = await findData(nameOrPath, { signal, beside, limits });
    return { ...listPictures(found), arrays: 'source' in found };
  },

  thumbnails: async (nameOrPath, origins, { signal, beside, onProgress } = {}) =>
    thumbnails(await findData(nameOrPath, { signal, beside, limits }), origins, { signal, onProgress }),

  pictureSizes: async (nameOrPath, origins, { signal, beside } = {}) =>
    pictureSizes(await findData(nameOrPath, { signal, beside, limits }), origins, signal),

  recompress,

  async *openPictures(paths, { channels, signal }): AsyncGenerator<OpenedPicture> {
    const { files, skipped } = await openPictures(paths, signal, limits);
    for (const { origin, reason } of skipped) yield { file: origin, error: reason };
    for (const { name, read, bytes } of files) {
      try {
        yield { file: name, picture: await read(channels), source: { decode: read, ...(bytes ? { bytes } : {}) } };
      } catch (error) {
        if (!(error instanceof FoveaError)) throw error;
        yield { file: name, error: error instanceof UnreadablePicture ? error.reason : error.message };
      }
    }
  },

  async listFiles(path, signal) {
    if (!(await statPath(path)).isDirectory()) {
      return { files: [{ path: basename(path), bytes: () => fileStorage.read(path) }], skipped: [] };
    }
    const tree = await folderTree(path, quotePath(path), signal);
    const files = [...filesBelow(tree.root)].map((entry) => ({
      path: entry.path,
      bytes: () => bytesOf(entry, quotePath(entry.path)),
    }));
    return { files, skipped: tree.skipped };
  },

  openFile: fileSource,

  // Loaded when first needed: other commands start without it.
  fetchData: async (request, options) => (await import('./fetch-data.ts')).fetchData(request, options),
  prepareData: async (request, options) => (await import('./prepare-data.ts')).prepareData(request, options, limits),
  openOnnx: async (bytes) => (await import('./onnx-runtime.ts')).openOnnx(bytes),
  encodePng: (picture) => encodePng(picture),
  readBuilt,
  runPytorch: async (...given) => (await import('./pytorch.ts')).runPytorch(...given),
  fetchWeights: async (name, options) => (await import('./fetch-weights.ts')).fetchWeights(name, options),
  torch: {
    version: async () => (await import('./torchrun.ts')).torchHost.version(),
    program: async () => (await import('./torchrun.ts')).torchHost.program(),
    run: async (request) => (await import('./torchrun.ts')).torchHost.run(request),
  },
  resolveData: (nameOrPath) => (builtIns.has(nameOrPath) ? nameOrPath : resolve(fetchedPath(nameOrPath) ?? nameOrPath)),
  locate: (recorded) => recorded,
  beside: (nameOrPath) => resolve(fetchedPath(nameOrPath) ?? nameOrPath),
  clock: () => performance.now(),
  now: () => new Date().toISOString(),
  writer: { process: process.pid, machine: hostname(), isAlive },
  every(milliseconds, work) {
    const timer = setInterval(work, milliseconds);
    timer.unref();
    return () => clearInterval(timer);
  },

  machineMemory: machineMemory(),

  environment: {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
  },
});

export const nodeAdapters = createNodeAdapters();

/** Signal 0 is not sent, only checked; EPERM tells of a process of somebody else. */
function isAlive(id: number): boolean {
  try {
    return process.kill(id, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** The machine's memory, or less where this process may not use all (a container). */
function machineMemory(): number {
  const allowed = process.constrainedMemory?.() ?? 0;
  return allowed > 0 ? Math.min(allowed, totalmem()) : totalmem();
}

/** Pictures of parts that nobody needs are not decoded: testing opens the test pictures alone. */
function leaveOut(found: FoundData, { only }: OpenDataRequest): FoundData {
  if (!('pictures' in found) || only === undefined) return found;
  const pictures = found.pictures.pictures.filter(({ part }) => part === only);
  if (pictures.length === 0) return found;
  return { ...found, pictures: { ...found.pictures, pictures } };
}
