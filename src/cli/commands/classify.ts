import type { ClassifiedFile } from '../../core/workbench/classify.ts';
import { nodeAdapters } from '../../node/adapters.ts';
import { type CommandContext, type CommandDefinition, wholeNumber } from '../command.ts';
import { percent, plural } from '../terminal/numbers.ts';
import { table } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { seedOption, threadsOption, turboOption } from './shared.ts';

export const classify: CommandDefinition = {
  name: 'classify',
  doc: 'Says what is on pictures: JPEG, PNG, WebP, GIF, TIFF or AVIF of any size.',
  arguments: [
    { name: '<run>', doc: "a run's folder, or a model's .safetensors file" },
    { name: '<files...>', doc: 'pictures, or folders of pictures' },
  ],
  options: [
    { flags: '--top <k>', doc: 'how many classes to tell for each picture (default 3)', parse: wholeNumber(1) },
    { flags: '--csv <file>', doc: 'also write the result as a table for spreadsheets' },
    threadsOption,
    turboOption,
    seedOption,
  ],
  examples: [
    ['fovea classify runs/photos-vgg6-bn-1 cat.jpg', 'the three most likely classes'],
    ['fovea classify best.safetensors folder/ --top 1 --csv out.csv', 'a whole folder into a table'],
  ],

  async run(context, [run, files], { top = 3, csv, threads }) {
    const { workbench, terminal, signal } = context;
    const request = {
      run: run as string,
      paths: files as string[],
      top: top as number,
      threads: threads as number | undefined,
    };
    const results = await workbench.classify(request, { signal });
    printClassified(context, results);
    if (csv !== undefined) {
      await nodeAdapters.storage.write(csv as string, toCsv(results));
      terminal.out(`\nWritten to ${csv}.`);
    }
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
  const rows = read.map(({ file, top: [first, ...others] }) => [
    harmless(file),
    paint('strong', harmless(first.class)),
    percent(first.probability),
    paint('faint', others.map((one) => `${harmless(one.class)} ${percent(one.probability)}`).join(', ')),
  ]);
  if (rows.length > 0) for (const line of table(columns, rows)) terminal.out(line);
  const failed = results.filter((result) => 'error' in result);
  if (failed.length === 0) return;
  terminal.out(`\n${paint('bad', `${plural(failed.length, 'file')} could not be read:`)}`);
  for (const { file, error } of failed) terminal.out(`  ${harmless(file)}: ${harmless(error)}`);
}

/** RFC 4180. A cell that a spreadsheet would take for a formula gets an apostrophe before it. */
export function toCsv(results: readonly ClassifiedFile[]): string {
  const most = Math.max(1, ...results.map((result) => ('top' in result ? result.top.length : 0)));
  const titles = [
    'file',
    ...Array.from({ length: most }, (_, i) => [`class ${i + 1}`, `probability ${i + 1}`]).flat(),
    'error',
  ];
  const rows = results.map((result) => {
    const top = 'top' in result ? result.top : [];
    const cells = Array.from({ length: most }, (_, i) => [
      top[i]?.class ?? '',
      top[i] ? String(top[i].probability) : '',
    ]).flat();
    return [result.file, ...cells, 'error' in result ? result.error : ''];
  });
  return [titles, ...rows].map((cells) => `${cells.map(csvCell).join(',')}\r\n`).join('');
}

function csvCell(text: string): string {
  const safe = /^[=+@\t\r-]/.test(text) && Number.isNaN(Number(text)) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
