import { z } from 'zod';
import { mismatch } from '../../../errors.ts';
import { bringRun } from '../../moving/bring-run.ts';
import { checkWeight, takeRun } from '../../moving/take-run.ts';
import { weighRun } from '../../moving/weigh-run.ts';
import { openRunFolder } from '../../run-folder.ts';
import { nameOfRun } from '../places.ts';
import { uploadLimits } from '../uploads.ts';
import { job, query } from '../verb.ts';
import { runId } from './shapes.ts';

const takingId = z.string().max(60);

export const moveVerbs = {
  'run.weigh': query({
    doc: 'How many bytes a run takes that is taken away, alone and with its pictures, and whether those are here.',
    request: z.object({ run: runId }),
    async run(context, { run }) {
      const path = await context.runPath(run);
      const { bytes, pictures } = await weighRun(context.host, path);
      const { data } = await openRunFolder(context.host.storage, path).readDescription();
      const here = (await context.dataAt(data.source)) !== undefined;
      /** Undefined where every studio makes them itself. */
      return { bytes, pictures: pictures && { ...pictures, here } };
    },
  }),

  'run.take': job({
    doc: 'Makes one file of a run, with its pictures if that is wanted, to go on with it on another machine or in another browser. `taken.read` gives it piece by piece.',
    needs: 'none',
    request: z.object({ run: runId, withPictures: z.boolean().default(false) }),
    title: ({ run }) => `Take ${run} away`,
    async check(context, { run, withPictures }) {
      const path = await context.runPath(run);
      checkWeight(await weighRun(context.host, path), { run, withPictures });
    },
    async run(context, { run, withPictures }, { signal, emit }) {
      const path = await context.runPath(run);
      const taking = await context.takings.begin();
      try {
        const request = { run: path, file: taking.path, withPictures };
        const { pictures } = await takeRun(context.host, request, { signal, onEvent: emit });
        return { taken: taking.id, name: `${run}.zip`, bytes: await context.host.bytesOf(taking.path), pictures };
      } catch (error) {
        await context.takings.end(taking.id);
        throw error;
      }
    },
  }),

  'taken.read': query({
    doc: 'A piece of a file that was made to be taken away, from a place on.',
    request: z.object({ taken: takingId, offset: z.int().min(0) }),
    run: ({ takings }, { taken, offset }) => takings.read(taken, offset, uploadLimits.piece),
  }),

  'taken.end': query({
    doc: 'Says that such a file was taken, or is not wanted: it goes.',
    request: z.object({ taken: takingId }),
    async run({ takings }, { taken }) {
      await takings.end(taken);
      return {};
    },
  }),

  'run.bring': job({
    doc: 'Makes a run of a file that `run.take` made elsewhere and that was uploaded here; where its pictures came along or are here, it goes on with the same bits.',
    needs: 'none',
    request: z.object({ upload: takingId }),
    title: () => 'Bring a run',
    check: async ({ uploads }, { upload }) => void uploads.find(upload),
    async run(context, { upload }, { signal, emit }) {
      const { host, places, uploads } = context;
      const { folder, files } = uploads.find(upload);
      try {
        const [fileName] = await host.storage.list(folder);
        const file = host.storage.join(folder, fileName ?? '.');
        if (files !== 1 || (await host.storage.kind(file)) !== 'file')
          throw mismatch('one .zip file', 'the run to bring', files === 1 ? 'a folder' : `${files} files`);
        const known = (await context.listData()).filter(({ present, kind }) => present && kind !== 'built-in');
        const request = { file, fileName, runs: places.runs, data: places.data, known };
        const { run, pictures, data } = await bringRun(host, request, { signal, onEvent: emit });
        const place = data === undefined ? undefined : await context.dataAt(data);
        return { run: nameOfRun(run), pictures, data: place?.id };
      } finally {
        await uploads.cancel(upload);
      }
    },
  }),
};
