import { z } from 'zod';
import { FoveaError, mismatch } from '../../../errors.ts';
import { methodNamed } from '../../../explain/methods/index.ts';
import { sha256 } from '../../../formats/sha256.ts';
import type { ExplainQuestion } from '../../explain.ts';
import { looksFile, readLooks } from '../../looks.ts';
import { openRunFolder } from '../../run-folder.ts';
import type { StudioContext } from '../context.ts';
import { givenPicture, readGiven } from '../given-picture.ts';
import type { AskedPicture } from '../opened-explanations.ts';
import { partsOf } from '../select-pictures.ts';
import { job, query } from '../verb.ts';
import { dataId, pictureId, runId } from './shapes.ts';

/** Which picture is asked about: one of data by its number, or one that `explain.bring` took. */
const where = z.union([
  z.object({ data: dataId, id: pictureId }),
  z.object({ brought: z.string().regex(/^[0-9a-f]{16}$/, 'a key that `explain.bring` gave') }),
]);

const unit = z.object({
  layer: z.string().max(300),
  channel: z.int().min(0),
  y: z.int().min(0).optional(),
  x: z.int().min(0).optional(),
});
const target = z.union([z.string().max(300), z.int().min(0)]);

/** What a method may be told; each uses what it needs. */
const question = {
  method: z.string().max(100),
  class: target.optional(),
  layer: z.string().max(300).optional(),
  unit: unit.optional(),
  most: z.int().min(1).max(256).optional(),
  seed: z.int().min(0).max(4294967295).optional(),
  steps: z.int().min(1).max(4096).optional(),
  patch: z.number().gt(0).max(1).optional(),
};

/** Methods that compile a program for the layer they are asked about. */
const compiling: readonly string[] = ['receptive-field', 'activation-maximisation', 'top-images'];

async function pictureOf(
  context: StudioContext,
  run: string,
  asked: z.output<typeof where>,
  signal: AbortSignal,
): Promise<AskedPicture & { readonly label?: string; readonly origin?: string }> {
  if ('brought' in asked) {
    const picture = context.explanations.brought.get(asked.brought);
    const mend = 'Bring the picture again: only the last ones are kept';
    if (!picture) throw mismatch('a picture that was brought', 'the picture', `'${asked.brought}'`, mend);
    return { key: `brought ${asked.brought}`, read: async () => picture };
  }
  const opened = await context.open(asked.data, signal);
  const index = opened.indexOf(asked.id);
  const { gallery } = opened;
  const { label, origin } = gallery.pictures[index];
  if ((await partsOf(context, opened)).parts[index] === 'test') await refuseUnseenTest(context, run);
  return {
    key: `${opened.place.id} ${opened.version} ${asked.id}`,
    read: () => context.data.picture(opened, asked.id),
    label: gallery.classNames[label],
    origin,
  };
}

/** What a model says of a test picture is a look at the test: it is shown once a test was counted, and not before. */
async function refuseUnseenTest({ host: { storage } }: StudioContext, run: string): Promise<void> {
  if ((await readLooks(storage, storage.join(run, looksFile))).length > 0) return;
  throw new FoveaError(
    'This is a test picture, and the run was not tested yet: what it says of it would be a look that nobody counts',
    'Test the run first, or take a training or validation picture',
  );
}

export const explainVerbs = {
  'explain.bring': query({
    doc: 'Keeps a picture to be looked into, under a key that follows from its pixels.',
    request: z.object({ picture: givenPicture }),
    async run(context, { picture: given }) {
      const picture = await readGiven(context.host, given);
      const { width, height, channels, data } = picture;
      const shape = new TextEncoder().encode(`${width}x${height}x${channels} `);
      const whole = new Uint8Array(shape.length + data.length);
      whole.set(shape);
      whole.set(data, shape.length);
      const key = (await sha256(whole)).slice(0, 16);
      context.explanations.brought.set(key, picture, data.length);
      return { brought: key };
    },
  }),

  'explain.open': query({
    doc: 'Opens a trained model and a picture to look into: layers, methods, what it says of the picture.',
    request: z.object({ run: runId, picture: where }),
    async run(context, { run, picture }, { signal }) {
      const path = await context.runPath(run);
      const asked = await pictureOf(context, path, picture, signal);
      return context.explanations.about(path, asked, async ({ classNames, layers, methods }, opened) => ({
        classNames,
        layers,
        methods,
        /** The class that a person gave it, where it is of the data, and where it lies there. */
        label: asked.label,
        origin: asked.origin,
        /** At the model's size. */
        pixels: opened.pixels,
        probabilities: Float32Array.from(opened.probabilities),
        predicted: opened.predicted,
      }));
    },
  }),

  'explain.ask': query({
    doc: 'Panels, words and figures of one method about a picture: feature maps, Grad-CAM, saliency, occlusion, a receptive field, and so on.',
    request: z.object({ run: runId, picture: where, ...question }),
    async run(context, { run, picture, ...rest }, { signal }) {
      if (methodNamed(rest.method).needs.data) {
        throw mismatch('a method about one picture', "'method'", `'${rest.method}'`, 'Ask explain.search for it');
      }
      const path = await context.runPath(run);
      const asked = await pictureOf(context, path, picture, signal);
      if (compiling.includes(rest.method)) {
        await context.explanations.willCompile(path, `${rest.method} ${rest.unit?.layer ?? rest.layer}`);
      }
      return context.explanations.about(path, asked, (explaining, opened) =>
        explaining.explain({ ...rest, picture: opened.picture } as ExplainQuestion, { signal }),
      );
    },
  }),

  'explain.search': job({
    doc: 'The same for methods that search training pictures: top-activating, typical and nearest ones.',
    needs: 'none',
    request: z.object({ run: runId, picture: where.optional(), ...question }),
    title: ({ method, run }) => `Search training pictures of ${run}: ${method}`,
    async check(context, { run, method }) {
      await context.runPath(run);
      methodNamed(method);
    },
    async run(context, { run, picture, ...rest }, { signal, emit }) {
      const path = await context.runPath(run);
      const options = { signal, onEvent: emit };
      if (picture === undefined)
        return context.explanations.within(path, (explaining) => explaining.explain(rest as ExplainQuestion, options));
      const asked = await pictureOf(context, path, picture, signal);
      return context.explanations.about(path, asked, (explaining, opened) =>
        explaining.explain({ ...rest, picture: opened.picture } as ExplainQuestion, options),
      );
    },
  }),

  'explain.arithmetic': query({
    doc: 'How one number of a picture’s way through the network and back came about, a weight’s gradient and the loss among them: every factor, every sum, to the bit.',
    request: z.object({
      run: runId,
      picture: where,
      class: target.optional(),
      place: z.union([
        z.object({ unit, gradient: z.boolean().optional() }),
        z.object({ value: z.string().max(300), element: z.int().min(0) }),
      ]),
    }),
    async run(context, { run, picture, class: of, place }, { signal }) {
      const path = await context.runPath(run);
      const asked = await pictureOf(context, path, picture, signal);
      return context.explanations.about(path, asked, (explaining, opened) =>
        explaining.arithmetic({ picture: opened.picture, class: of, label: asked.label, ...place }),
      );
    },
  }),

  'explain.values': query({
    doc: 'Names and shapes of all numbers that `explain.arithmetic` can be asked for.',
    request: z.object({ run: runId, picture: where }),
    async run(context, { run, picture }, { signal }) {
      const path = await context.runPath(run);
      const asked = await pictureOf(context, path, picture, signal);
      return context.explanations.about(path, asked, async (explaining, opened) => ({
        values: await explaining.values(opened.picture),
      }));
    },
  }),

  'explain.nearest': job({
    doc: 'The training pictures that the network takes for most alike to a picture, by their numbers in the data.',
    needs: 'none',
    request: z.object({ run: runId, picture: where, most: z.int().min(1).max(100).default(12) }),
    title: ({ run }) => `Training pictures near to one, as ${run} sees them`,
    check: async (context, { run }) => void (await context.runPath(run)),
    async run(context, { run, picture, most }, { signal, emit }) {
      const path = await context.runPath(run);
      const asked = await pictureOf(context, path, picture, signal);
      const near = await context.explanations.about(path, asked, (explaining, opened) =>
        explaining.nearest({ picture: opened.picture, most }, { signal, onEvent: emit }),
      );
      const known = await dataOf(context, path, signal);
      return {
        data: known?.place.id,
        near: near.map(({ origin, label, distance }) => ({ origin, label, distance, id: known?.idOf(origin) })),
      };
    },
  }),

  'explain.embed': job({
    doc: 'Training pictures as points: those near each other are alike to the network.',
    needs: 'none',
    request: z.object({ run: runId, by: z.enum(['pca', 'umap']), seed: z.int().min(0).max(4294967295).optional() }),
    title: ({ run, by }) => `Map of the training pictures of ${run} by ${by}`,
    check: async (context, { run }) => void (await context.runPath(run)),
    async run(context, { run, by, seed }, { signal, emit }) {
      const path = await context.runPath(run);
      const { origins, ...map } = await context.explanations.within(path, (explaining) =>
        explaining.embed({ by, seed }, { signal, onEvent: emit }),
      );
      const known = await dataOf(context, path, signal);
      return { ...map, data: known?.place.id, ids: Int32Array.from(origins, (origin) => known?.idOf(origin) ?? -1) };
    },
  }),
};

/** The data that a run was trained on, where the studio knows them. */
async function dataOf(context: StudioContext, run: string, signal: AbortSignal) {
  const { data } = await openRunFolder(context.host.storage, run).readDescription();
  const place = await context.dataAt(data.source);
  return place && (await context.open(place.id, signal));
}
