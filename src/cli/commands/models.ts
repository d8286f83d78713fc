import type { CommandDefinition } from '../command.ts';
import { wrap } from '../terminal/table.ts';
import { painter } from '../terminal/terminal.ts';
import { seedOption } from './shared.ts';

export const modelList: CommandDefinition = {
  name: 'model list',
  group: 'model',
  doc: 'Lists the models that can be trained by name.',
  arguments: [],
  options: [seedOption],
  examples: [['fovea model list', 'from the simplest to the most capable']],

  async run({ workbench, terminal }) {
    const models = workbench.listModels();
    const paint = painter(terminal);
    const width = Math.max(...models.map(({ name }) => name.length));
    for (const { name, doc } of models) {
      const [first, ...rest] = wrap(doc, terminal.columns - width - 4);
      terminal.out(`${paint('strong', name.padEnd(width))}  ${first}`);
      for (const line of rest) terminal.out(`${' '.repeat(width)}  ${line}`);
    }
    return { json: { models } };
  },
};
