import { dataKinds, kindWords, namedRecipes } from '../../core/train/recipes/index.ts';
import type { CommandDefinition } from '../command.ts';
import { wrap } from '../terminal/table.ts';
import { painter } from '../terminal/terminal.ts';
import { settingsLine } from './recipe-words.ts';
import { seedOption } from './shared.ts';

export const recipeList: CommandDefinition = {
  name: 'recipe list',
  group: 'training',
  doc: 'Lists the named recipes, with what each does for each kind of data.',
  arguments: [],
  options: [seedOption],
  examples: [['fovea recipe list', 'quick, standard and best']],

  async run({ workbench, terminal }) {
    const paint = painter(terminal);
    for (const { name, doc, settings } of workbench.listRecipes()) {
      terminal.out(paint('strong', name));
      for (const line of wrap(doc, terminal.columns - 2, '  ')) terminal.out(`  ${line.trimStart()}`);
      for (const kind of dataKinds) {
        const text = `${kindWords[kind]}: ${settingsLine(settings[kind])}`;
        for (const line of wrap(text, terminal.columns - 4, '    ')) terminal.out(`    ${line.trimStart()}`);
      }
      terminal.out('');
    }
    terminal.out(
      `Settings in full, with their reasons:  ${paint('strong', `npx fovea recipe show ${namedRecipes[0].name} DATA`)}`,
    );
    return { json: workbench.listRecipes().map((recipe) => recipeJson(recipe)) };
  },
};

/** Networks for any shape are told by their names. */
export const recipeJson = ({ name, doc, settings }: (typeof namedRecipes)[number]): unknown => ({
  name,
  doc,
  settings: Object.fromEntries(
    Object.entries(settings).map(([kind, { model, ...rest }]) => [
      kind,
      { model: typeof model === 'string' ? model : model.name, ...rest },
    ]),
  ),
});
