import { say } from '../../say.ts';
import type { Check } from './check.ts';

export const singleClass: Check = {
  kind: 'single-class',
  doc: 'all training pictures have one label',
  examine({ facts, onData }) {
    if (!facts) return undefined;
    const there = facts.train.flatMap((count, c) => (count > 0 ? [c] : []));
    if (there.length !== 1) return undefined;
    const name = facts.classNames[there[0]];
    return {
      severity: 'problem',
      since: 1,
      evidence: { class: name, classes: facts.classNames.length, pictures: facts.train[there[0]] },
      words: say`Every training picture is labelled '${name}', so the network only has to say that always: its accuracy says nothing. Labels were probably read wrongly.`,
      next: onData(say`See what was taken for a class.`, 'data', 'show', 'DATA'),
    };
  },
};
