import { appendFile, mkdir, readdir, rename, stat, truncate } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { FoveaError } from '../core/errors.ts';
import type { Adapters } from '../core/workbench/adapters.ts';
import { galleryOf } from '../core/workbench/studio/gallery.ts';
import type { StudioHost } from '../core/workbench/studio/host.ts';
import { nodeAdapters } from './adapters.ts';
import { decodeImage, nodeCodec } from './codec.ts';
import { findData } from './describe-data.ts';
import { fileError } from './storage.ts';

/** The most pixels of a picture that a page sends. */
const limitPixels = 50e6;

/** What Node gives the studio. @param report told of errors that are no person's doing. */
export const nodeStudioHost = (report: (error: unknown) => void, adapters: Adapters = nodeAdapters): StudioHost => ({
  ...adapters,
  place: 'node',
  threads: availableParallelism(),
  cautions: [],
  report,
  openGallery: async (nameOrPath, request) => galleryOf(nodeCodec, await findData(nameOrPath, request)),
  decodePicture: (bytes, subject) => decodeImage(bytes, { subject, limitPixels }),

  // Loaded when first asked for: it brings a library of charts along.
  drawReport: async (content) =>
    (await import('../report/test-page.ts')).testPage(content, { windows: process.platform === 'win32' }),

  async append(path, bytes) {
    const before = await stat(path).catch(() => undefined);
    try {
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, bytes);
      return (await stat(path)).size;
    } catch (error) {
      // What fitted on a disk that is full would stand before the piece when it is sent again.
      await truncate(path, before?.size ?? 0).catch(() => undefined);
      throw fileError('write', path, error);
    }
  },

  async bytesOf(path) {
    const found = await stat(path).catch(() => undefined);
    if (!found?.isDirectory()) return found?.size ?? 0;
    let sum = 0;
    for (const name of await readdir(path)) sum += await this.bytesOf(join(path, name));
    return sum;
  },

  async move(from, to) {
    if ((await adapters.storage.kind(to)) !== undefined) {
      throw new FoveaError(
        `Cannot move '${from}': something of the name '${to}' is there already`,
        'Rename that first',
      );
    }
    try {
      await mkdir(dirname(to), { recursive: true });
      await rename(from, to);
    } catch (error) {
      throw fileError('rename', from, error);
    }
  },
});
