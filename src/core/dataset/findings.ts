import type { Fix } from './fixes.ts';

export const findingKinds = [
  'unreadable',
  'label-conflict',
  'label-suspect',
  'split-leak',
  'duplicate',
  'near-duplicate',
  'imbalance',
  'blank',
  'label-in-name',
  'drift',
  'mixed-colour',
  'odd-size',
  'odd-aspect',
  'turned',
] as const;
export type FindingKind = (typeof findingKinds)[number];

/** `error`: results would be wrong; `warning`: they suffer; `note`: worth knowing. */
export type Severity = 'error' | 'warning' | 'note';

/** One thing that was found, with its evidence. Names in it come from files: data, never markup. */
export interface Finding {
  readonly kind: FindingKind;
  readonly severity: Severity;
  /** Pictures that it concerns, by origin, ordered; empty where it concerns classes or parts as a whole. */
  readonly files: readonly string[];
  /** One or two sentences with the figures. */
  readonly evidence: string;
  /** Ways out; none where only the person can act outside of Fovea, which `advice` then tells. */
  readonly mends: readonly Mend[];
  /** What to do, a sentence. */
  readonly advice: string;
}

/** One way out: fixes that `fovea data fix` keeps. */
export interface Mend {
  /** When to choose it, where there are several: `if they show glass`. */
  readonly when?: string;
  /** The class that the pictures show then: for those who say `when` in their own words. */
  readonly shows?: string;
  readonly fixes: readonly Fix[];
}
