import { z } from 'zod';
import { preparePicture } from '../../../classifier/classify.ts';
import { writeClassifier } from '../../../classifier/file.ts';
import { FoveaError, invalid } from '../../../errors.ts';
import type { Picture } from '../../../image/picture.ts';
import { exportModel } from '../../export.ts';
import { exportTargets } from '../../export-targets.ts';
import { loadClassifier } from '../../test.ts';
import { job, query } from '../verb.ts';
import { bytesOf, runId } from './shapes.ts';

/** The largest picture that is sent as pixels: 50 megapixels. */
const mostPixels = 50e6;

const picture = z.union([
  /** A picture file. */
  z.object({ name: z.string().max(300).default('picture'), bytes: bytesOf }),
  /** Pixels, as `getImageData` gives them (4 channels) or without transparency. */
  z.object({
    width: z.int().min(1).max(20_000),
    height: z.int().min(1).max(20_000),
    channels: z.union([z.literal(1), z.literal(3), z.literal(4)]),
    pixels: bytesOf,
  }),
]);

function fromPixels({
  width,
  height,
  channels,
  pixels,
}: {
  width: number;
  height: number;
  channels: 1 | 3 | 4;
  pixels: Uint8Array;
}): Picture {
  if (width * height > mostPixels) throw invalid(`at most ${mostPixels} pixels`, 'the picture', `${width}x${height}`);
  if (pixels.length !== width * height * channels) {
    throw invalid(`${width * height * channels} bytes of pixels`, `a picture of ${width}x${height}`, pixels.length);
  }
  if (channels !== 4) return { width, height, channels, data: pixels };
  const data = new Uint8Array(width * height * 3);
  // On white, as files with transparency are.
  for (let i = 0; i < width * height; i++) {
    const alpha = pixels[4 * i + 3];
    for (let c = 0; c < 3; c++) data[3 * i + c] = Math.round((pixels[4 * i + c] * alpha + 255 * (255 - alpha)) / 255);
  }
  return { width, height, channels: 3, data };
}

export const classifyVerbs = {
  'classify.pictures': query({
    doc: 'What a trained model says of pictures, the most likely class first. It answers while a training runs.',
    request: z.object({
      run: runId,
      pictures: z.array(picture).min(1).max(64),
      top: z.int().min(1).max(1000).default(5),
      /** Also the pictures as the model takes them. */
      seen: z.boolean().default(false),
    }),
    async run(context, { run, pictures, top, seen }) {
      const model = await context.models.open(await context.runPath(run));
      const read = await Promise.all(
        pictures.map(async (one) => {
          try {
            return 'bytes' in one ? await context.host.decodePicture(one.bytes, one.name) : fromPixels(one);
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
