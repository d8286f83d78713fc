import type { Finding, Mend } from '../../core/dataset/findings.ts';
import type { Fix } from '../../core/dataset/fixes.ts';
import { shellWord } from '../commands/shared.ts';

const kinds = ['exclude', 'relabel', 'merge', 'rename'] as const satisfies readonly Fix['fix'][];

/** The command that keeps fixes, as a person can paste it. */
export function fixLine(data: string, { fixes }: Mend): string {
  const options = kinds.map((kind) => {
    const own = fixes.filter(({ fix }) => fix === kind);
    return own.length === 0 ? '' : ` --${kind} ${own.map((fix) => shellWord(wordOf(fix))).join(' ')}`;
  });
  return `npx fovea data fix ${shellWord(data)}${options.join('')}`;
}

/** A command with more fixes is too long to paste. */
const mostFixes = 24;

/** Whether a person can paste the command: not endless, and no name in it holds what a line cannot. */
export const isPastable = ({ fixes }: Mend): boolean =>
  fixes.length <= mostFixes && fixes.every((fix) => !/[\p{Cc}\u2028\u2029]/u.test(wordOf(fix)));

/** As `fovea data fix` takes it. */
export function wordOf(fix: Fix): string {
  if (fix.fix === 'exclude') return fix.file;
  if (fix.fix === 'relabel') return `${fix.file}=${fix.class}`;
  return `${fix.from}=${fix.fix === 'merge' ? fix.into : fix.to}`;
}

/** The way out of a finding: its commands where there are any, else its advice. */
export function mendText(data: string, { mends, advice }: Finding): string {
  if (mends.length === 0) return advice;
  return mends.map((mend) => `${mend.when ? `If ${mend.when}: ` : ''}${fixLine(data, mend)}`).join('\n');
}
