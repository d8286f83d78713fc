import { Command, CommanderError, Option } from 'commander';
import { foveaVersion } from '../core/workbench/version.ts';
import { type CommandDefinition, UsageError } from './command.ts';
import { commandGroups, groupNames } from './command-groups.ts';
import { commands } from './commands/index.ts';
import { seedOption } from './commands/shared.ts';
import { wrap } from './terminal/table.ts';

/** What a command line asks for. */
export interface Invocation {
  readonly command: CommandDefinition;
  readonly args: readonly unknown[];
  readonly options: Readonly<Record<string, unknown>>;
}

/** What is said of a first word that is no command of its own. */
const families: Readonly<Record<string, string>> = {
  data: 'Fetches, shows, examines, mends, splits and augments data',
  model: 'Lists, shows, compares and imports models',
  recipe: 'Named recipes: complete settings of a training',
  project: 'Keeps data references, fixes, splits and runs together',
};

/** The second words that may follow a first one. */
const secondsOf = (first: string): string[] =>
  commands.flatMap(({ name }) => (name.startsWith(`${first} `) ? [name.slice(first.length + 1)] : []));

/**
 * Reads a command line. Returns undefined where help or the version was asked for; that is written to `write`, in lines
 * of at most `columns` characters.
 * @throws UsageError when it is wrong.
 */
export function parseCommandLine(
  given: readonly string[],
  write: (text: string) => void,
  columns = 80,
): Invocation | undefined {
  let found: Invocation | undefined;
  // `fovea help train`, as git and npm have it.
  const words = given[0] === 'help' ? [...given.slice(1), '--help'] : given;
  const output = { writeOut: write, writeErr: () => undefined, getOutHelpWidth: () => columns };
  const program = new Command('fovea')
    .description('A workbench for convolutional neural networks that classify images.')
    .version(foveaVersion)
    .configureOutput(output)
    .usage('<command> [options]')
    // Without `[options]`, which all have: so much more room for what a command does.
    .configureHelp({
      subcommandTerm: (command) => [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' '),
      styleTitle: (title) => title,
    })
    .helpCommand(false);
  const made = new Map<string, Command>();
  const inOrder = groupNames.flatMap((group) => commands.filter((one) => one.group === group));
  for (const definition of inOrder) {
    const heading = `${commandGroups[definition.group].title}:`;
    const names = definition.name.split(' ');
    let parent: Command = program;
    if (names.length === 2) {
      const known = made.get(names[0]);
      parent =
        known ??
        program
          .command(names[0])
          .description(`${families[names[0]]}: ${secondsOf(names[0]).join(', ')}.`)
          .helpGroup(heading);
      made.set(names[0], parent);
    }
    const command = parent.command(names[names.length - 1]).description(definition.doc);
    if (names.length === 1) made.set(names[0], command.helpGroup(heading));
    for (const { name, doc } of definition.arguments) command.argument(name, doc);
    for (const { flags, doc, parse } of definition.options) {
      const option = new Option(flags, doc);
      if (parse) option.argParser((text: string) => parse(text, option.long ?? flags));
      command.addOption(option);
    }
    // All commands take a seed, so that scripts may give it to each; where nothing is left to chance it says nothing.
    if (!definition.options.includes(seedOption)) command.addOption(new Option(seedOption.flags).hideHelp());
    command.option('--json', 'print one JSON object as the last line; progress goes to stderr');
    command.addHelpText('after', examplesOf(definition, columns));
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
    exampleLines(
      [
        ['fovea start', 'everything once, in about a minute'],
        ['fovea train FOLDER', 'your own pictures, one folder a class'],
        ['fovea train --help', 'all options of a command, with examples'],
      ],
      columns,
    ),
  );
  try {
    program.parse([...words], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return undefined;
    if (error.code === 'commander.help') throw missingCommand(words[0]);
    throw misused(error, words);
  }
  return found;
}

const argumentTerm = (argument: { name(): string; required: boolean; variadic: boolean }): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
  return argument.required ? `<${name}>` : `[${name}]`;
};

/** `fovea` alone, or `fovea data`: what may follow. */
function missingCommand(first: string | undefined): UsageError {
  if (first === undefined || !(first in families)) {
    return new UsageError(
      'Expected a command but received none',
      'Begin with fovea start, or see all of them: fovea --help',
    );
  }
  return new UsageError(
    `Expected a command for 'fovea ${first}' but received none`,
    `One of ${secondsOf(first).join(', ')}; fovea ${first} --help tells what they do`,
  );
}

const allCommands = (command: Command): Command[] => [command, ...command.commands.flatMap(allCommands)];

/** Commander's `error: unknown option '--epoch'\n(Did you mean --epochs?)` in our form. */
function misused({ code, message }: CommanderError, words: readonly string[]): UsageError {
  const [, name = ''] = /'(.*?)'/s.exec(message) ?? [];
  const [, likely] = /\(Did you mean (?:one of )?(.*?)\?\)/s.exec(message) ?? [];
  // `runs compare` before `runs`.
  const command = commands.findLast((one) => one.name === words.slice(0, one.name.split(' ').length).join(' '));
  const line = ['fovea', ...(command?.name.split(' ') ?? (words[0] in families ? [words[0]] : []))].join(' ');
  const mend = likely === undefined ? `Run ${line} --help` : `Did you mean ${likely}?`;
  const expected = (what: string, received: string): UsageError =>
    new UsageError(`Expected ${what} for '${line}' but received ${received}`, mend);
  switch (code) {
    case 'commander.unknownOption':
      return expected('a known option', `'${name}'`);
    case 'commander.unknownCommand':
      return expected('a known command', `'${name}'`);
    case 'commander.missingArgument':
      return new UsageError(
        `Expected <${name}> for '${line}' but received none`,
        command ? `Such as: ${command.examples[0][0]}; ${line} --help tells the rest` : mend,
      );
    case 'commander.optionMissingArgument':
      return expected(`a value of ${name}`, 'none');
    case 'commander.excessArguments': {
      const most = command?.arguments.length ?? 0;
      const seconds = command ? secondsOf(command.name) : [];
      // `runs show X`: what was meant as a second word was taken for an argument.
      const also = seconds.length > 0 ? `; beside it there are ${line} ${seconds.join(` and ${line} `)}` : '';
      return new UsageError(
        `Expected ${most === 1 ? '1 argument' : `${most} arguments`} for '${line}' but received more`,
        `${mend}${also}`,
      );
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

const examplesOf = ({ examples }: CommandDefinition, columns: number): string => exampleLines(examples, columns);

/** Beside each other where all fit, else what a line does below it: a line is not broken, since it is to be pasted. */
function exampleLines(examples: CommandDefinition['examples'], columns: number): string {
  const width = Math.max(...examples.map(([line]) => line.length));
  const widest = Math.max(...examples.map(([, does]) => width + does.length)) + '  npx   '.length;
  const lines = examples.flatMap(([line, does]) =>
    widest <= columns
      ? [`  npx ${line.padEnd(width)}  ${does}`]
      : [`  npx ${line}`, ...wrap(does, columns - 6).map((one) => `      ${one}`)],
  );
  return ['', 'Examples:', ...lines].join('\n');
}
