import { z } from 'zod';
import type { RecipeOverrides } from '../override-recipe.ts';

/** `problem`: what was measured is not to be trusted, or nothing is learnt. `warning`: it could do better. `note`: to know. */
export const severities = ['problem', 'warning', 'note'] as const;
export type Severity = (typeof severities)[number];

/** What to try next. */
export interface NextExperiment {
  /** What it is, and what one should see if the finding is right: a sentence. */
  readonly words: string;
  /** Words of a command after `fovea`, each as it is: not yet quoted for any shell. */
  readonly command: readonly string[];
  /** The same as fields of the recipe, where it is a training like this one with some fields otherwise. */
  readonly overrides?: RecipeOverrides;
}

/** What a check found out about a training. */
export interface Finding {
  /** The check's name. */
  readonly kind: string;
  readonly severity: Severity;
  /** The epoch since which it is so, where that can be told. */
  readonly since?: number;
  /** The numbers that it follows from, by name. */
  readonly evidence: Readonly<Record<string, number | string | readonly string[]>>;
  /** What it is and how one sees it: one or two sentences for a learner, the numbers in it. */
  readonly words: string;
  readonly next: NextExperiment;
}

export const findingSchema = z.object({
  kind: z.string(),
  severity: z.enum(severities),
  since: z.int().min(1).optional(),
  evidence: z.record(z.string(), z.union([z.number(), z.string(), z.array(z.string())])),
  words: z.string(),
  next: z.object({
    words: z.string(),
    command: z.array(z.string()),
    overrides: z.record(z.string(), z.unknown()).optional(),
  }),
});
