import { runStatuses } from '../../core/workbench/run-folder.ts';
import { type ListedRun, parseBounds, type RunMetric, type RunsQuery, runMetrics } from '../../core/workbench/runs.ts';
import { type CommandDefinition, wholeNumber } from '../command.ts';
import { fittingTable } from '../terminal/fitting-table.ts';
import { loss, percent } from '../terminal/numbers.ts';
import { harmless, type Ink, painter } from '../terminal/terminal.ts';
import { nameFrom, projectOf, projectOption, seedOption } from './shared.ts';

export const runs: CommandDefinition = {
  name: 'runs',
  group: 'training',
  doc: 'Lists the runs in a folder with what they came to.',
  arguments: [{ name: '[folder]', doc: "where the runs are (default runs, or the project's)" }],
  options: [
    { flags: '--data <name>', doc: 'only runs on data of this name, or a part of it' },
    { flags: '--model <name>', doc: 'only runs of this model, or a part of its name' },
    { flags: '--status <status>', doc: `only runs that are ${runStatuses.join(', ')}`, parse: nameFrom(runStatuses) },
    { flags: '--where <bounds>', doc: 'only runs whose best epoch is within, such as valAccuracy>0.9,valLoss<0.3' },
    {
      flags: '--sort <metric>',
      doc: `the best or newest first: ${runMetrics.join(', ')} (default: by name)`,
      parse: nameFrom(runMetrics),
    },
    { flags: '--limit <n>', doc: 'the first so many', parse: wholeNumber(1) },
    projectOption,
    seedOption,
  ],
  examples: [
    ['fovea runs', 'status, epochs and best epoch of each run'],
    ['fovea runs --data photos --sort valAccuracy --limit 5', 'the five best'],
  ],

  async run(context, [folder], { data, model, status, where, sort, limit, project: named }) {
    const { workbench, terminal } = context;
    const project = await projectOf(context, named);
    const query = {
      folder: folder as string | undefined,
      ...({ data, model, status, limit } as Pick<RunsQuery, 'data' | 'model' | 'status' | 'limit'>),
      bounds: where === undefined ? undefined : parseBounds(where as string),
      sort: sort as RunMetric | undefined,
    };
    const listed = await workbench.runs(query, { project });
    const paint = painter(terminal);
    const filtered = [data, model, status, where].some((one) => one !== undefined);
    const place = harmless(query.folder ?? 'runs');
    if (listed.length === 0)
      terminal.out(
        filtered
          ? `No run in ${place} is as asked.`
          : `No runs in ${place} yet. Begin one: ${paint('strong', 'npx fovea train digits')}`,
      );
    else for (const line of runsTable(listed, terminal.columns, paint)) terminal.out(line);
    const unreadable = listed.filter((one) => 'error' in one);
    if (unreadable.length > 0) terminal.out('');
    for (const { error } of unreadable) terminal.out(harmless(error));
    return { json: { runs: listed.map(describe) } };
  },
};

function runsTable(listed: readonly ListedRun[], columns: number, paint: (ink: Ink, text: string) => string): string[] {
  const right = 'right' as const;
  // What may go first where there is no room: the model mostly stands in the run's name.
  const titles = [
    { title: 'run' },
    { title: 'status' },
    { title: 'model', spare: 2 },
    { title: 'epochs', align: right },
    { title: 'best', align: right, spare: 3 },
    { title: 'val loss', align: right },
    { title: 'val acc.', align: right },
    { title: 'begun', spare: 1 },
  ];
  const rows = listed.map((one) => {
    if ('error' in one) return [harmless(one.run), paint('bad', 'unreadable')];
    const { status, recipe, best, epochsDone, created } = one.description;
    return [
      harmless(one.run),
      status === 'failed' ? paint('bad', status) : status,
      harmless(recipe.modelName),
      `${epochsDone}/${recipe.epochs}`,
      best ? String(best.epoch) : '',
      best ? loss(best.valLoss) : '',
      best ? percent(best.valAccuracy) : '',
      created.slice(0, 16).replace('T', ' '),
    ];
  });
  return fittingTable(titles, rows, columns);
}

function describe(one: ListedRun): unknown {
  if ('error' in one) return one;
  const { status, recipe, best, epochsDone, created, data } = one.description;
  return {
    run: one.run,
    status,
    data: data.source,
    model: recipe.modelName,
    seed: recipe.seed,
    epochs: epochsDone,
    of: recipe.epochs,
    best: best ?? null,
    created,
  };
}
