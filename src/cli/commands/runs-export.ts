import { type ExportForm, exportForms } from '../../core/workbench/export-run.ts';
import { type CommandDefinition, UsageError } from '../command.ts';
import { plural } from '../terminal/numbers.ts';
import { harmless } from '../terminal/terminal.ts';
import { nameFrom, seedOption } from './shared.ts';

export const runsExport: CommandDefinition = {
  name: 'runs export',
  group: 'training',
  doc: "Writes a run's metrics for other tools: CSV, or TensorBoard's event files.",
  arguments: [{ name: '<run>', doc: "the run's folder" }],
  options: [
    { flags: '--to <form>', doc: `one of ${exportForms.join(', ')}`, parse: nameFrom(exportForms) },
    { flags: '--out <path>', doc: "a file for csv, a folder for tensorboard (default: in the run's folder)" },
    seedOption,
  ],
  examples: [
    ['fovea runs export runs/digits-mnist-cnn-1 --to csv', 'metrics.csv, a line an epoch'],
    ['fovea runs export runs/digits-mnist-cnn-1 --to tensorboard --out logs', 'then: tensorboard --logdir logs'],
  ],

  async run({ workbench, terminal }, [run], { to, out }) {
    if (to === undefined)
      throw new UsageError(
        `Expected a form for 'fovea runs export' but received none`,
        'Add --to csv or --to tensorboard',
      );
    const exported = await workbench.exportRun({
      run: run as string,
      to: to as ExportForm,
      out: out as string | undefined,
    });
    terminal.out(`${plural(exported.epochs, 'epoch')} of ${harmless(exported.run)} in:`);
    for (const file of exported.files) terminal.out(`  ${harmless(file)}`);
    return { json: exported };
  },
};
