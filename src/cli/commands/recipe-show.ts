import { augmentationText } from '../../core/image/augmentation-spec.ts';
import { dataKinds, kindWords, namedRecipes, recipeNamed } from '../../core/train/recipes/index.ts';
import type { ShownRecipe } from '../../core/workbench/show-recipe.ts';
import { type CommandContext, type CommandDefinition, parseSize } from '../command.ts';
import { count, plural, rate } from '../terminal/numbers.ts';
import { wrap } from '../terminal/table.ts';
import { harmless, painter } from '../terminal/terminal.ts';
import { recipeJson } from './recipe-list.ts';
import { optimizerOption, recipeOptions, recipeRequestOf } from './recipe-options.ts';
import { namedText, settingsLine } from './recipe-words.ts';
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
  const { clip, average, loss } = recipe;
  const rows: [string, string][] = [
    ['model', recipe.modelName],
    ['epochs', `${recipe.epochs}, of ${plural(images.train, 'picture')}; ${count(steps)} steps in all`],
    ['batch', String(recipe.batch)],
    ['optimizer', namedText(recipe.optimizer)],
    ['learning rate', rate(recipe.learningRate)],
    ['schedule', namedText(recipe.schedule)],
    ['loss', namedText(loss)],
    ['augmentation', augmentationText(recipe.augmentation)],
    [
      'clipping',
      clip
        ? Object.entries(clip)
            .map(([name, value]) => `${name} ${value}`)
            .join(', ')
        : 'none',
    ],
    ['average', average ? namedText(average) : 'none'],
    ['validation', plural(images.val, 'picture')],
    ['seed', String(recipe.seed)],
  ];
  terminal.out('');
  const width = Math.max(...rows.map(([title]) => title.length)) + 2;
  for (const [title, value] of rows) {
    const lines = wrap(harmless(value), Math.max(20, terminal.columns - 2 - width));
    lines.forEach((line, i) => {
      terminal.out(`${i === 0 ? paint('faint', title.padEnd(width)) : ' '.repeat(width)}${line}`);
    });
  }
  terminal.out('');
  terminal.out('Train it:');
  const name = recipe.name ?? '';
  terminal.out(`  ${paint('strong', harmless(`npx fovea train ${shellWord(data)} --recipe ${name}`))}`);
}
