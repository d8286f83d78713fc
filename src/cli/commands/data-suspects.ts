import { writeFile } from 'node:fs/promises';
import type { SuspectsOutcome } from '../../core/workbench/suspects.ts';
import { fileError } from '../../node/storage.ts';
import { type CommandContext, type CommandDefinition, parseSize, wholeNumber } from '../command.ts';
import { fixLine, mendText } from '../report/mend-line.ts';
import { shownFiles } from '../report/shown.ts';
import { suspectsPage } from '../report/suspects-page.ts';
import { count, percent, plural } from '../terminal/numbers.ts';
import { table, wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import {
  countProgress,
  dataOf,
  modelNames,
  nameFrom,
  projectOf,
  projectOption,
  seedOption,
  skippedLines,
  threadsOption,
  turboOption,
} from './shared.ts';

export const dataSuspects: CommandDefinition = {
  name: 'data suspects',
  group: 'data',
  doc: 'Trains several models, each on a part of the pictures, and tells which labels those that never saw them doubt.',
  arguments: [{ name: '[data]', doc: 'a folder, an archive, a file, or a built-in set (digits, shapes)' }],
  options: [
    { flags: '--html <file>', doc: 'write one page with the pictures, to look at in a browser' },
    {
      flags: '--folds <n>',
      doc: 'how many models (default 4); more see more of the pictures each',
      parse: wholeNumber(2, 20),
    },
    { flags: '--epochs <n>', doc: 'of each training (default half of what train takes)', parse: wholeNumber(1) },
    { flags: '--model <name>', doc: 'a preset (default as in train)', parse: nameFrom(modelNames) },
    { flags: '--size <size>', doc: 'side of the input, or height x width', parse: parseSize },
    threadsOption,
    turboOption,
    projectOption,
    seedOption,
  ],
  examples: [
    ['fovea data suspects photos', 'the most doubtful labels, and the command that mends each'],
    ['fovea data suspects photos --html suspects.html', 'the same with pictures'],
  ],

  async run(context, [data], { html, folds, epochs, model, size, threads, seed, project: named }) {
    const project = await projectOf(context, named);
    const { workbench, terminal, signal } = context;
    const reading = countProgress(context, 'Reading pictures');
    const training = countProgress(context, 'Training models, epoch');
    const skipped: { origin: string; reason: string }[] = [];
    const found = await workbench
      .suspectLabels(
        {
          data: dataOf(data, project, 'data suspects'),
          folds: folds as number | undefined,
          epochs: epochs as number | undefined,
          model: model as string | undefined,
          size: size as { height: number; width: number } | undefined,
          threads: threads as number | undefined,
          seed: seed as number | undefined,
          project,
        },
        {
          signal,
          onEvent(event) {
            if (event.kind === 'reading') reading.show(event.done, event.total);
            else if (event.kind === 'progress') training.show(event.done, event.total);
            else if (event.kind === 'skipped') skipped.push(event);
          },
        },
      )
      .finally(() => {
        reading.clear();
        training.clear();
      });
    for (const line of skippedLines(skipped)) terminal.out(line);
    printSuspects(context, found);
    if (html !== undefined) {
      const pictures = await workbench.thumbnails(found.data, shownFiles(found), signal, { project });
      const page = suspectsPage(found, pictures, new Date().toISOString().slice(0, 10));
      await writeFile(html as string, page).catch((error) => {
        throw fileError('write', html as string, error);
      });
      terminal.out(`The pictures: ${harmless(html as string)}`);
    }
    const { findings, ...rest } = found;
    const mended = rest.suspects.map((suspect, i) => ({ ...suspect, mend: mendText(found.data, findings[i]) }));
    return { json: { ...rest, suspects: mended } };
  },
};

const shown = 20;

function printSuspects({ terminal }: Pick<CommandContext, 'terminal'>, found: SuspectsOutcome): void {
  const { suspects, images, folds, epochs, model, accuracy, findings, data } = found;
  const paint = painter(terminal);
  const say = (text: string): void => {
    for (const line of wrap(text, terminal.columns - 2)) terminal.out(line);
  };
  say(
    `${folds} models (${harmless(model)}, ${plural(epochs, 'epoch')}) judged ${plural(images, 'picture')} that they had not seen: they give ${percent(accuracy)} the label they have. Another class is at least 20 times likelier for ${percent(suspects.length / images)} of them.`,
  );
  if (suspects.length === 0) {
    terminal.out(paint('good', 'No label is doubted.'));
    return;
  }
  terminal.out('');
  terminal.out(`${plural(suspects.length, 'label')} to look at, the most doubtful first:`);
  const right = 'right' as const;
  const rows = suspects
    .slice(0, shown)
    .map(({ file, label, suggested, probability, ofLabel }) => [
      harmless(file),
      harmless(label),
      percent(ofLabel),
      paint('strong', harmless(suggested)),
      percent(probability),
    ]);
  const columns = [
    { title: 'picture', limit: 50 },
    { title: 'label', limit: 24 },
    { title: 'believed', align: right },
    { title: 'rather', limit: 24 },
    { title: 'believed', align: right },
  ];
  for (const line of table(columns, rows)) terminal.out(line);
  if (suspects.length > shown)
    terminal.out(`and ${count(suspects.length - shown)} more (--json lists all, --html shows them)`);
  terminal.out('');
  say('Look at each before you change it: a model may be wrong where the label is right. To change the first:');
  terminal.out(`  ${harmless(fixLine(data, findings[0].mends[0]))}`);
}
