import { lastName } from '../../core/formats/quote.ts';
import type { CommandDefinition } from '../command.ts';
import { bytes, plural } from '../terminal/numbers.ts';
import { harmless } from '../terminal/terminal.ts';
import { seedOption, shellWord, workProgress } from './shared.ts';

export const runsTake: CommandDefinition = {
  name: 'runs take',
  group: 'training',
  doc: 'Writes a run as one .zip file, to go on with it on another machine or in the studio of a browser.',
  arguments: [{ name: '<run>', doc: "the run's folder" }],
  options: [
    { flags: '--with-pictures', doc: 'with all pictures of its data, as the run sees them: then it goes on anywhere' },
    { flags: '--out <file>', doc: "the file to write (default: the run's name with .zip, in the current folder)" },
    seedOption,
  ],
  examples: [
    ['fovea runs take runs/trash-resnet20-1 --with-pictures', 'trash-resnet20-1.zip, with its pictures'],
    ['fovea runs take runs/digits-lenet5-1 --out lenet5.zip', 'the run alone'],
  ],

  async run(context, [run], { withPictures, out }) {
    const { workbench, terminal, signal } = context;
    const file = (out as string | undefined) ?? `${lastName(run as string)}.zip`;
    const progress = workProgress(context, 'Reading pictures');
    const taken = await workbench
      .takeRun({ run: run as string, file, withPictures: withPictures === true }, { signal, onEvent: progress.event })
      .finally(progress.clear);
    const along = taken.pictures > 0 ? `, ${plural(taken.pictures, 'picture')} with it` : '';
    terminal.out(`${harmless(taken.file)}: ${bytes(taken.bytes)}${along}.`);
    terminal.out(`Elsewhere:  npx fovea runs bring ${shellWord(taken.file)}`);
    return { json: taken };
  },
};
