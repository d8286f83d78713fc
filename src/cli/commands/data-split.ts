import { type CommandDefinition, type CommandOption, number } from '../command.ts';
import { count, percent, plural } from '../terminal/numbers.ts';
import { table, wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import {
  countProgress,
  dataOf,
  limitOptions,
  projectOf,
  projectOption,
  seedOption,
  shellWord,
  skippedLines,
} from './shared.ts';

const share = (part: string): CommandOption => ({
  flags: `--${part} <share>`,
  doc: `share of all pictures for ${part} (default 0.15, or the part that the data have)`,
  parse: number({ minimum: 0, below: 1 }, '0.15'),
});

export const dataSplit: CommandDefinition = {
  name: 'data split',
  group: 'data',
  doc: 'Deals pictures out to train, val and test and writes it down; copies of a picture stay together.',
  arguments: [{ name: '[data]', doc: 'a folder, an archive, a file of data, or a built-in set' }],
  options: [
    share('val'),
    share('test'),
    {
      flags: '--group <pattern>',
      doc: "a regular expression over file names: pictures with the same match stay together, such as 'patient[0-9]+'",
    },
    {
      flags: '--out <file>',
      doc: "the file to write (default split.json, or the project's); one that is there is kept and added to",
    },
    { flags: '--keep-leaks', doc: 'leave pictures where they are that have a copy in a stricter part of the data' },
    projectOption,
    seedOption,
    ...limitOptions,
  ],
  examples: [
    ['fovea data split photos', 'writes split.json: 70 % train, 15 % val, 15 % test of every class'],
    ['fovea data split photos', 'again, with more pictures: places the new ones and moves none'],
  ],

  async run(context, [data], { val, test, group, out, keepLeaks, seed, project: named }) {
    const project = await projectOf(context, named);
    const { workbench, terminal, signal } = context;
    const reading = countProgress(context, 'Looking at pictures');
    const outcome = await workbench
      .splitData(
        {
          data: dataOf(data, project, 'data split'),
          out: out as string | undefined,
          project,
          val: val as number | undefined,
          test: test as number | undefined,
          group: group as string | undefined,
          keepLeaks: keepLeaks as boolean | undefined,
          seed: seed as number | undefined,
        },
        {
          signal,
          onEvent(event) {
            if (event.kind === 'reading') reading.show(event.done, event.total);
          },
        },
      )
      .finally(reading.clear);
    const { images, classes, earlier, groups, duplicates, leaks, notes, skipped, file, hash } = outcome;
    const paint = painter(terminal);
    const right = 'right' as const;
    const parts = ['train', 'val', 'test'] as const;
    const rows = classes.map((one) => [harmless(one.class), ...parts.map((part) => count(one[part]))]);
    rows.push([paint('strong', 'all'), ...parts.map((part) => paint('strong', count(images[part])))]);
    const all = images.train + images.val + images.test;
    rows.push(['', ...parts.map((part) => percent(images[part] / all))]);
    const columns = [{ title: 'class', limit: 40 }, ...parts.map((title) => ({ title, align: right }))];
    for (const line of table(columns, rows)) terminal.out(line);
    terminal.out('');
    const text = (sentence: string): void => {
      for (const line of wrap(harmless(sentence), terminal.columns - 2)) terminal.out(line);
    };
    if (earlier) {
      const gone = earlier.gone > 0 ? `, ${plural(earlier.gone, 'picture')} of it not there any more` : '';
      text(`Added to the split that was there: ${count(earlier.kept)} kept, ${count(earlier.added)} new${gone}.`);
    }
    if (groups > 0) text(`${plural(groups, 'group')} of pictures, each in one part.`);
    if (duplicates.exact + duplicates.near > 0) {
      text(`Copies: ${duplicates.exact} exact, ${duplicates.near} near; copies of one picture are in one part.`);
    }
    for (const note of notes) text(note);
    for (const leak of leaks.slice(0, 5)) {
      terminal.out(
        `  ${harmless(leak.origin)} (${leak.part}) is ${harmless(leak.copy)} (${leak.copyPart}), ${leak.kind}`,
      );
    }
    if (leaks.length > 5) terminal.out(`  and ${leaks.length - 5} more`);
    for (const line of skippedLines(skipped)) terminal.out(line);
    text(`Written to ${file}, ${hash}. What comes next:`);
    terminal.out(
      `  ${paint('strong', harmless(trainLine(data as string | undefined, project, out === undefined, file)))}`,
    );
    return { json: outcome };
  },
};

/** Within a project the split is found without being named. */
function trainLine(data: string | undefined, project: string | undefined, usual: boolean, file: string): string {
  const words = ['npx fovea train', ...(data === undefined ? [] : [shellWord(data)])];
  return [...words, ...(project !== undefined && usual ? [] : [`--split ${shellWord(file)}`])].join(' ');
}
