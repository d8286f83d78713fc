import { type CommandDefinition, number } from '../command.ts';
import { bytes, plural } from '../terminal/numbers.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { theProject } from './project.ts';
import { countProgress, projectOption, seedOption, shellWord, skippedLines } from './shared.ts';

export const projectExport: CommandDefinition = {
  name: 'project export',
  group: 'sharing',
  doc: 'Writes a project as one .zip file to hand out: fixes and splits, and on request data and runs.',
  arguments: [{ name: '<file>', doc: 'the .zip file to write; there must be none yet' }],
  options: [
    { flags: '--with-data', doc: 'copies of the data, and of the pictures that were added to them' },
    { flags: '--with-runs', doc: 'the runs with their models' },
    projectOption,
    seedOption,
  ],
  examples: [['fovea project export leaves.zip --with-data', 'everything that a class needs to begin']],

  async run(context, [file], { withData, withRuns, project: named }) {
    const project = await theProject(context, named);
    const { terminal, signal, workbench } = context;
    const packing = countProgress(context, 'Packing');
    const request = {
      project: project.folder,
      file: file as string,
      withData: withData === true,
      withRuns: withRuns === true,
    };
    const outcome = await workbench
      .exportProject(request, {
        signal,
        onEvent: (event) => event.kind === 'reading' && packing.show(event.done, event.total),
      })
      .finally(packing.clear);
    const data = outcome.data.length > 0 ? `, data ${outcome.data.map(harmless).join(', ')}` : '';
    terminal.out(
      `Wrote ${harmless(outcome.file)}: ${plural(outcome.files, 'file')} of ${bytes(outcome.bytes)}${data}, ${plural(outcome.runs, 'run')}.`,
    );
    for (const note of outcome.notes) terminal.out(harmless(note));
    terminal.out(
      `To open it: ${painter(terminal)('strong', `npx fovea project open ${harmless(shellWord(outcome.file))} FOLDER`)}`,
    );
    return { json: outcome };
  },
};

export const projectOpen: CommandDefinition = {
  name: 'project open',
  group: 'sharing',
  doc: 'Takes a project out of the one file that somebody exported, into a new folder, and says what it brought.',
  arguments: [
    { name: '<file>', doc: 'the .zip file' },
    { name: '<folder>', doc: 'the folder to make' },
  ],
  options: [
    {
      flags: '--limit <gb>',
      doc: 'the most that it may take unpacked (default 10)',
      parse: number({ above: 0 }, '10'),
    },
    seedOption,
  ],
  examples: [['fovea project open leaves.zip leaves', 'then: cd leaves, and fovea train']],

  async run(context, [file, folder], { limit }) {
    const { terminal, signal, workbench } = context;
    const taking = countProgress(context, 'Taking out');
    const limitBytes = limit === undefined ? undefined : (limit as number) * 1e9;
    const outcome = await workbench
      .openProjectFile(
        { file: file as string, folder: folder as string, limitBytes },
        { signal, onEvent: (event) => event.kind === 'reading' && taking.show(event.done, event.total) },
      )
      .finally(taking.clear);
    const { name, files, data, missing, decisions, runs, ignored } = outcome;
    terminal.out(
      `Opened the project ${harmless(name)} in ${harmless(outcome.folder)}: ${plural(files, 'file')} of ${bytes(outcome.bytes)}, ${plural(runs, 'run')}.`,
    );
    if (data.length > 0) terminal.out(`Data: ${data.map(harmless).join(', ')}.`);
    if (decisions.length > 0) terminal.out(`Decisions about data: ${decisions.map(harmless).join(', ')}.`);
    for (const one of missing) {
      const words = [`--name ${shellWord(one)}`, `--project ${shellWord(outcome.folder)}`].map(harmless).join(' ');
      terminal.out(`The data ${harmless(one)} are not in it. Say where they are: npx fovea project add PATH ${words}`);
    }
    for (const line of skippedLines(ignored)) terminal.out(line);
    return { json: outcome };
  },
};
