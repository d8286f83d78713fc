import type { BroughtRun } from '../../core/workbench/moving/bring-run.ts';
import type { CommandDefinition } from '../command.ts';
import { harmless } from '../terminal/terminal.ts';
import { fromHere, resumeLine, seedOption, workProgress } from './shared.ts';

export const runsBring: CommandDefinition = {
  name: 'runs bring',
  group: 'training',
  doc: 'Makes a run of a file that was taken elsewhere, and puts its pictures among the data.',
  arguments: [{ name: '<file>', doc: "what 'fovea runs take' or the studio wrote" }],
  options: [
    { flags: '--runs <folder>', doc: 'the folder that the run gets its own in (default: runs)' },
    { flags: '--data <data>', doc: 'its data, where they are here already (default: looked for in the folder data)' },
    seedOption,
  ],
  examples: [
    ['fovea runs bring trash-resnet20-1.zip', 'a run in runs/, its pictures in data/'],
    ['fovea runs bring trash-resnet20-1.zip --data ~/trashnet', 'its pictures are those there, if they are the same'],
  ],

  async run(context, [file], { runs, data }) {
    const { workbench, terminal, signal } = context;
    const progress = workProgress(context, 'Comparing pictures');
    const request = { file: file as string, runs: runs as string | undefined, data: data as string | undefined };
    const brought = await workbench.bringRun(request, { signal, onEvent: progress.event }).finally(progress.clear);
    terminal.out(harmless(`${fromHere(brought.run)}: ${picturesOf(brought)}`));
    if (brought.pictures !== 'missing') terminal.out(`Go on:  ${resumeLine(fromHere(brought.run))}`);
    return { json: brought };
  },
};

function picturesOf({ pictures, data = '' }: BroughtRun): string {
  switch (pictures) {
    case 'built-in':
      return 'its pictures are built in.';
    case 'here':
      return `its pictures were here already, in ${fromHere(data)}: the same, bit for bit.`;
    case 'along':
      return `its pictures are in ${fromHere(data)} now: the same, bit for bit.`;
    case 'missing':
      return 'without its pictures, so it classifies but cannot go on. Take it with --with-pictures, or name its data with --data.';
  }
}
