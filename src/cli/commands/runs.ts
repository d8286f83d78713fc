import type { CommandDefinition } from '../command.ts';
import { loss, percent } from '../terminal/numbers.ts';
import { table } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { projectOf, projectOption, seedOption } from './shared.ts';

export const runs: CommandDefinition = {
  name: 'runs',
  doc: 'Lists the runs in a folder with what they came to.',
  arguments: [{ name: '[folder]', doc: "where the runs are (default runs, or the project's)" }],
  options: [projectOption, seedOption],
  examples: [['fovea runs', 'status, epochs and best epoch of each run']],

  async run(context, [folder], { project: named }) {
    const { workbench, terminal } = context;
    const project = await projectOf(context, named);
    const listed = await workbench.runs(folder as string | undefined, { project });
    const paint = painter(terminal);
    if (listed.length === 0)
      terminal.out(
        `No runs in ${harmless((folder as string | undefined) ?? 'runs')} yet. Begin one: ${paint('strong', 'npx fovea train digits')}`,
      );
    const right = 'right' as const;
    const columns = [
      { title: 'run', limit: 60 },
      { title: 'status' },
      { title: 'model' },
      { title: 'epochs', align: right },
      { title: 'best', align: right },
      { title: 'val loss', align: right },
      { title: 'val acc.', align: right },
      { title: 'begun' },
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
    if (rows.length > 0) for (const line of table(columns, rows)) terminal.out(line);
    const unreadable = listed.filter((one) => 'error' in one);
    if (unreadable.length > 0) terminal.out('');
    for (const { error } of unreadable) terminal.out(harmless(error));
    const json = listed.map((one) => {
      if ('error' in one) return one;
      const { status, recipe, best, epochsDone, created, data } = one.description;
      return {
        run: one.run,
        status,
        data: data.source,
        model: recipe.modelName,
        epochs: epochsDone,
        of: recipe.epochs,
        best: best ?? null,
        created,
      };
    });
    return { json: { runs: json } };
  },
};
