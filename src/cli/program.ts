import { Command, CommanderError, Option } from 'commander';
import { foveaVersion } from '../core/workbench/version.ts';
import { type CommandDefinition, UsageError } from './command.ts';
import { commands } from './commands/index.ts';
import { seedOption } from './commands/shared.ts';

/** What a command line asks for. */
export interface Invocation {
  readonly command: CommandDefinition;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

const groups: Readonly<Record<string, string>> = {
  data: 'Fetches, shows, examines, mends, splits and augments data.',
  model: 'Lists and shows models.',
  recipe: 'Lists and shows named recipes: complete settings of a training.',
  project: 'Keeps data references, fixes, splits and runs together.',
};

/**
 * Reads a command line. Returns undefined where help or the version was asked for; that is written to `write`.
 * @throws UsageError when it is wrong.
 */
export function parseCommandLine(words: readonly string[], write: (text: string) => void): Invocation | undefined {
  let found: Invocation | undefined;
  const output = { writeOut: write, writeErr: () => undefined };
  const program = new Command('fovea')
    .description('A workbench for convolutional neural networks that classify images.')
    .version(foveaVersion)
    .helpCommand(false);
  const made = new Map<string, Command>();
  for (const definition of commands) {
    const names = definition.name.split(' ');
    let parent: Command = program;
    if (names.length === 2) {
      const known = made.get(names[0]);
      parent = known ?? program.command(names[0]).description(groups[names[0]]);
      made.set(names[0], parent);
    }
    const command = parent.command(names[names.length - 1]).description(definition.doc);
    if (names.length === 1) made.set(names[0], command);
    for (const { name, doc } of definition.arguments) command.argument(name, doc);
    for (const { flags, doc, parse } of definition.options) {
      const option = new Option(flags, doc);
      if (parse) option.argParser((text: string) => parse(text, option.long ?? flags));
      command.addOption(option);
    }
    // All commands take a seed, so that scripts may give it to each; where nothing is left to chance it says nothing.
    if (!definition.options.includes(seedOption)) command.addOption(new Option(seedOption.flags).hideHelp());
    command.option('--json', 'print one JSON object as the last line; progress goes to stderr');
    command.addHelpText('after', examplesOf(definition));
    command.action((...given: unknown[]) => {
      const options = given[definition.arguments.length] as Record<string, unknown>;
      found = { command: definition, args: given.slice(0, definition.arguments.length), options };
    });
  }
  for (const command of allCommands(program)) {
    command.exitOverride().configureOutput(output).allowExcessArguments(false).showSuggestionAfterError(true);
    // So that `runs` and `runs compare` may have options of the same names.
    command.enablePositionalOptions();
  }
  program.addHelpText(
    'after',
    '\nExamples:\n  npx fovea start                      everything once, in about a minute\n  npx fovea train FOLDER               your own pictures, one folder a class\n  npx fovea train --help               all options of a command',
  );
  try {
    program.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    if (error.code === 'commander.help')
      throw new UsageError('Expected a command but received none', 'Run fovea --help');
    throw misused(error, words);
  }
  return found;
}

const allCommands = (command: Command): Command[] => [command, ...command.commands.flatMap(allCommands)];

/** Commander's `error: unknown option '--epoch'\n(Did you mean --epochs?)` in our form. */
function misused({ code, message }: CommanderError, words: readonly string[]): UsageError {
  const [, name = ''] = /'(.*?)'/s.exec(message) ?? [];
  const [, likely] = /\(Did you mean (?:one of )?(.*?)\?\)/s.exec(message) ?? [];
  // `runs compare` before `runs`.
  const command = commands.findLast((one) => one.name === words.slice(0, one.name.split(' ').length).join(' '));
  const line = ['fovea', ...(command?.name.split(' ') ?? (words[0] in groups ? [words[0]] : []))].join(' ');
  const mend = likely === undefined ? `Run ${line} --help` : `Did you mean ${likely}?`;
  const expected = (what: string, received: string): UsageError =>
    new UsageError(`Expected ${what} for '${line}' but received ${received}`, mend);
  switch (code) {
    case 'commander.unknownOption':
      return expected('a known option', `'${name}'`);
    case 'commander.unknownCommand':
      return expected('a known command', `'${name}'`);
    case 'commander.missingArgument':
      return expected(`<${name}>`, 'none');
    case 'commander.optionMissingArgument':
      return expected(`a value of ${name}`, 'none');
    case 'commander.excessArguments': {
      const most = command?.arguments.length ?? 0;
      return expected(most === 1 ? '1 argument' : `${most} arguments`, 'more');
    }
    default: {
      const plain = message
        .replace(/^error: /, '')
        .replace(/\s*\n\s*/g, ' ')
        .trim();
      return new UsageError(plain.charAt(0).toUpperCase() + plain.slice(1));
    }
  }
}

function examplesOf({ examples }: CommandDefinition): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  return `\nExamples:\n${examples.map(([line, does]) => `  npx ${line.padEnd(width)}  ${does}`).join('\n')}`;
}
