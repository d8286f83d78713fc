import type { Reproduction } from '../../core/workbench/reproduce.ts';
import type { CommandContext, CommandDefinition } from '../command.ts';
import { plural } from '../terminal/numbers.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { limitOptions, seedOption, threadsOption, turboOption } from './shared.ts';
import { trainingReport } from './training-report.ts';

export const reproduce: CommandDefinition = {
  name: 'reproduce',
  group: 'training',
  doc: 'Trains a run again from its recipe and compares every loss and the weights, bit for bit.',
  arguments: [{ name: '<run>', doc: "a run's folder" }],
  options: [
    {
      flags: '--anyway',
      doc: 'train even where this engine is known to compute other bits, to see how far apart the numbers come',
    },
    threadsOption,
    turboOption,
    seedOption,
    ...limitOptions,
  ],
  examples: [['fovea reproduce runs/digits-mnist-cnn-1', 'the same weights again, or the first number that differs']],

  async run(context, [run], { threads, anyway }) {
    const report = trainingReport(context);
    const found = await context.workbench
      .reproduce(
        { run: run as string, threads: threads as number | undefined, anyway: anyway === true },
        { signal: context.signal, onEvent: report.show },
      )
      .finally(report.clear);
    print(context, found);
    return { json: { ...found, difference: found.difference ?? null }, exitCode: found.same ? 0 : 1 };
  },
};

function print({ terminal }: CommandContext, found: Reproduction): void {
  const { run, same, epochs, difference, weights, fovea, bits } = found;
  const paint = painter(terminal);
  const tell = (text: string): void => {
    for (const line of wrap(text, terminal.columns - 2)) terminal.out(line);
  };
  terminal.out('');
  if (same) {
    const losses = `${plural(epochs, 'epoch')}: every loss and accuracy is equal`;
    terminal.out(`${paint('good', 'Reproduced')} ${harmless(run)}, bit for bit.`);
    tell(`${losses}, and so are all weights (${weights.expected}).`);
  } else if (difference) {
    const { epoch, what, tensor, expected, received } = difference;
    terminal.out(`${paint('bad', 'Not reproduced')}: ${harmless(run)}.`);
    const where = tensor === undefined ? `${what} of epoch ${epoch}` : `a weight of '${harmless(tensor)}'`;
    tell(
      `The first difference is ${where}: the run has ${expected}, this training gave ${received}. ${plural(epochs, 'epoch')} before it ${epochs === 1 ? 'is' : 'are'} equal.`,
    );
  }
  tell(
    `Begun by Fovea ${fovea.expected}, bits ${bits.expected ?? 'not recorded'}; trained again by Fovea ${fovea.received}, bits ${bits.received}.`,
  );
}
