import { type CommandDefinition, UsageError } from '../command.ts';
import { count, plural } from '../terminal/numbers.ts';
import { wrap } from '../terminal/table.ts';
import { harmless } from '../terminal/terminal.ts';
import { projectOf, projectOption, seedOption, shellWord } from './shared.ts';

export const dataAdd: CommandDefinition = {
  name: 'data add',
  group: 'data',
  doc: 'Lets the labelled pictures of a pool count to data, in a file beside them, DATA.added.jsonl; nothing is copied.',
  arguments: [
    { name: '<data>', doc: 'the data that they are to count to; within a project their name' },
    { name: '[pool]', doc: 'a pool that fovea label has labelled' },
  ],
  options: [{ flags: '--undo', doc: 'take the last adding back' }, projectOption, seedOption],
  examples: [
    ['fovea data add photos new', 'trains on the labelled pictures of new too; again after more labelling'],
    ['fovea data add photos --undo', 'takes that back'],
  ],

  async run(context, [data, pool], { undo, project }) {
    const { workbench, terminal, signal } = context;
    if ((pool === undefined) !== (undo === true)) {
      throw new UsageError(
        `Expected a pool or --undo for 'fovea data add' but received ${undo ? 'both' : 'neither'}`,
        'Name the pool that you labelled',
      );
    }
    const request = {
      data: data as string,
      pool: pool as string | undefined,
      undo: undo === true,
      project: await projectOf(context, project),
    };
    const text = (sentence: string): void => {
      for (const line of wrap(harmless(sentence), terminal.columns - 2)) terminal.out(line);
    };
    const outcome = await workbench.addLabelled(request, {
      signal,
      onEvent: (event) => event.kind === 'note' && text(event.text),
    });
    const { file, added, changed, removed, pictures, classes, byMachine } = outcome;
    text(`Added ${plural(added, 'picture')}, changed ${count(changed)}, removed ${count(removed)}.`);
    const list = Object.entries(classes).map(([name, n]) => `${name} ${count(n)}`);
    const machine = byMachine > 0 ? ` ${count(byMachine)} have labels that a model gave and nobody looked at.` : '';
    text(
      pictures === 0
        ? `No added pictures count to ${data as string}.`
        : `${plural(pictures, 'added picture')} in ${file}, read with the data as training pictures: ${list.join(', ')}.${machine}`,
    );
    if (added > 0) terminal.out(`To take it back: npx fovea data add ${harmless(shellWord(data as string))} --undo`);
    return { json: outcome };
  },
};
