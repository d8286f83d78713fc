import { describe, expect, it } from 'vitest';
import { UsageError } from './command.ts';
import { commandGroups, groupNames } from './command-groups.ts';
import { commands } from './commands/index.ts';
import { type Invocation, parseCommandLine } from './program.ts';

/** Words as a shell makes them: what stands in quotes is one. */
const wordsOf = (line: string): string[] => (line.match(/'[^']*'|\S+/g) ?? []).map((word) => word.replaceAll("'", ''));
const parse = (line: string): Invocation | undefined => parseCommandLine(wordsOf(line), () => undefined);

describe('the command line', () => {
  it('becomes a command, its arguments and its options', () => {
    const asked = parse('train photos --epochs 3 --lr 1e-3 --size 48x64 --weight-decay 0 --json');
    expect(asked?.command.name).toBe('train');
    expect(asked?.args).toEqual(['photos']);
    expect(asked?.options).toEqual({
      epochs: 3,
      lr: 0.001,
      size: { height: 48, width: 64 },
      weightDecay: 0,
      json: true,
    });
    expect(parse('model show resnet20 --input 32x32x3')).toMatchObject({
      command: { name: 'model show' },
      args: ['resnet20'],
      options: { input: [32, 32, 3] },
    });
    expect(parse('classify run a.jpg b/')?.args).toEqual(['run', ['a.jpg', 'b/']]);
  });

  it.each([
    [
      'train bars --epoch 3',
      /^Expected a known option for 'fovea train' but received '--epoch'\. Did you mean --epochs\?$/,
    ],
    ['train bars --epochs many', /Expected a whole number of at least 1 for --epochs but received 'many'/],
    ['train bars --epochs 0', /Expected a whole number of at least 1 for --epochs but received '0'/],
    ['train bars --epochs 2.5', /Expected a whole number/],
    ['train bars --lr -1', /Expected a number above 0 \(such as 0\.001\) for --lr but received '-1'/],
    ['train bars --lr Infinity', /Expected a number above 0/],
    ['train bars --val 1', /Expected a number above 0 and below 1/],
    ['train bars --size big', /Expected a size such as 64/],
    ['train bars --size 0', /Expected a size such as 64/],
    ['train bars --threads 0', /from 1 to 64 for --threads/],
    ['train bars --seed -1', /from 0 to 4294967295 for --seed/],
    ['train bars --model resnet2', /Expected one of .* for --model but received 'resnet2'\. Did you mean 'resnet20'/],
    ['train bars --optimizer adamww', /Did you mean 'adamw'/],
    ['train bars more', /^Expected 1 argument for 'fovea train' but received more\. Run fovea train --help$/],
    ['trian bars', /^Expected a known command for 'fovea' but received 'trian'\. Did you mean train\?$/],
    [
      'classify run',
      /^Expected <files> for 'fovea classify' but received none\. Such as: fovea classify runs\/\S+ cat\.jpg; fovea classify --help/,
    ],
    ['test', /^Expected <runs> for 'fovea test' but received none/],
    ['train bars --epochs', /^Expected a value of --epochs <n> for 'fovea train' but received none/],
    ['data sow x', /^Expected a known command for 'fovea data' but received 'sow'/],
    ['--json', /^Expected a known option for 'fovea' but received '--json'\. Run fovea --help$/],
    [
      'train bars --optimizer x',
      /^Expected one of sgd, adam, adamw, rmsprop, lion, muon for --optimizer but received 'x'$/,
    ],
    ['model show mlp --input 28', /Expected a size such as 28x28x1/],
    ['data', /^Expected a command for 'fovea data' but received none\. One of show, get, .*; fovea data --help/],
    [
      'runs list runs/a',
      /received more\. Run fovea runs --help; beside it there are fovea runs show and fovea runs compare and fovea runs ex/,
    ],
  ])('%s', (line, message) => {
    expect(() => parse(line)).toThrow(UsageError);
    expect(() => parse(line)).toThrow(message);
  });

  it.each(['--help', 'train --help', 'data show --help', '--version'])('%s is no error', (line) => {
    let text = '';
    expect(parseCommandLine(line.split(' '), (more) => (text += more))).toBeUndefined();
    expect(text).not.toBe('');
  });

  /** What help says, in lines of at most so many characters. */
  const helpOf = (line: string, columns?: number): string => {
    let text = '';
    expect(parseCommandLine(wordsOf(line), (more) => (text += more), columns)).toBeUndefined();
    return text;
  };

  it('groups commands by the thread of the craft, and names each', () => {
    const help = helpOf('--help');
    const titles = groupNames.map((name) => `\n${commandGroups[name].title}:\n`);
    const places = titles.map((title) => help.indexOf(title));
    expect(Math.min(...places)).toBeGreaterThan(0);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    for (const { name, group } of commands) {
      const [first, second] = name.split(' ');
      const from = help.indexOf(titles[groupNames.indexOf(group)]);
      const section = help.slice(from).split('\n\n')[0];
      expect(section, name).toMatch(new RegExp(`^  ${first}\\b`, 'm'));
      // A command with commands of its own says what it does instead; its own help has them.
      if (second && !commands.some((one) => one.name === first))
        expect(section, name).toMatch(new RegExp(`\\b${second}\\b`));
    }
  });

  it.each(['--help', 'train --help', 'data split --help', 'classify --help'])('keeps %s within 80 columns', (line) => {
    const lines = helpOf(line).split('\n');
    // Lines to be pasted stay whole, however long.
    expect(lines.filter((one) => one.length > 80 && !one.startsWith('  npx '))).toEqual([]);
  });

  it('takes `help train` for `train --help`', () => {
    expect(helpOf('help train')).toBe(helpOf('train --help'));
    expect(helpOf('help')).toBe(helpOf('--help'));
  });

  it('has an example and --json for every command', () => {
    for (const { name, examples } of commands) {
      expect(examples.length, name).toBeGreaterThan(0);
      for (const [line] of examples) {
        const words = line.replace(/^fovea /, '');
        expect(parse(words)?.command.name, line).toBe(name);
        expect(parse(`${words} --json --seed 1`)?.options.json, line).toBe(true);
      }
    }
  });
});
