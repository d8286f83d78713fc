import { z } from 'zod';
import { createAugmenter } from '../../../image/augment.ts';
import { type Augmentation, augmentationText, completeAugmentation } from '../../../image/augmentation-spec.ts';
import { isMixing } from '../../../image/augmentations/augmentation.ts';
import { augmentationKinds } from '../../../image/augmentations/index.ts';
import { withChannels } from '../../../image/channels.ts';
import { fitPicture } from '../../../image/fit.ts';
import { warnOfLabels } from '../../../image/mirror-names.ts';
import { defaultAugmentation } from '../../../train/defaults.ts';
import { query } from '../verb.ts';
import { dataId, pictureId } from './shapes.ts';

export const augmentation = z.union([
  z.object({ version: z.literal(2), steps: z.array(z.looseObject({ type: z.string() })).max(50) }),
  z.strictObject({ flip: z.boolean().optional(), crop: z.int().min(0).optional() }),
]) satisfies z.ZodType<Augmentation>;

export const augmentVerbs = {
  'augment.list': query({
    doc: 'The kinds of augmentation, with the options of each: ranges, defaults, what they do. Forms come from it.',
    request: z.object({}),
    run: async () => ({
      kinds: augmentationKinds.map((kind) => ({
        name: kind.name,
        doc: kind.doc,
        options: kind.options,
        mirrors: kind.mirrors ?? false,
        /** True where two pictures become one: only a whole batch shows it. */
        mixes: isMixing(kind),
      })),
    }),
  }),

  'augment.preview': query({
    doc: 'Pictures as training sees them: as they are, then as they are in the first epochs.',
    request: z.object({
      data: dataId,
      ids: z.array(pictureId).min(1).max(64),
      /** Absent: what training would choose. */
      augmentation: augmentation.optional(),
      /** Changed pictures beside each original. */
      epochs: z.int().min(1).max(32).default(8),
      seed: z.int().min(0).max(4294967295).default(1),
      size: z.object({ height: z.int().min(1).max(512), width: z.int().min(1).max(512) }).optional(),
    }),
    async run(context, { data, ids, augmentation: asked, epochs, seed, size }, { signal }) {
      const opened = await context.open(data, signal);
      const { classNames } = opened.gallery;
      const { chosen, channels } = await opened.describe();
      const { height, width } = size ?? chosen;
      const shape = { height, width, channels };
      const usual = asked ? undefined : defaultAugmentation({ ...shape, classNames });
      const augmentation = asked ?? usual!.augmentation;
      completeAugmentation(augmentation, shape);
      const augmenter = createAugmenter(augmentation, shape);
      const bytes = height * width * channels;
      const pixels = new Uint8Array(ids.length * (epochs + 1) * bytes);
      const originals: Uint8Array[] = [];
      for (const id of ids) {
        signal.throwIfAborted();
        const whole = await context.data.picture(opened, id);
        originals.push(fitPicture(withChannels(whole, channels), height, width).data);
      }
      const changed = (row: number, draw: { seed: number; epoch: number; index: number }): Uint8Array => {
        const to = new Uint8Array(bytes);
        if (augmenter) augmenter.change(originals[row], 0, to, 0, draw);
        else to.set(originals[row]);
        return to;
      };
      ids.forEach((id, row) => {
        pixels.set(originals[row], row * (epochs + 1) * bytes);
        for (let epoch = 1; epoch <= epochs; epoch++) {
          const draw = { seed, epoch, index: id };
          const picture = changed(row, draw);
          if (augmenter?.mixing) {
            // Among the pictures that are shown, so that one sees what was mixed with what.
            const other = augmenter.mixing.partner(ids.length, draw);
            augmenter.mixing.mix(picture, changed(other, { ...draw, index: ids[other] }), draw);
          }
          pixels.set(picture, (row * (epochs + 1) + epoch) * bytes);
        }
      });
      return {
        /** [picture, original and epochs, height, width, channels]. */
        pixels,
        count: ids.length,
        epochs,
        height,
        width,
        channels,
        augmentation,
        text: augmentationText(augmentation),
        why: usual?.why,
        warnings: warnOfLabels(augmentation, classNames),
      };
    },
  }),
};
