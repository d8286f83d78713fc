import type { Finding } from './finding.ts';
import type { Signs } from './signs.ts';

/** One thing that may be wrong with a training. A check is a pure function of what was recorded. */
export interface Check {
  readonly kind: string;
  /** What it looks for: half a sentence for a list. */
  readonly doc: string;
  /** Kinds that, where they are found, explain this one: it is not told beside them. */
  readonly yieldsTo?: readonly string[];
  /** Told only when training is over: before, time may still mend it. */
  readonly atEnd?: boolean;
  examine(signs: Signs): Omit<Finding, 'kind'> | undefined;
}
