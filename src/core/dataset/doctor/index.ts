import type { Survey } from '../facts.ts';
import { type Finding, findingKinds, type Severity } from '../findings.ts';
import { findDrift, findImbalance, findNames } from './classes.ts';
import { findCopies } from './copies.ts';
import { findBlank, findTurned, findUnreadable } from './pictures.ts';
import { findMixedColour, findOddAspects, findOddSizes } from './shapes.ts';

/** THE LIST of checks. */
const checks: readonly ((survey: Survey) => Finding[])[] = [
  findUnreadable,
  findCopies,
  findImbalance,
  findBlank,
  findNames,
  findDrift,
  findMixedColour,
  findOddSizes,
  findOddAspects,
  findTurned,
];

const severities: readonly Severity[] = ['error', 'warning', 'note'];

/** What is wrong with labelled pictures, or may be: the worst first, then by kind. */
export function examine(survey: Survey): Finding[] {
  const found = checks.flatMap((check) => check(survey));
  const rank = ({ severity, kind }: Finding): number =>
    severities.indexOf(severity) * findingKinds.length + findingKinds.indexOf(kind);
  return found.sort((a, b) => rank(a) - rank(b));
}
