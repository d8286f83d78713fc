import { bestEpoch, type EpochRecord } from './history.ts';
import type { Recipe } from './recipe.ts';

/** How a training came to its end by itself. */
export type Ending = 'finished' | 'stopped-early';

/**
 * Whether a training is over: all epochs are done, or val loss has not become lower for `patience` epochs (Prechelt: "Early
 * stopping, but when?", 1998; here the plain rule that Keras and PyTorch Lightning have). Undefined: it goes on.
 */
export function endingOf(
  { epochs, patience }: Pick<Recipe, 'epochs' | 'patience'>,
  history: readonly EpochRecord[],
): Ending | undefined {
  if (history.length >= epochs) return 'finished';
  const best = bestEpoch(history);
  return best && patience !== undefined && history.length - best.epoch >= patience ? 'stopped-early' : undefined;
}
