import { say } from '../../say.ts';
import type { PictureFacts, Survey } from '../facts.ts';
import type { Finding, FindingKind, Severity } from '../findings.ts';

/** Findings about single pictures: those that cannot be read, are blank, or stand turned. */

export function findUnreadable({ facts, skipped }: Survey): Finding[] {
  const byReason = new Map<string, PictureFacts[]>();
  for (const fact of facts) {
    if (fact.problem !== undefined) byReason.set(fact.problem, [...(byReason.get(fact.problem) ?? []), fact]);
  }
  const found = [...byReason].map(([problem, pictures]) =>
    aboutPictures('unreadable', 'warning', pictures, {
      evidence: say`${countOf(pictures.length)} cannot be read: ${problem.replace(/^one that is /, '')}.`,
      advice: say`Save the picture again, or leave it out for good.`,
      exclude: true,
    }),
  );
  const left = new Map<string, string[]>();
  for (const { origin, reason } of skipped) left.set(reason, [...(left.get(reason) ?? []), origin]);
  for (const [reason, files] of left) {
    found.push({
      kind: 'unreadable',
      severity: 'note',
      files,
      evidence: say`${files.length === 1 ? say`1 entry was` : say`${files.length} entries were`} left out: ${reason}.`,
      mends: [],
      advice: say`Nothing needs to be done if that is meant.`,
    });
  }
  return found;
}

/** Grey levels of deviation below which a picture shows nothing. */
const blankDeviation = 3;

export function findBlank({ facts }: Survey): Finding[] {
  const blank = readable(facts).filter(({ deviation }) => deviation < blankDeviation);
  if (blank.length === 0) return [];
  return [
    aboutPictures('blank', 'warning', blank, {
      evidence: say`${countAre(blank.length)} of one colour or nearly so: the grey levels deviate by less than ${blankDeviation} of 255.`,
      advice: say`Leave out what shows nothing.`,
      exclude: true,
    }),
  ];
}

export function findTurned({ facts }: Survey): Finding[] {
  const turned = readable(facts).filter(({ orientation }) => orientation !== undefined);
  if (turned.length === 0) return [];
  return [
    aboutPictures('turned', 'note', turned, {
      evidence: say`${countAre(turned.length)} stored turned or mirrored, with an EXIF orientation that says so. Fovea stands them upright; many other programs do not.`,
      advice: say`Nothing needs to be done where they stand upright on the page that --html writes.`,
      exclude: false,
    }),
  ];
}

export const readable = (facts: readonly PictureFacts[]): PictureFacts[] =>
  facts.filter(({ problem }) => problem === undefined);

export const countAre = (count: number): string => (count === 1 ? say`1 picture is` : say`${count} pictures are`);

export const countOf = (count: number): string => (count === 1 ? say`1 picture` : say`${count} pictures`);

/** One finding about several pictures, which may be excluded. */
export function aboutPictures(
  kind: FindingKind,
  severity: Severity,
  pictures: readonly PictureFacts[],
  told: { readonly evidence: string; readonly advice: string; readonly exclude: boolean },
): Finding {
  const files = pictures.map(({ origin }) => origin);
  return {
    kind,
    severity,
    files,
    evidence: told.evidence,
    mends: told.exclude ? [{ fixes: files.map((file) => ({ fix: 'exclude', file })) }] : [],
    advice: told.advice,
  };
}
