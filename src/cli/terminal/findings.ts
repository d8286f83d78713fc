import type { Finding } from '../../core/train/diagnosis/finding.ts';
import { fromHere, shellWord } from '../commands/shared.ts';
import { wrap } from './table.ts';
import { harmless, painter, type Terminal } from './terminal.ts';

type Paper = Pick<Terminal, 'colour' | 'columns'>;

const titles: Readonly<Record<Finding['severity'], string>> = { problem: 'Problem', warning: 'Warning', note: 'Note' };

/** A command that a person can paste. */
export const commandLine = (command: readonly string[]): string =>
  ['npx', 'fovea', ...command.map((word) => shellWord(fromHere(word)))].join(' ');

/** A finding: what it is, what to try and how. */
export function findingLines({ kind, severity, words, next }: Finding, terminal: Paper): string[] {
  const paint = painter(terminal);
  const [first, ...rest] = wrap(harmless(`${titles[severity]}: ${kind}. ${words}`), terminal.columns - 2, '  ');
  const head = `${titles[severity]}: ${kind}.`;
  const shown = first.startsWith(head) ? `${paint('strong', head)}${first.slice(head.length)}` : first;
  return [
    shown,
    ...rest,
    ...wrap(harmless(`Next: ${next.words}`), terminal.columns - 4, '  ').map((line) => `  ${line}`),
    // Not broken: it is to be pasted.
    `    ${paint('strong', harmless(commandLine(next.command)))}`,
  ];
}

/** All that was found, the graver first. */
export function diagnosisLines(findings: readonly Finding[], terminal: Paper): string[] {
  if (findings.length === 0) return ['', 'Diagnosis: nothing conspicuous in the curves, the layers and the pictures.'];
  return ['', 'Diagnosis:', ...findings.flatMap((finding) => findingLines(finding, terminal))];
}
