import { quotePath } from '../../formats/quote.ts';
import { say } from '../../say.ts';
import { parts } from '../dataset.ts';
import { type DuplicateGroup, findDuplicates } from '../duplicates.ts';
import type { PictureFacts, Survey } from '../facts.ts';
import type { Finding, Mend } from '../findings.ts';

/**
 * Pictures that occur more than once, one finding for each: under different classes (`label-conflict`), else in different
 * parts (`split-leak`), else `duplicate` or `near-duplicate`.
 */
export function findCopies(survey: Survey): Finding[] {
  return joined(findDuplicates(survey.facts)).map(({ kind, members }) => {
    const facts = members.map((i) => survey.facts[i]);
    const files = facts.map(({ origin }) => origin);
    const same = kind === 'exact' ? say`have the same pixels` : say`look the same`;
    const labels = [...new Set(facts.map(({ label }) => label))];
    const places: readonly string[] = parts.filter((part) => facts.some((fact) => fact.part === part));
    const where =
      places.length > 1 ? say` They stand in ${places.reduce((some, one) => say`${some} and ${one}`)}.` : '';
    if (labels.length > 1) {
      const classes = labels
        .map((label) => quotePath(survey.classNames[label]))
        .reduce((some, one) => say`${some} and ${one}`);
      return {
        kind: 'label-conflict',
        severity: 'error',
        files,
        evidence: say`${facts.length} files ${same} and are labelled ${classes}.${where}`,
        mends: labels.map((label) => keepClass(facts, label, survey.classNames[label])),
        advice: say`Look at the picture and keep the class that it shows.`,
      };
    }
    if (places.length > 1) {
      return {
        kind: 'split-leak',
        severity: 'error',
        files,
        evidence: say`${facts.length} files ${same} and stand in ${places.reduce((some, one) => say`${some} and ${one}`)}.`,
        mends: [{ fixes: exclude(leaking(facts)) }],
        advice: say`Keep the copy in ${places.at(-1)}: what was trained on proves nothing there.`,
      };
    }
    const grouped = facts.every(({ group }) => group !== undefined && group === facts[0].group);
    return {
      kind: kind === 'exact' ? 'duplicate' : 'near-duplicate',
      severity: kind === 'exact' && !grouped ? 'warning' : 'note',
      files,
      evidence: say`${facts.length} files ${same}.`,
      mends: [{ fixes: exclude(facts.slice(1)) }],
      advice: say`Keep one: copies count more than once in training and may part at a split.`,
    };
  });
}

/** An exact group within a near one is told by that one. */
function joined(groups: readonly DuplicateGroup[]): DuplicateGroup[] {
  const near = new Set(groups.filter(({ kind }) => kind === 'near').flatMap(({ members }) => members));
  return groups.filter(({ kind, members }) => kind === 'near' || !near.has(members[0]));
}

const exclude = (facts: readonly PictureFacts[]): Mend['fixes'] =>
  facts.map(({ origin }) => ({ fix: 'exclude', file: origin }));

/** All but those of the last part there is: test, else val. */
function leaking(facts: readonly PictureFacts[]): PictureFacts[] {
  const last = parts.findLast((part) => facts.some((fact) => fact.part === part));
  return facts.filter(({ part }) => part !== last);
}

/** The pictures of one class stay, and of these only those of the last part. */
function keepClass(facts: readonly PictureFacts[], label: number, name: string): Mend {
  const right = facts.filter((fact) => fact.label === label);
  const last = parts.findLast((part) => right.some((fact) => fact.part === part));
  const [kept] = right.filter(({ part }) => part === last);
  return { when: say`it shows ${name}`, shows: name, fixes: exclude(facts.filter((fact) => fact !== kept)) };
}
