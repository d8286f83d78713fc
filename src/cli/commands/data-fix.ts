import { type FindingKind, findingKinds } from '../../core/dataset/findings.ts';
import type { Fix } from '../../core/dataset/fixes.ts';
import type { FixOutcome } from '../../core/workbench/fixes.ts';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.ts';
import { wordOf } from '../report/mend-line.ts';
import { plural } from '../terminal/numbers.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import {
  countProgress,
  dataOf,
  limitOptions,
  nameFrom,
  projectOf,
  projectOption,
  seedOption,
  shellWord,
} from './shared.ts';

export const dataFix: CommandDefinition = {
  name: 'data fix',
  group: 'data',
  doc: 'Keeps what you decide about data in a file beside them, DATA.fixes.jsonl; your own files stay as they are.',
  arguments: [{ name: '[data]', doc: 'a folder, an archive or a file' }],
  options: [
    { flags: '--exclude <files...>', doc: 'leave pictures out' },
    { flags: '--relabel <file=class...>', doc: 'give pictures another class' },
    { flags: '--merge <a=b...>', doc: 'count all pictures of class a to class b' },
    { flags: '--rename <a=b...>', doc: 'call class a b' },
    {
      flags: '--mend <kind>',
      doc: 'take the way out of all findings of fovea data doctor of one kind, such as split-leak',
      parse: (text, flag) => nameFrom(findingKinds)(text, flag),
    },
    {
      flags: '--fixes <file>',
      doc: 'take over the fixes of a file, such as those that somebody else made for the same data',
    },
    { flags: '--undo', doc: 'take the last fix back' },
    { flags: '--list', doc: 'show the fixes that stand' },
    projectOption,
    seedOption,
    ...limitOptions,
  ],
  examples: [
    ['fovea data fix photos --exclude cat/7.jpg', 'trains and tests without that picture'],
    ['fovea data fix photos --relabel cat/8.jpg=dog', 'counts it as a dog'],
    ['fovea data fix photos --undo', 'takes that back'],
    ['fovea data fix photos --fixes mails/photos.fixes.jsonl', 'takes over what somebody else found'],
  ],

  async run(context, [data], options) {
    const undo = options.undo === true;
    const mend = options.mend as FindingKind | undefined;
    const fixes = fixesFrom(options);
    const from = options.fixes as string | undefined;
    const asked = fixes.length > 0 || mend !== undefined || from !== undefined;
    if (Number(asked) + Number(undo) + Number(options.list === true) !== 1) {
      const what = 'fixes (--exclude, --relabel, --merge, --rename, --mend, --fixes), --undo or --list';
      throw new UsageError(
        `Expected ${what} for 'fovea data fix' but received ${asked || undo ? 'several of them' : 'none'}`,
      );
    }
    const project = await projectOf(context, options.project);
    const named = dataOf(data, project, 'data fix');
    const reading = countProgress(context, 'Looking at pictures');
    const outcome = await context.workbench
      .fixData(
        { data: named, fixes, from, undo, mend, seed: options.seed as number | undefined, project },
        {
          signal: context.signal,
          onEvent: (event) => event.kind === 'reading' && reading.show(event.done, event.total),
        },
      )
      .finally(() => reading.clear());
    print(context, named, outcome, from);
    return { json: outcome };
  },
};

function print(
  { terminal }: CommandContext,
  data: string | undefined,
  { file, added, undone, fixes }: FixOutcome,
  from: string | undefined,
): void {
  const paint = painter(terminal);
  if (undone) terminal.out(`Taken back: ${told(undone)}.`);
  for (const fix of added.slice(0, 10)) terminal.out(`Kept: ${told(fix)}.`);
  if (added.length > 10) terminal.out(`and ${added.length - 10} more.`);
  if (from !== undefined && added.length === 0) terminal.out('Every fix of the file stands already.');
  else if (!undone && added.length === 0)
    for (const fix of fixes) terminal.out(`${paint('faint', fix.at)}  ${told(fix)}`);
  terminal.out(
    fixes.length === 0
      ? `No fixes stand${data === undefined ? '' : ` for ${harmless(data)}`}.`
      : `${plural(fixes.length, 'fix', 'fixes')} in ${harmless(file)}, applied whenever the data are read.`,
  );
  if (added.length > 0)
    terminal.out(
      `To take the last back: npx fovea data fix ${data === undefined ? '' : `${harmless(shellWord(data))} `}--undo`,
    );
}

const told = (fix: Fix): string =>
  `${fix.fix} ${harmless(wordOf(fix)).replace(/=(?=[^=]*$)/, fix.fix === 'exclude' ? '=' : ' = ')}`;

function fixesFrom(options: Readonly<Record<string, unknown>>): Fix[] {
  const words = (name: string): string[] => (options[name] as string[] | undefined) ?? [];
  /** At the last `=`: files may hold one, class names hardly do. */
  const pair = (name: string, text: string): [string, string] => {
    const at = text.lastIndexOf('=');
    if (at > 0 && at < text.length - 1) return [text.slice(0, at), text.slice(at + 1)];
    const wanted = name === 'relabel' ? 'FILE=CLASS' : 'CLASS=CLASS';
    throw new UsageError(`Expected ${wanted} for --${name} but received '${text}'`);
  };
  return [
    ...words('exclude').map((file): Fix => ({ fix: 'exclude', file })),
    ...words('relabel').map((text): Fix => {
      const [file, name] = pair('relabel', text);
      return { fix: 'relabel', file, class: name };
    }),
    ...words('merge').map((text): Fix => {
      const [from, into] = pair('merge', text);
      return { fix: 'merge', from, into };
    }),
    ...words('rename').map((text): Fix => {
      const [from, to] = pair('rename', text);
      return { fix: 'rename', from, to };
    }),
  ];
}
