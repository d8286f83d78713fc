import { dataKinds, kindWords, namedRecipes, recipeNamed } from '../../core/train/recipes/index.ts';
import type { ShownRecipe } from '../../core/workbench/show-recipe.ts';
import { type CommandContext, type CommandDefinition, parseSize } from '../command.ts';
import { count } from '../terminal/numbers.ts';
import { pairLines, wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { recipeJson } from './recipe-list.ts';
import { optimizerOption, recipeOptions, recipeRequestOf } from './recipe-options.ts';
import { recipePairs, settingsLine } from './recipe-words.ts';
import { nameFrom, parseModel, seedOption, shellWord } from './shared.ts';

export const recipeShow: CommandDefinition = {
  name: 'recipe show',
  group: 'training',
  doc: 'Shows a named recipe: its settings for each kind of data, or all that would be trained on given data.',
  arguments: [
    { name: '<name>', doc: `one of ${namedRecipes.map(({ name }) => name).join(', ')}` },
    { name: '[data]', doc: 'as for fovea train: nothing is trained' },
  ],
  options: [
    { flags: '--model <model>', doc: 'as for fovea train', parse: parseModel },
    { flags: '--size <size>', doc: 'as for fovea train', parse: parseSize },
    optimizerOption,
    ...recipeOptions,
    seedOption,
  ],
  examples: [
    ['fovea recipe show standard', 'its settings for each kind of data'],
    ['fovea recipe show quick digits', 'what would be trained on these, and why'],
  ],

  async run(context, [name, data], given) {
    const recipe = nameFrom(namedRecipes.map((one) => one.name))(name as string, '<name>');
    if (data === undefined) return { json: printSettings(context, recipe) };
    const { json: _, ...options } = recipeRequestOf(given);
    const request = { ...options, recipe, data: data as string };
    const shown = await context.workbench.showRecipe(request, { signal: context.signal });
    print(context, shown, data as string);
    return { json: shown };
  },
};

function printSettings({ terminal }: CommandContext, name: string): unknown {
  const paint = painter(terminal);
  const recipe = recipeNamed(name);
  const tell = (text: string, indent: string): void => {
    for (const line of wrap(text, terminal.columns - 2, indent)) terminal.out(line);
  };
  tell(recipe.doc, '');
  for (const kind of dataKinds) {
    const settings = recipe.settings[kind];
    terminal.out('');
    terminal.out(paint('strong', kindWords[kind]));
    tell(settingsLine(settings), '  ');
    for (const sentence of settings.why) tell(sentence, '  ');
    tell(settings.measured ? `Measured: ${settings.measured}` : 'Not measured on a data set of this kind.', '  ');
  }
  return recipeJson(recipe);
}

function print({ terminal }: CommandContext, { recipe, why, images, steps }: ShownRecipe, data: string): void {
  const paint = painter(terminal);
  for (const sentence of why)
    for (const line of wrap(harmless(sentence), terminal.columns - 2, '  ')) terminal.out(line);
  const pairs: [string, string][] = [
    ...recipePairs(recipe),
    ['steps', count(steps)],
    ['pictures', `${count(images.train)} to train, ${count(images.val)} to validate`],
  ];
  terminal.out('');
  const shown = pairs.map(([title, value]) => [title, harmless(value)] as const);
  for (const line of pairLines(shown, { columns: terminal.columns, paint })) terminal.out(line);
  terminal.out('');
  terminal.out('Train it:');
  const name = recipe.name ?? '';
  terminal.out(`  ${paint('strong', harmless(`npx fovea train ${shellWord(data)} --recipe ${name}`))}`);
}
