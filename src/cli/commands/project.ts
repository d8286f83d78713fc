import type { Project } from '../../core/workbench/project/project.ts';
import { type CommandContext, type CommandDefinition, UsageError } from '../command.ts';
import { plural } from '../terminal/numbers.ts';
import { table } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { projectOption, seedOption, shellWord } from './shared.ts';

export const projectNew: CommandDefinition = {
  name: 'project new',
  group: 'sharing',
  doc: 'Makes a folder in which train, test and the data commands know their data, fixes, split and runs.',
  arguments: [{ name: '<folder>', doc: 'the folder; it may be there already' }],
  options: [
    {
      flags: '--data <data...>',
      doc: 'data to begin with: folders, archives, files or built-in sets; they stay where they are',
    },
    { flags: '--name <name>', doc: "what it is called (default: the folder's name)" },
    seedOption,
  ],
  examples: [['fovea project new leaves --data photos', 'then: cd leaves, and fovea train']],

  async run(context, [folder], { data, name }) {
    const project = await context.workbench.createProject({
      folder: folder as string,
      data: data as string[] | undefined,
      name: name as string | undefined,
    });
    const { terminal } = context;
    terminal.out(`Made the project ${harmless(project.description.name)} in ${harmless(project.folder)}.`);
    printData(context, project);
    terminal.out(
      project.data.length === 0
        ? 'Add data: npx fovea project add DATA'
        : `In that folder: ${painter(terminal)('strong', 'npx fovea data split')}, then ${painter(terminal)('strong', 'npx fovea train')}`,
    );
    return { json: describe(project) };
  },
};

export const projectAdd: CommandDefinition = {
  name: 'project add',
  group: 'sharing',
  doc: 'Adds data to a project, or says where those of a name are by now.',
  arguments: [{ name: '<data>', doc: 'a folder, an archive, a file of data, or a built-in set; it stays where it is' }],
  options: [
    { flags: '--name <name>', doc: 'what the project calls them; of data that are there: these have moved' },
    projectOption,
    seedOption,
  ],
  examples: [
    ['fovea project add ../photos', 'a second set'],
    ['fovea project add /mnt/photos --name photos', 'where the photos are now'],
  ],

  async run(context, [data], { name, project: named }) {
    const found = await theProject(context, named);
    const project = await context.workbench.addProjectData(
      { project: found.folder, data: data as string, name: name as string | undefined },
      { onEvent: (event) => event.kind === 'note' && context.terminal.out(harmless(event.text)) },
    );
    printData(context, project);
    return { json: describe(project) };
  },
};

export const projectShow: CommandDefinition = {
  name: 'project show',
  group: 'sharing',
  doc: 'Shows what a project holds.',
  arguments: [],
  options: [projectOption, seedOption],
  examples: [['fovea project show', 'data, decisions and runs of the project around the current folder']],

  async run(context, _args, { project: named }) {
    const { workbench, terminal } = context;
    const project = await theProject(context, named);
    const { runs, data } = await workbench.showProject(project.folder);
    terminal.out(`${painter(terminal)('strong', harmless(project.description.name))} in ${harmless(project.folder)}`);
    const right = 'right' as const;
    const columns = [
      { title: 'data', limit: 30 },
      { title: 'where', limit: 40 },
      { title: 'fixes', align: right },
      { title: 'added', align: right },
      { title: 'split' },
    ];
    const rows = data.map(({ name, source, there, fixes, added, split }) => [
      harmless(name),
      there
        ? harmless(source!)
        : painter(terminal)('bad', source === null ? 'not there' : `${harmless(source)}, not there`),
      String(fixes),
      String(added),
      split === undefined ? '' : split.slice(0, 19),
    ]);
    if (rows.length > 0) for (const line of table(columns, rows)) terminal.out(line);
    terminal.out(`${plural(runs, 'run')}${runs > 0 ? ': npx fovea runs' : ''}.`);
    for (const { name } of data.filter(({ there }) => !there))
      terminal.out(`Say where ${harmless(name)} is: npx fovea project add PATH --name ${harmless(shellWord(name))}`);
    return { json: { ...describe(project), data, runs } };
  },
};

/** @throws UsageError when there is none. */
export async function theProject({ workbench }: CommandContext, named: unknown): Promise<Project> {
  const project = await workbench.findProject(named as string | undefined);
  if (project) return project;
  throw new UsageError(
    'Expected a project for this command but received none: neither this folder nor one above it is one',
    'Name it with --project, or make one: fovea project new FOLDER',
  );
}

export function printData({ terminal }: Pick<CommandContext, 'terminal'>, { data }: Project): void {
  for (const { name, source } of data)
    terminal.out(`  ${harmless(name)}: ${source === null ? 'not there' : harmless(source)}`);
}

export const describe = ({ folder, description }: Project): object => ({ folder, ...description });
