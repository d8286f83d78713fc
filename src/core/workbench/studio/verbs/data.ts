import { z } from 'zod';
import { type Part, parts } from '../../../dataset/dataset.ts';
import { withChannels } from '../../../image/channels.ts';
import { fitPicture } from '../../../image/fit.ts';
import type { Picture } from '../../../image/picture.ts';
import { inParallel } from '../../pictures/in-parallel.ts';
import { overviewSide } from '../overview.ts';
import type { DataPlace, LocatedData } from '../places.ts';
import { chooseFrom, countsOf, partsOf } from '../select-pictures.ts';
import { query } from '../verb.ts';
import { dataId, partName, pictureId, runId } from './shapes.ts';

const tell = ({ id, name, kind, doc, present }: LocatedData): DataPlace => ({ id, name, kind, doc, present });

export const dataVerbs = {
  'data.list': query({
    doc: 'All data that the studio knows: built-in, by name, of the project, brought here.',
    request: z.object({}),
    run: async (context) => ({ data: (await context.listData()).map(tell) }),
  }),

  'data.open': query({
    doc: 'Opens data: what they were understood as and why, counts of each class and part, what was left out.',
    request: z.object({ data: dataId }),
    async run(context, { data }, { signal }) {
      const opened = await context.open(data, signal);
      const { gallery, place, version, findings } = opened;
      const shares = await partsOf(context, opened);
      const description = await opened.describe();
      const { sizes, channels, formats, chosen } = description;
      return {
        ...tell(place),
        version,
        kindOfData: gallery.kind,
        understood: gallery.understood,
        classNames: gallery.classNames,
        images: gallery.pictures.length,
        parts: countsOf(gallery, shares.parts),
        split: shares.split,
        sizes,
        channels,
        formats,
        chosen,
        notes: description.notes,
        skipped: gallery.skipped,
        /** Undefined before the doctor looked. */
        findings: findings?.length,
        /** Whether `data.fix` may keep decisions about them. */
        fixable: place.kind !== 'built-in',
      };
    },
  }),

  'data.page': query({
    doc: 'Pictures that pass a filter: all their numbers, and what is known of some of them.',
    request: z.object({
      data: dataId,
      part: partName.optional(),
      class: z.string().optional(),
      /** Place in `data.findings`. */
      finding: z.int().min(0).optional(),
      /** Part of an origin, in small or capital letters. */
      search: z.string().max(300).optional(),
      /** By what a model says of them, where `test.run` or `classify.data` asked it. */
      predicted: z.object({ run: runId, class: z.string().optional(), right: z.boolean().optional() }).optional(),
      /** Which of those that pass are told of in `items`. */
      offset: z.int().min(0).default(0),
      limit: z.int().min(0).max(1000).default(200),
    }),
    async run(context, { data, offset, limit, ...filter }, { signal }) {
      const opened = await context.open(data, signal);
      const { gallery, ids, version } = opened;
      const chosen = await chooseFrom(context, opened, filter);
      return {
        version,
        total: chosen.places.length,
        /** The parts of which the run of `predicted` said something: test pictures only after a test. */
        asked: chosen.asked,
        ids: Uint32Array.from(chosen.places, (place) => ids[place]),
        items: Array.from(chosen.places.subarray(offset, offset + limit), (place) => {
          const { origin, label, group } = gallery.pictures[place];
          return {
            id: ids[place],
            origin,
            label,
            part: chosen.parts[place],
            ...(group === undefined ? {} : { group }),
            ...chosen.predictionOf(place),
          };
        }),
      };
    },
  }),

  'data.thumbnails': query({
    doc: 'Small square pictures, as one block of RGBA pixels, of the side asked for or fewer where none has as many.',
    request: z.object({
      data: dataId,
      ids: z.array(pictureId).max(500),
      side: z.int().min(8).max(256).default(64),
    }),
    async run(context, { data, ids, side }, { signal }) {
      const opened = await context.open(data, signal);
      const pictures = new Array<Picture | undefined>(ids.length);
      await inParallel(ids.length, async (i) => {
        signal.throwIfAborted();
        pictures[i] = await context.data.thumbnail(opened, ids[i], side);
      });
      // No larger than the largest of them: what a picture has not need not travel.
      const shown = pictures.reduce((most, picture) => Math.max(most, picture?.width ?? 0), 0) || side;
      /** [count, side, side, 4], in the order of `ids`; those of `missing` cannot be read and are clear. */
      const pixels = new Uint8Array(4 * shown * shown * ids.length);
      for (const [i, picture] of pictures.entries()) {
        if (picture) setOpaque(pixels, 4 * shown * shown * i, fitPicture(picture, shown, shown));
      }
      return { side: shown, count: ids.length, pixels, missing: ids.filter((_, i) => !pictures[i]) };
    },
  }),

  'data.overview': query({
    doc: 'Pictures of data in their own order, 8 x 8 pixels each: what stands for them until they are there. It is made as it is asked for, while nothing else is computed.',
    request: z.object({
      data: dataId,
      /** The first picture. */
      from: z.int().min(0).default(0),
      limit: z.int().min(1).max(8192).default(256),
    }),
    async run(context, { data, from, limit }, { signal }) {
      const opened = await context.open(data, signal);
      const mayWork = (): boolean => !context.jobs.list().some(({ state }) => state === 'running');
      const pixels = await opened.overview.take(from, limit, mayWork, signal);
      return {
        version: opened.version,
        total: opened.ids.length,
        side: overviewSide,
        /** Their numbers. */
        ids: opened.ids.slice(from, from + pixels.length / (3 * overviewSide * overviewSide)),
        /** [count, 8, 8, 3]; fewer than asked for at the end, or while a job computes. */
        pixels,
      };
    },
  }),

  'data.picture': query({
    doc: 'One picture: its pixels as they are, and as a model sees them.',
    request: z.object({
      data: dataId,
      id: pictureId,
      /** What the model takes; default the size that was chosen for the data. */
      input: z
        .object({
          height: z.int().min(1).max(1024),
          width: z.int().min(1).max(1024),
          channels: z.union([z.literal(1), z.literal(3)]),
        })
        .optional(),
      /** The longer side of the picture that is sent, at most. */
      longest: z.int().min(16).max(8192).default(2048),
    }),
    async run(context, { data, id, input, longest }, { signal }) {
      const opened = await context.open(data, signal);
      const { gallery } = opened;
      const index = opened.indexOf(id);
      const { origin, label, part, group } = gallery.pictures[index];
      const whole = await context.data.picture(opened, id);
      const { chosen, channels } = input ? { chosen: input, channels: input.channels } : await opened.describe();
      const seen = fitPicture(withChannels(whole, channels), chosen.height, chosen.width);
      const shares = await partsOf(context, opened);
      return {
        id,
        origin,
        label,
        part: shares.parts[index] as Part | undefined,
        ownPart: part,
        group,
        width: whole.width,
        height: whole.height,
        channels: whole.channels,
        /** Not larger than asked. */
        picture: within(whole, longest),
        /** At the size and with the channels that training takes. */
        seen,
      };
    },
  }),

  'data.parts': query({
    doc: 'The names of the parts of data, in the order in which everything lists them.',
    request: z.object({}),
    run: async () => ({ parts }),
  }),
};

/** Colour as RGBA that lets nothing through, written at a place of a block. */
function setOpaque(block: Uint8Array, start: number, { data }: Picture): void {
  for (let from = 0, at = start; from < data.length; from += 3, at += 4) {
    block[at] = data[from];
    block[at + 1] = data[from + 1];
    block[at + 2] = data[from + 2];
    block[at + 3] = 255;
  }
}

function within(picture: Picture, longest: number): Picture {
  const { width, height } = picture;
  const side = Math.max(width, height);
  if (side <= longest) return picture;
  const scaled = (length: number): number => Math.max(1, Math.round((length * longest) / side));
  return fitPicture(picture, scaled(height), scaled(width));
}
