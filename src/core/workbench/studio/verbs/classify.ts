import { z } from 'zod';
import { preparePicture } from '../../../classifier/classify.ts';
import { writeClassifier } from '../../../classifier/file.ts';
import { FoveaError } from '../../../errors.ts';
import type { Picture } from '../../../image/picture.ts';
import { exportModel } from '../../export.ts';
import { exportTargets } from '../../export-targets.ts';
import { loadClassifier } from '../../test.ts';
import { givenPicture, readGiven } from '../given-picture.ts';
import { job, query } from '../verb.ts';
import { runId } from './shapes.ts';

export const classifyVerbs = {
  'classify.pictures': query({
    doc: 'What a trained model says of pictures, the most likely class first. It answers while a training runs.',
    request: z.object({
      run: runId,
      pictures: z.array(givenPicture).min(1).max(64),
      top: z.int().min(1).max(1000).default(5),
      /** Also the pictures as the model takes them. */
      seen: z.boolean().default(false),
    }),
    async run(context, { run, pictures, top, seen }) {
      const model = await context.models.open(await context.runPath(run));
      const read = await Promise.all(
        pictures.map(async (one) => {
          try {
            return await readGiven(context.host, one);
          } catch (error) {
            if (error instanceof FoveaError) return { error: error.message };
            throw error;
          }
        }),
      );
      const fine = read.filter((one) => !('error' in one)) as Picture[];
      const answers = fine.length > 0 ? await model.use((session) => session.classify(fine, top)) : [];
      let next = 0;
      return {
        classNames: model.classifier.classNames,
        pictures: read.map((one) => {
          if ('error' in one) return one;
          const said = { top: answers[next++], width: one.width, height: one.height };
          return seen ? { ...said, seen: preparePicture(model.classifier, one) } : said;
        }),
      };
    },
  }),

  'model.take': query({
    doc: 'The model file of a run: weights, classes, preprocessing in one file that `fovea classify` reads.',
    request: z.object({ run: runId }),
    async run(context, { run }) {
      const bytes = writeClassifier(await loadClassifier(context.host, await context.runPath(run)));
      return { name: `${run}.safetensors`, bytes };
    },
  }),

  'model.export': job({
    doc: 'A model for other programs, proved where such a program is at hand.',
    needs: 'engine',
    request: z.object({
      run: runId,
      to: z.enum(Object.keys(exportTargets) as [keyof typeof exportTargets]),
      withPreprocessing: z.boolean().optional(),
      softmax: z.boolean().optional(),
    }),
    title: ({ run, to }) => `Export ${run} to ${to}`,
    check: async (context, { run }) => void (await context.runPath(run)),
    async run(context, { run, ...request }, { signal, emit, id }) {
      const { storage } = context.host;
      const folder = storage.join(context.places.incoming, `export-${id}`);
      await storage.makeFolder(folder);
      try {
        const out = storage.join(folder, `${run}${exportTargets[request.to]}`);
        const path = await context.runPath(run);
        const { files, proof } = await exportModel(
          context.host,
          { run: path, out, ...request },
          { signal, onEvent: emit },
        );
        const taken = files.map(async (file) => ({
          name: file.split(/[\\/]/).at(-1) as string,
          bytes: await storage.read(file),
        }));
        return { proof, files: await Promise.all(taken) };
      } finally {
        await storage.remove(folder);
      }
    },
  }),
};
