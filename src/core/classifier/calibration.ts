import { z } from 'zod';

const share = z.number().min(0).max(1);
const beforeAndAfter = z.object({ before: z.number().min(0), after: z.number().min(0) });

export const calibrationSchema = z.object({
  /** Logits are divided by it before they become probabilities; above 1 makes answers less sure. No prediction changes. */
  temperature: z.number().gt(0),
  /** Pictures that it was fitted on: validation pictures. */
  images: z.int().min(1),
  /** Mean cross-entropy, and expected calibration error, on those: with bare logits, and with the temperature. */
  loss: beforeAndAfter,
  ece: beforeAndAfter,
  /** Why the temperature is 1, where nothing could be fitted. */
  note: z.string().optional(),
  /** When to say "unknown". */
  rejection: z
    .object({
      /** An answer less probable than this is "unknown". */
      threshold: share,
      /** What was asked for: to answer this share of pictures, or to be wrong on at most this share of the answers. */
      rule: z.union([z.strictObject({ coverage: share }), z.strictObject({ maxError: share })]),
      /** What the threshold gave on the validation pictures: share answered, and share wrong of the answers. */
      coverage: share,
      error: share,
    })
    .optional(),
});

/** How sure a classifier may be, learnt from validation pictures; part of its file. */
export type Calibration = z.infer<typeof calibrationSchema>;
export type Rejection = NonNullable<Calibration['rejection']>;
/** For what a rejection threshold is chosen. */
export type RejectionRule = Rejection['rule'];

/** Whether an answer of this probability is too unsure to be given. Never, where no threshold was chosen. */
export const isUnknown = (calibration: Calibration | undefined, probability: number): boolean =>
  calibration?.rejection !== undefined && probability < calibration.rejection.threshold;
