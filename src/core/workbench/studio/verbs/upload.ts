import { z } from 'zod';
import { inParallel } from '../../pictures/in-parallel.ts';
import { uploadLimits } from '../uploads.ts';
import { job, query } from '../verb.ts';
import { bytesOf } from './shapes.ts';

const uploadId = z.string().max(60);

export const uploadVerbs = {
  'upload.begin': query({
    doc: 'Begins an upload: files, folders or archives, brought piece by piece.',
    request: z.object({ name: z.string().max(300) }),
    async run({ uploads }, { name }) {
      const { id } = await uploads.begin(name);
      return { upload: id, limits: uploadLimits };
    },
  }),

  'upload.add': query({
    doc: 'Brings pieces of files; a piece follows the one before, and many small files may come at once.',
    request: z.object({
      upload: uploadId,
      pieces: z
        .array(z.object({ path: z.string().max(4000), offset: z.int().min(0).default(0), bytes: bytesOf }))
        .min(1)
        .max(2000),
    }),
    async run({ uploads }, { upload, pieces }) {
      // Pieces of one file follow one another; files need not wait for each other.
      const byFile = new Map<string, (typeof pieces)[number][]>();
      for (const piece of pieces) {
        const before = byFile.get(piece.path);
        if (before) before.push(piece);
        else byFile.set(piece.path, [piece]);
      }
      const each = [...byFile.values()];
      await inParallel(each.length, async (i) => {
        for (const { path, offset, bytes } of each[i]) await uploads.add(upload, path, offset, bytes);
      });
      const { files, bytes } = uploads.find(upload);
      return { files, bytes };
    },
  }),

  'upload.finish': job({
    doc: 'Takes what was brought into the data and looks what it is.',
    needs: 'none',
    request: z.object({ upload: uploadId }),
    title: () => 'Import data',
    check: async ({ uploads }, { upload }) => void uploads.find(upload),
    async run(context, { upload }, { signal, emit }) {
      const { files } = context.uploads.find(upload);
      let moved = 0;
      const data = await context.uploads.finish(upload, () =>
        emit({ kind: 'progress', doing: 'Taking the files in', done: ++moved, total: files, unit: 'files' }),
      );
      try {
        const { gallery } = await context.open(data, signal, (done, total) =>
          emit({ kind: 'progress', doing: 'Looking into the archive', done, total, unit: 'bytes' }),
        );
        for (const text of gallery.notes) emit({ kind: 'note', text });
        for (const { origin, reason } of gallery.skipped) emit({ kind: 'skipped', origin, reason });
        return { data, name: gallery.name, images: gallery.pictures.length, classNames: gallery.classNames };
      } catch (error) {
        // What is no data set does not stay among them.
        const { path } = await context.locate(data);
        await context.host.storage.remove(path);
        throw error;
      }
    },
  }),

  'upload.cancel': query({
    doc: 'Throws away what was brought so far.',
    request: z.object({ upload: uploadId }),
    async run({ uploads }, { upload }) {
      await uploads.cancel(upload);
      return {};
    },
  }),
};
