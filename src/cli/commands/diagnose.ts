import type { CommandDefinition } from '../command.ts';
import { lossChart } from '../terminal/chart.ts';
import { diagnosisLines } from '../terminal/findings.ts';
import { plural } from '../terminal/numbers.ts';
import { wrap } from '../terminal/table.ts';
import { harmless } from '../terminal/terminal.ts';
import { projectOf, projectOption, seedOption } from './shared.ts';

export const diagnose: CommandDefinition = {
  name: 'diagnose',
  group: 'training',
  doc: 'Says what the curves and layers of a run mean, and what to try next.',
  arguments: [{ name: '<run>', doc: "the run's folder" }],
  options: [projectOption, seedOption],
  examples: [['fovea diagnose runs/digits-mnist-cnn-1', 'overfitting, learning rate, dead units, leaks and more']],

  async run(context, [run], given) {
    const { workbench, terminal } = context;
    const project = await projectOf(context, given.project);
    const found = await workbench.diagnoseRun({ run: run as string, project });
    const { epochs, best, diagnosis, missing, status } = found;
    terminal.out(`${harmless(found.run)}: ${status}, ${plural(epochs.length, 'epoch')}.`);
    if (best && epochs.length > 1) {
      const trainLoss = epochs.every((record) => record.trainLoss !== undefined)
        ? epochs.map((record) => record.trainLoss as number)
        : undefined;
      const chart = lossChart(
        { loss: epochs.map((r) => r.loss), trainLoss, valLoss: epochs.map((r) => r.valLoss), best: best.epoch },
        terminal,
      );
      for (const line of ['', ...chart]) terminal.out(line);
    }
    for (const line of diagnosisLines(diagnosis, terminal)) terminal.out(line);
    for (const words of missing) for (const line of wrap(words, terminal.columns - 2)) terminal.out(line);
    return { json: { run: found.run, status, epochs, best: best ?? null, diagnosis, missing } };
  },
};
