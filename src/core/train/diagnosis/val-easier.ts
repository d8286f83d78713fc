import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { halfWidth } from './signs.ts';
import { figure, percent } from './words.ts';

export const valEasier: Check = {
  kind: 'val-easier',
  doc: 'validation pictures go better than training pictures, seen alike',
  yieldsTo: ['leaked-val', 'single-class', 'val-too-small', 'class-missing'],
  examine({ history, predictions, facts, onData }) {
    const recent = history.slice(-2);
    if (recent.length < 2 || !facts) return undefined;
    const valImages = facts.val.reduce((sum, count) => sum + count, 0);
    const easier = recent.every(({ epoch, trainLoss, trainAccuracy, valLoss, valAccuracy }) => {
      const images = predictions('train', epoch)?.images;
      if (trainLoss === undefined || trainAccuracy === undefined || images === undefined) return false;
      const noise = halfWidth(valAccuracy, valImages) + halfWidth(trainAccuracy, images);
      return valLoss < 0.8 * trainLoss && valAccuracy - trainAccuracy > Math.max(0.03, noise);
    });
    if (!easier) return undefined;
    const { epoch, trainLoss = 0, trainAccuracy = 0, valLoss, valAccuracy } = recent[1];
    return {
      severity: 'warning',
      since: recent[0].epoch,
      evidence: { trainLoss, trainAccuracy, valLoss, valAccuracy },
      words: say`After epoch ${epoch} validation pictures have a lower loss (${figure(valLoss)}) and more of them are right (${percent(valAccuracy)}) than of training pictures seen in the same way (${figure(trainLoss)}, ${percent(trainAccuracy)}). They are easier, of other classes, or copies: val tells less than it seems.`,
      next: onData(say`Compare the parts: classes, sizes, copies.`, 'data', 'doctor', 'DATA'),
    };
  },
};
