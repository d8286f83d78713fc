import type { CommandDefinition } from '../command.ts';
import { seedOption } from './shared.ts';

export const modelSchema: CommandDefinition = {
  name: 'model schema',
  group: 'model',
  doc: 'Prints the form of a model file as JSON Schema, for editors that complete and check while you write.',
  arguments: [],
  options: [seedOption],
  examples: [['fovea model schema', 'made from the list of layers; `> model.schema.json` keeps it']],

  async run({ workbench, terminal }) {
    const schema = workbench.modelSchema();
    terminal.out(JSON.stringify(schema, undefined, 2));
    return { json: schema };
  },
};
