import type { CommandDefinition } from '../command.ts';

export const modelSchema: CommandDefinition = {
  name: 'model schema',
  doc: 'Prints the form of a model file as JSON Schema, for editors that complete and check while you write.',
  arguments: [],
  options: [],
  examples: [['fovea model schema > fovea-model.schema.json', 'made from the list of layers']],

  async run({ workbench, terminal }) {
    const schema = workbench.modelSchema();
    terminal.out(JSON.stringify(schema, undefined, 2));
    return { json: schema };
  },
};
