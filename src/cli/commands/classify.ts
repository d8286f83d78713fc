import type { ClassifiedFile } from '../../core/workbench/classify.ts';
import { type SortedFile, type SortOutcome, uncertainFolder } from '../../core/workbench/sort.ts';
import type { VerbOptions } from '../../core/workbench/verb.ts';
import { nodeAdapters } from '../../node/adapters.ts';
import { type CommandContext, type CommandDefinition, number, UsageError, wholeNumber } from '../command.ts';
import { count, percent, plural } from '../terminal/numbers.ts';
import { table, wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { limitOptions, projectOf, projectOption, seedOption, threadsOption, turboOption } from './shared.ts';

export const classify: CommandDefinition = {
  name: 'classify',
  group: 'classifying',
  doc: 'Says what is on pictures: JPEG, PNG, WebP, GIF, TIFF or AVIF of any size.',
  arguments: [
    { name: '<run>', doc: "a run's folder, or a model's .safetensors or .onnx file" },
    { name: '<files...>', doc: 'pictures, or folders of pictures' },
  ],
  options: [
    { flags: '--top <k>', doc: 'how many classes to tell for each picture (default 3)', parse: wholeNumber(1) },
    { flags: '--csv <file>', doc: 'also write the result as a table for spreadsheets' },
    {
      flags: '--sort-into <folder>',
      doc: 'copy each picture into a folder of its predicted class there; nothing is moved or overwritten',
    },
    {
      flags: '--min-probability <p>',
      doc: `copy pictures whose likeliest class is less probable than this into ${uncertainFolder} instead`,
      parse: number({ minimum: 0, below: 1 }, '0.8'),
    },
    threadsOption,
    turboOption,
    projectOption,
    seedOption,
    ...limitOptions,
  ],
  examples: [
    ['fovea classify runs/photos-vgg6-bn-1 cat.jpg', 'the three most likely classes'],
    ['fovea classify best.safetensors folder/ --top 1 --csv out.csv', 'a whole folder into a table'],
    ['fovea classify runs/photos-vgg6-bn-1 new/ --sort-into sorted', 'copies into sorted/CLASS/'],
  ],

  async run(context, [run, files], { top = 3, csv, threads, sortInto, minProbability, project }) {
    const { workbench, signal } = context;
    const request = {
      run: run as string,
      paths: files as string[],
      top: top as number,
      threads: threads as number | undefined,
      project: await projectOf(context, project),
    };
    if (sortInto !== undefined) {
      const into = { ...request, into: sortInto as string, minProbability: minProbability as number | undefined };
      const sorted = await workbench.sort(into, { signal });
      printSorted(context, sorted);
      await writeCsv(context, csv as string | undefined, sorted.files);
      const failed = sorted.interrupted || sorted.files.some((one) => 'error' in one);
      return { json: sorted, exitCode: failed ? 1 : 0 };
    }
    if (minProbability !== undefined) {
      throw new UsageError('Expected --sort-into beside --min-probability but received none');
    }
    const notes: string[] = [];
    const onEvent: VerbOptions['onEvent'] = (event) => void (event.kind === 'note' && notes.push(event.text));
    const results = await workbench.classify(request, { signal, onEvent });
    printClassified(context, results);
    for (const line of tally(results, context.terminal.columns)) context.terminal.out(line);
    for (const note of notes) context.terminal.out(harmless(note));
    await writeCsv(context, csv as string | undefined, results);
    // A file that was named and could not be read is a failure, even when others could.
    return { jsonLines: results, exitCode: results.some((result) => 'error' in result) ? 1 : 0 };
  },
};

export function printClassified(
  { terminal }: Pick<CommandContext, 'terminal'>,
  results: readonly ClassifiedFile[],
): void {
  const paint = painter(terminal);
  const read = results.filter((result) => 'top' in result);
  const columns = [
    { title: 'picture', limit: Math.max(30, terminal.columns - 30) },
    { title: 'class', limit: 40 },
    { title: 'probability', align: 'right' as const },
    { title: 'then' },
  ];
  const rows = read.map(({ file, top, unknown }) => {
    const [first, ...others] = top;
    const rest = unknown ? top : others;
    return [
      harmless(file),
      unknown ? paint('val', unknownWord) : paint('strong', harmless(first.class)),
      unknown ? '' : percent(first.probability),
      paint('faint', rest.map((one) => `${harmless(one.class)} ${percent(one.probability)}`).join(', ')),
    ];
  });
  if (rows.length > 0) for (const line of table(columns, rows, terminal.columns)) terminal.out(line);
  const unknown = read.filter((result) => result.unknown).length;
  if (unknown > 0) {
    const words = `${unknown} of ${plural(read.length, 'picture')} ${unknown === 1 ? 'is' : 'are'} unknown: no class is probable enough for the threshold in the model (fovea calibrate sets it).`;
    for (const line of wrap(words, terminal.columns - 2)) terminal.out(line);
  }
  printFailed(terminal, results);
}

/** How many pictures of each class there are, the most frequent first; nothing for a single picture. */
export function tally(results: readonly ClassifiedFile[], columns: number): string[] {
  const counts = new Map<string, number>();
  for (const result of results) {
    if (!('top' in result)) continue;
    const name = result.unknown ? unknownWord : result.top[0].class;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const pictures = [...counts.values()].reduce((sum, one) => sum + one, 0);
  if (pictures < 2) return [];
  const most = [...counts].sort(([, a], [, b]) => b - a).map(([name, n]) => `${harmless(name)} (${count(n)})`);
  const rest = most.length > 10 ? ` and ${count(most.length - 10)} others` : '';
  return ['', ...wrap(`${plural(pictures, 'picture')}: ${most.slice(0, 10).join(', ')}${rest}.`, columns - 2)];
}

/** What is said in the stead of a class. A class may have the same name; `--json` tells them apart. */
const unknownWord = 'unknown';

function printFailed(terminal: CommandContext['terminal'], results: readonly (ClassifiedFile | SortedFile)[]): void {
  const paint = painter(terminal);
  const failed = results.filter((result) => 'error' in result);
  if (failed.length === 0) return;
  terminal.out(`\n${paint('bad', `${plural(failed.length, 'file')} could not be read:`)}`);
  for (const { file, error } of failed) terminal.out(`  ${harmless(file)}: ${harmless(error)}`);
}

async function writeCsv(
  { terminal }: CommandContext,
  file: string | undefined,
  results: readonly (ClassifiedFile | SortedFile)[],
): Promise<void> {
  if (file === undefined) return;
  await nodeAdapters.storage.write(file, toCsv(results));
  terminal.out(`\nWritten to ${harmless(file)}.`);
}

function printSorted({ terminal }: Pick<CommandContext, 'terminal'>, outcome: SortOutcome): void {
  const { files, folders, interrupted, into } = outcome;
  const right = 'right' as const;
  const columns = [
    { title: 'folder', limit: 60 },
    { title: 'copied', align: right },
    { title: 'there before', align: right },
  ];
  const rows = folders.map(({ folder, copied, there }) => [harmless(folder), count(copied), count(there)]);
  if (rows.length > 0) for (const line of table(columns, rows)) terminal.out(line);
  const renamed = folders.filter(
    ({ folder, class: name }) => name !== undefined && folder.split(/[\\/]/).at(-1) !== name,
  );
  for (const { folder, class: name = '' } of renamed) {
    terminal.out(
      `Class '${harmless(name)}' has the folder ${harmless(folder)}, since not every system takes its name.`,
    );
  }
  const copied = folders.reduce((sum, one) => sum + one.copied, 0);
  const there = folders.reduce((sum, one) => sum + one.there, 0);
  const before = there > 0 ? `, ${count(there)} lay there before` : '';
  terminal.out(
    `Copied ${plural(copied, 'picture')} into ${harmless(into)}${before}. The originals are where they were.`,
  );
  printFailed(terminal, files);
  if (interrupted) terminal.out('Interrupted. The same command goes on and copies nothing twice.');
}

/** RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
export function toCsv(results: readonly (ClassifiedFile | SortedFile)[]): string {
  const topOf = (result: ClassifiedFile | SortedFile) => ('top' in result ? (result.top ?? []) : []);
  const most = results.reduce((longest, result) => Math.max(longest, topOf(result).length), 1);
  // Columns only where there is something in them.
  const doubted = results.some((result) => 'unknown' in result);
  const sorted = results.some((result) => 'to' in result);
  const titles = [
    'file',
    ...Array.from({ length: most }, (_, i) => [`class ${i + 1}`, `probability ${i + 1}`]).flat(),
    ...(sorted ? ['copied to'] : []),
    ...(doubted ? ['unknown'] : []),
    'error',
  ];
  const rows = results.map((result) => {
    const top = topOf(result);
    const cells = Array.from({ length: most }, (_, i) => [
      top[i]?.class ?? '',
      top[i] ? String(top[i].probability) : '',
    ]).flat();
    const copy = sorted ? ['to' in result ? result.to : ''] : [];
    const doubt = doubted ? ['unknown' in result ? 'yes' : ''] : [];
    return [result.file, ...cells, ...copy, ...doubt, 'error' in result ? result.error : ''];
  });
  return [titles, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(text: string): string {
  const safe = /^\s*[=+@\t\r\n＝＋－＠-]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
