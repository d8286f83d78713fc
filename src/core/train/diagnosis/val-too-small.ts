import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { halfWidth } from './signs.ts';
import { points } from './words.ts';

export const valTooSmall: Check = {
  kind: 'val-too-small',
  doc: 'too few validation pictures for the differences that they are asked for',
  atEnd: true,
  examine({ best, facts, history, recipe, onData }) {
    if (!best || !facts) return undefined;
    const images = facts.val.reduce((sum, count) => sum + count, 0);
    const width = halfWidth(best.valAccuracy, images);
    if (width < 0.07) return undefined;
    const later = history.slice(Math.floor(history.length / 2)).map(({ valAccuracy }) => valAccuracy);
    const spread = Math.max(...later) - Math.min(...later);
    const seen = spread > 0 ? say` (here up to ${points(spread)} in the second half)` : '';
    return {
      severity: 'warning',
      since: 1,
      evidence: { valPictures: images, valAccuracy: best.valAccuracy, uncertainty: width, spreadOfLaterEpochs: spread },
      words: say`With ${images} validation pictures one picture is ${points(1 / images)}, and val accuracy is uncertain by ±${points(width)}: differences smaller than that between epochs or runs${seen} mean nothing.`,
      next:
        recipe.val > 0
          ? onData(say`Keep more pictures for validation.`, 'train', 'DATA', '--val', recipe.val < 0.2 ? '0.2' : '0.3')
          : // The data, or a split of them, say which pictures validate: --val would say nothing.
            onData(
              say`Deal the pictures out anew with more for validation, write that down, and train by it.`,
              ...['data', 'split', 'DATA', '--val', '0.25', '--out', 'split-more-val.json'],
            ),
    };
  },
};
