import { availableParallelism, cpus, totalmem } from 'node:os';
import { resolve } from 'node:path';
import { builtIns } from '../core/dataset/builtin/index.ts';
import { FoveaError } from '../core/errors.ts';
import type { Adapters, OpenDataRequest, OpenedPicture } from '../core/workbench/adapters.ts';
import { listPictures } from './apply-fixes.ts';
import { UnreadablePicture } from './codec.ts';
import { createEngine } from './engine.ts';
import { fetchedPath } from './named-data.ts';
import { describeData, describeFound, type FoundData, findData, openFound, openPictures } from './open-data.ts';
import { fileStorage } from './storage.ts';
import { survey } from './survey.ts';
import { thumbnails } from './thumbnails.ts';

/** What Node gives the workbench. */
export const nodeAdapters: Adapters = {
  storage: fileStorage,
  createEngine: ({ threads, inline }) => createEngine({ threads, inline }),

  async openData(nameOrPath, request) {
    const found = await findData(nameOrPath, request);
    const needed = leaveOut(found, request);
    return openFound(needed, await describeFound(needed, request.signal), request);
  },

  describeData,

  survey: async (nameOrPath, request) => survey(await findData(nameOrPath, request), request),

  listPictures: async (nameOrPath, signal) => listPictures(await findData(nameOrPath, { signal })),

  thumbnails: async (nameOrPath, origins, signal) =>
    thumbnails(await findData(nameOrPath, { signal }), origins, signal),

  async *openPictures(paths, { channels, signal }): AsyncGenerator<OpenedPicture> {
    const { files, skipped } = await openPictures(paths, signal);
    for (const { origin, reason } of skipped) yield { file: origin, error: reason };
    for (const { name, read } of files) {
      try {
        yield { file: name, picture: await read(channels) };
      } catch (error) {
        if (!(error instanceof FoveaError)) throw error;
        yield { file: name, error: error instanceof UnreadablePicture ? error.reason : error.message };
      }
    }
  },

  // Loaded when first needed: other commands start without it.
  fetchData: async (request, options) => (await import('./fetch-data.ts')).fetchData(request, options),
  fetchWeights: async (name, options) => (await import('./fetch-weights.ts')).fetchWeights(name, options),
  resolveData: (nameOrPath) => (builtIns.has(nameOrPath) ? nameOrPath : resolve(fetchedPath(nameOrPath) ?? nameOrPath)),
  clock: () => performance.now(),
  now: () => new Date().toISOString(),

  machineMemory: machineMemory(),

  environment: {
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
  },
};

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
