import { say } from '../../say.ts';
import type { Check } from './check.ts';
import { listed, percent } from './words.ts';

export const classMissing: Check = {
  kind: 'class-missing',
  doc: 'a class has no training picture',
  yieldsTo: ['single-class'],
  examine({ facts, onData }) {
    if (!facts) return undefined;
    const missing = facts.classNames.filter((_, c) => facts.train[c] === 0);
    if (missing.length === 0) return undefined;
    const lost = facts.val.reduce((sum, count, c) => sum + (facts.train[c] === 0 ? count : 0), 0);
    const images = facts.val.reduce((sum, count) => sum + count, 0);
    const cost =
      lost > 0
        ? say` The ${lost} validation pictures of it (${percent(lost / images)}) can only be wrong, and they hold val loss up.`
        : '';
    return {
      severity: 'problem',
      since: 1,
      evidence: { missing, valPicturesOfThem: lost, valPictures: images },
      words: say`There is no training picture of ${listed(missing)}: nothing can be learnt of it.${cost}`,
      next: onData(say`See how many pictures each part has of each class.`, 'data', 'show', 'DATA'),
    };
  },
};
