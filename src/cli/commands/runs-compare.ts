import type { EpochRecord } from '../../core/train/history.ts';
import type { Comparison } from '../../core/workbench/compare.ts';
import { nodeAdapters } from '../../node/adapters.ts';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.ts';
import { comparisonWords } from '../comparison-words.ts';
import { fittingTable } from '../terminal/fitting-table.ts';
import { loss, percent } from '../terminal/numbers.ts';
import { overlayChart } from '../terminal/overlay.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { projectOf, projectOption, seedOption, threadsOption } from './shared.ts';

export const runsCompare: CommandDefinition = {
  name: 'runs compare',
  group: 'training',
  doc: 'Lays runs beside each other: curves, recipes, and whether their difference is more than chance.',
  arguments: [
    {
      name: '<runs...>',
      doc: "two runs' folders or more, or their names in a project; the first is what the others are compared with",
    },
  ],
  options: [
    { flags: '--html <file>', doc: 'write one page with charts, to look at in a browser' },
    threadsOption,
    projectOption,
    seedOption,
  ],
  examples: [
    ['fovea runs compare runs/digits-mnist-cnn-1 runs/digits-mnist-cnn-2', 'on the same val pictures'],
    ['fovea runs compare runs/a-* --html compare.html', 'several seeds of one recipe are taken together'],
  ],

  async run(context, [runs], { html, threads, project: named }) {
    const names = runs as string[];
    if (names.length < 2)
      throw new UsageError("Expected two runs or more for 'fovea runs compare' but received one", 'Name another');
    const { terminal, workbench, signal } = context;
    const project = await projectOf(context, named);
    const request = { runs: names, threads: threads as number | undefined, project };
    const compared = await workbench.compareRuns(request, { signal });
    print(context, compared);
    if (html !== undefined) {
      const { comparisonPage } = await import('../report/comparison-page.ts');
      await nodeAdapters.storage.write(html as string, await comparisonPage(compared));
      terminal.out('');
      terminal.out(`The page: ${harmless(html as string)}`);
    }
    return { json: { ...compared, words: comparisonWords(compared) } };
  },
};

function print({ terminal }: CommandContext, compared: Comparison): void {
  const { runs, differences } = compared;
  const paint = painter(terminal);
  const right = 'right' as const;
  const titles = [
    { title: 'run' },
    { title: '' },
    { title: 'model', spare: 2 },
    { title: 'seed', align: right, spare: 1 },
    { title: 'epochs', align: right },
    { title: 'best', align: right, spare: 3 },
    { title: 'val loss', align: right },
    { title: 'val acc.', align: right },
  ];
  const rows = runs.map(({ run, letter, model, seed, history, best }) => [
    harmless(run),
    paint('strong', letter),
    harmless(model),
    String(seed),
    String(history.length),
    best ? String(best.epoch) : '',
    best ? loss(best.valLoss) : '',
    best ? percent(best.valAccuracy, 2) : '',
  ]);
  for (const line of fittingTable(titles, rows, terminal.columns)) terminal.out(line);
  const curves = (key: 'loss' | 'valLoss' | 'valAccuracy') =>
    runs.map(({ letter, history }) => ({ letter, values: history.map((record: EpochRecord) => record[key]) }));
  for (const [title, ink, key] of [
    ['Val loss', 'val', 'valLoss'],
    ['Train loss', 'train', 'loss'],
  ] as const) {
    terminal.out('');
    for (const line of overlayChart(title, ink, curves(key), terminal)) terminal.out(line);
  }
  terminal.out('');
  if (differences.length === 0) terminal.out('Recipes and data are equal.');
  else {
    const shown = differences.slice(0, 20);
    const head = [{ title: 'differs in' }, ...runs.map(({ letter }) => ({ title: letter }))];
    const field = Math.max(...shown.map((one) => one.field.length));
    const room = Math.max(8, Math.floor((terminal.columns - Math.min(field, 24)) / runs.length) - 2);
    const body = shown.map(({ field, values }) => [field, ...values.map((value) => brief(value, room))]);
    for (const line of fittingTable(head, body, terminal.columns)) terminal.out(line);
    if (differences.length > shown.length) terminal.out(`and ${differences.length - shown.length} more (--json)`);
  }
  terminal.out('');
  for (const words of comparisonWords(compared))
    for (const line of wrap(harmless(words), terminal.columns - 2, '  ')) terminal.out(line);
}

/** A value as a cell: long ones are cut, the whole stands in --json. */
function brief(value: string | number | boolean | undefined, room: number): string {
  const text = value === undefined ? '–' : harmless(String(value));
  return text.length > room ? `${text.slice(0, room - 1)}…` : text;
}
