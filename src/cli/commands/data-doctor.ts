import { writeFile } from 'node:fs/promises';
import { type Finding, findingKinds, type Severity } from '../../core/dataset/findings.ts';
import type { Examination } from '../../core/workbench/doctor.ts';
import { fileError } from '../../node/storage.ts';
import type { CommandContext, CommandDefinition } from '../command.ts';
import { fixLine, isPastable, mendText } from '../report/mend-line.ts';
import { doctorPage } from '../report/page.ts';
import { shownFiles } from '../report/shown.ts';
import { plural } from '../terminal/numbers.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, type Ink, painter } from '../terminal/terminal.ts';
import { countProgress, dataOf, limitOptions, projectOf, projectOption, seedOption, shellWord } from './shared.ts';

export const dataDoctor: CommandDefinition = {
  name: 'data doctor',
  group: 'data',
  doc: 'Looks at every picture and tells what is wrong with the set: unreadable files, copies, wrong labels, and more.',
  arguments: [{ name: '[data]', doc: 'a folder, an archive, a file, or a built-in set (digits, shapes)' }],
  options: [
    { flags: '--html <file>', doc: 'write one page with the pictures, to look at in a browser' },
    projectOption,
    seedOption,
    ...limitOptions,
  ],
  examples: [
    ['fovea data doctor photos', 'tells what it finds and how to mend it'],
    ['fovea data doctor photos --html doctor.html', 'the same with pictures'],
  ],

  async run(context, [data], { html, seed, project: named }) {
    const project = await projectOf(context, named);
    const { workbench, terminal, signal } = context;
    const reading = countProgress(context, 'Looking at pictures');
    const found = await workbench
      .examineData(
        { data: dataOf(data, project, 'data doctor'), seed: seed as number | undefined, project },
        { signal, onEvent: (event) => event.kind === 'reading' && reading.show(event.done, event.total) },
      )
      .finally(() => reading.clear());
    printExamination(context, found);
    if (html !== undefined) {
      const pictures = await workbench.thumbnails(found.data, shownFiles(found), signal, { project });
      const page = doctorPage(found, pictures, new Date().toISOString().slice(0, 10));
      await writeFile(html as string, page).catch((error) => {
        throw fileError('write', html as string, error);
      });
      terminal.out('');
      terminal.out(`The pictures: ${harmless(html as string)}`);
    }
    const { survey: _, findings, ...rest } = found;
    const mended = findings.map((finding) => ({ ...finding, mend: mendText(found.data, finding) }));
    return { json: { ...rest, findings: mended } };
  },
};

const inks: Readonly<Record<Severity, Ink>> = { error: 'bad', warning: 'val', note: 'faint' };
/** Findings of one kind that are told in full. */
const toldInFull = 5;
/** A command with more files is long; then only its kind is told. */
const mostFiles = 4;

function printExamination({ terminal }: Pick<CommandContext, 'terminal'>, found: Examination): void {
  const { findings, data } = found;
  const paint = painter(terminal);
  const readable = found.unreadable === 0 ? '' : `, ${found.unreadable} of them unreadable`;
  terminal.out(
    `${paint('strong', harmless(found.name))}: ${plural(found.pictures, 'picture')} in ${found.classNames.length} classes${readable}.`,
  );
  if (findings.length === 0) terminal.out(paint('good', 'Nothing conspicuous was found.'));
  for (const severity of ['error', 'warning', 'note'] as const) {
    for (const kind of findingKinds) {
      const own = findings.filter((finding) => finding.kind === kind && finding.severity === severity);
      if (own.length === 0) continue;
      terminal.out('');
      terminal.out(
        `${paint(inks[severity], severity)}  ${paint('strong', kind)}${own.length > 1 ? ` (${own.length})` : ''}`,
      );
      for (const finding of own.slice(0, toldInFull))
        for (const line of linesOf(finding, data, terminal.columns)) terminal.out(line);
      if (own.length > toldInFull) terminal.out(`  and ${own.length - toldInFull} more`);
      const sure = own.every(({ mends }) => mends.length === 1 && mends[0].when === undefined);
      const files = own.reduce((sum, { mends }) => sum + (mends[0]?.fixes.length ?? 0), 0);
      if (sure && (own.length > 1 || files > mostFiles))
        terminal.out(`  all of them: npx fovea data fix ${harmless(shellWord(data))} --mend ${kind}`);
    }
  }
}

function linesOf(finding: Finding, data: string, columns: number): string[] {
  const { files, mends, evidence, advice } = finding;
  const lines = wrap(harmless(evidence), columns - 2).map((line) => `  ${line}`);
  if (files.length > 0) {
    const more = files.length > mostFiles ? ` and ${files.length - mostFiles} more` : '';
    lines.push(`    ${files.slice(0, mostFiles).map(harmless).join(', ')}${more}`);
  }
  lines.push(...wrap(harmless(advice), columns - 4).map((line) => `    ${line}`));
  for (const mend of mends) {
    if (mend.fixes.length > mostFiles || !isPastable(mend)) continue;
    lines.push(`    ${mend.when ? `if ${harmless(mend.when)}: ` : ''}${harmless(fixLine(data, mend))}`);
  }
  return lines;
}
