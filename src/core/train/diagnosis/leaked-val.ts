import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { percent } from './words.ts';

export const leakedVal: Check = {
  kind: 'leaked-val',
  doc: 'validation pictures are among the training pictures',
  examine({ facts, onData }) {
    if (!facts) return undefined;
    const images = facts.val.reduce((sum, count) => sum + count, 0);
    const share = facts.leaked / images;
    // A few copies in a large set change no figure; the doctor lists them.
    if (facts.leaked < 2 || share < 0.01) return undefined;
    return {
      severity: share >= 0.05 ? 'problem' : 'warning',
      since: 1,
      evidence: { leaked: facts.leaked, valPictures: images, share },
      words: say`${facts.leaked} of ${images} validation pictures (${percent(share)}) are also training pictures. Val loss and val accuracy are better than they will be on new pictures, and overfitting cannot show in them.`,
      next: onData(
        say`Split anew, with copies kept on one side; val accuracy should fall to what it really is.`,
        ...['data', 'split', 'DATA'],
      ),
    };
  },
};
