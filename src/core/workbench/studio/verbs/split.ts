import { z } from 'zod';
import { type Part, parts } from '../../../dataset/dataset.ts';
import { inPlace } from '../in-place.ts';
import { countsOf, partsOf, splitOf } from '../select-pictures.ts';
import { job, query } from '../verb.ts';
import { dataId } from './shapes.ts';

const share = z.number().min(0).max(0.9);

export const splitVerbs = {
  'split.make': job({
    doc: 'Deals pictures out to train, val and test, copies on one side, and writes down who got which.',
    needs: 'none',
    request: z.object({
      data: dataId,
      val: share.optional(),
      test: share.optional(),
      seed: z.int().min(0).max(4294967295).optional(),
      /** A regular expression over origins: what it matches names a group that stays together. */
      group: z.string().max(300).optional(),
      keepLeaks: z.boolean().optional(),
      /** Forgets the split that is there and deals anew; else new pictures are placed in it. */
      anew: z.boolean().optional(),
    }),
    title: ({ data }) => `Split ${data}`,
    check: async (context, { data }) => void (await context.locate(data)),
    async run(context, { data, anew, ...request }, { signal, emit }) {
      const place = await context.locate(data);
      const { storage } = context.host;
      const { workbench, where } = inPlace(context, place);
      if (anew && (await storage.kind(place.split)) === 'file') {
        // Test pictures that were looked at must stay known: the old split is kept beside the new one.
        await storage.write(`${place.split}.before`, await storage.read(place.split));
        await storage.remove(place.split);
      }
      const { file: _, ...outcome } = await workbench.splitData(
        { ...where, ...request, out: place.split },
        { signal, onEvent: emit },
      );
      context.data.change(data);
      return outcome;
    },
  }),

  'split.show': query({
    doc: 'How the pictures of data are dealt out, and whether that was written down.',
    request: z.object({ data: dataId }),
    async run(context, { data }, { signal }) {
      const opened = await context.open(data, signal);
      const dealt = await partsOf(context, opened);
      const recorded = await splitOf(context.host.storage, opened.place.split);
      return {
        split: dealt.split,
        shares: recorded?.shares,
        classNames: opened.gallery.classNames,
        parts: countsOf(opened.gallery, dealt.parts),
        /** Parts besides train that the data bring: no share of them can be chosen. */
        own: parts.filter((part): part is Exclude<Part, 'train'> => {
          return part !== 'train' && opened.gallery.pictures.some((picture) => picture.part === part);
        }),
      };
    },
  }),
};
